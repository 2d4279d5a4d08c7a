"""Stack refactors, which ministack lacks: resources of a stack get other logical ids and stay the same ones.

Only what lies within one stack is done. As on AWS, a template in which anything else differs is refused, and so is a mapping
that names nothing.
"""

import json

from ministack.core.responses import new_uuid
from ministack.services.cloudformation import stacks
from ministack.services.cloudformation.engine import _parse_template
from ministack.services.cloudformation.handlers import _ACTION_HANDLERS as ACTIONS
from ministack.services.cloudformation.handlers import _resolve_stack
from ministack.services.cloudformation.helpers import _error, _esc, _p, _resolve_template, _xml
from ministack.services.cloudformation.stacks import _add_event

refactors = {}

# Resources that were renamed, by physical id: the ids that they were made with. ministack makes names of those, and would
# take an update under another one for a change of the name.
first_ids = {}


def register():
    own = stacks._update_resource

    def update(kind, physical_id, old, new, stack_name, logical_id=None, *more, **named):
        return own(kind, physical_id, old, new, stack_name, first_ids.get(physical_id, logical_id), *more, **named)

    stacks._update_resource = update
    ACTIONS["CreateStackRefactor"] = create
    ACTIONS["DescribeStackRefactor"] = describe
    ACTIONS["ExecuteStackRefactor"] = execute


def create(params):
    stack = _resolve_stack(_p(params, "StackDefinitions.member.1.StackName"))
    if not stack:
        return _error("ValidationError", "Stack does not exist")
    names = ("TemplateBody", "TemplateURL")
    body, problem = _resolve_template({name: _p(params, f"StackDefinitions.member.1.{name}") for name in names})
    if problem:
        return problem
    renames = {}
    number = 1
    while source := _p(params, f"ResourceMappings.member.{number}.Source.LogicalResourceId"):
        renames[source] = _p(params, f"ResourceMappings.member.{number}.Destination.LogicalResourceId")
        number += 1
    template = _parse_template(body)
    reason = objection(stack["_template"], template, renames)
    refactor_id = new_uuid()
    refactors[refactor_id] = {
        "stack": stack,
        "template": template,
        "body": body,
        "renames": renames,
        "Status": "CREATE_FAILED" if reason else "CREATE_COMPLETE",
        "StatusReason": reason,
        "ExecutionStatus": "UNAVAILABLE" if reason else "AVAILABLE",
    }
    result = f"<CreateStackRefactorResult><StackRefactorId>{refactor_id}</StackRefactorId></CreateStackRefactorResult>"
    return _xml(200, "CreateStackRefactorResponse", result)


def objection(old, new, renames):
    """Why a template is no renaming of another; empty when it is."""
    old, new = old.get("Resources") or {}, new.get("Resources") or {}
    if {renames.get(name, name) for name in old} != set(new):
        return "Stack Refactor does not support creating or deleting resources"
    for name in old:
        was, shall_be = (without_names(resource, renames) for resource in (old[name], new[renames.get(name, name)]))
        if was != shall_be:
            return f"Stack Refactor does not support modifications of resources: {name}"
    return ""


def without_names(resource, renames):
    """The text of a resource in which all names that change are one."""
    text = json.dumps(resource, sort_keys=True)
    for name in sorted({*renames, *renames.values()}, key=len, reverse=True):
        text = text.replace(name, "@")
    return text


def describe(params):
    refactor = refactors.get(_p(params, "StackRefactorId"))
    if not refactor:
        return _error("StackRefactorNotFoundException", "Stack refactor does not exist", 404)
    names = ("Status", "StatusReason", "ExecutionStatus")
    inner = "".join(f"<{name}>{_esc(refactor[name])}</{name}>" for name in names)
    return _xml(200, "DescribeStackRefactorResponse", f"<DescribeStackRefactorResult>{inner}</DescribeStackRefactorResult>")


def execute(params):
    refactor = refactors.get(_p(params, "StackRefactorId"))
    if not refactor or refactor["ExecutionStatus"] != "AVAILABLE":
        return _error("ValidationError", "Stack refactor can not be executed")
    stack, renames = refactor["stack"], refactor["renames"]
    add_event(stack, "UPDATE_IN_PROGRESS")
    for name in renames:
        first_ids.setdefault(stack["_resources"][name]["PhysicalResourceId"], name)
    resources = {renames.get(name, name): resource for name, resource in stack["_resources"].items()}
    stack["_resources"], stack["_template"], stack["_template_body"] = resources, refactor["template"], refactor["body"]
    stack["StackStatus"] = "UPDATE_COMPLETE"
    add_event(stack, "UPDATE_COMPLETE")
    refactor["ExecutionStatus"] = "EXECUTE_COMPLETE"
    return _xml(200, "ExecuteStackRefactorResponse", "")


def add_event(stack, status):
    name, stack_id = stack["StackName"], stack["StackId"]
    _add_event(stack_id, name, name, "AWS::CloudFormation::Stack", status, physical_id=stack_id)
