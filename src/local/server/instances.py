"""Instances that functions start: what the server does not tell of them.

It decides on access by the subnet only, so a grant for one launch template, which names that as a condition, would never be
met. And it keeps what an instance is to run, but does not say it.
"""

import ministack.core.iam_actions as iam_actions
import ministack.services.ec2 as ec2
from ministack.core.responses import get_account_id, get_region

own_context = iam_actions.request_tag_context
own_attribute = ec2._describe_instance_attribute


def context(service, iam_action, body, params):
    known = own_context(service, iam_action, body, params)
    template = ec2._p(params, "LaunchTemplate.LaunchTemplateId") if iam_action == "ec2:RunInstances" else None
    if template:
        known["ec2:LaunchTemplate"] = f"arn:aws:ec2:{get_region()}:{get_account_id()}:launch-template/{template}"
    return known


def attribute(params):
    answer = own_attribute(params)
    instance = ec2._instances.get(ec2._p(params, "InstanceId"))
    if ec2._p(params, "Attribute") != "userData" or not instance or not instance.get("UserData"):
        return answer
    status, headers, body = answer
    value = f"<userData><value>{instance['UserData']}</value></userData>"
    return status, headers, body.replace(b"<userData/>", value.encode())


def register():
    iam_actions.request_tag_context = context
    ec2._ACTION_MAP["DescribeInstanceAttribute"] = attribute
