"""Starting an instance from a launch template: policies know which, as on AWS.

The server decides by the subnet only. A grant for one template names that as a condition, which nothing would meet.
"""

import ministack.core.iam_actions as iam_actions
from ministack.core.responses import get_account_id, get_region

own_context = iam_actions.request_tag_context


def first(value):
    return value[0] if isinstance(value, list) else value


def context(service, iam_action, body, params):
    known = own_context(service, iam_action, body, params)
    template = first(params.get("LaunchTemplate.LaunchTemplateId")) if iam_action == "ec2:RunInstances" else None
    if template:
        known["ec2:LaunchTemplate"] = f"arn:aws:ec2:{get_region()}:{get_account_id()}:launch-template/{template}"
    return known


def register():
    iam_actions.request_tag_context = context
