"""What change sets do on AWS and not in ministack.

- Two that plan the same new stack belong to one stack; ministack makes a second stack of the name, and both are executed.
- A stack that is being changed takes no second change meanwhile.
- One that changes outputs alone can be executed; ministack finds nothing to do.
"""

from ministack.services.cloudformation import _change_sets, _stack_events, _stacks
from ministack.services.cloudformation.changesets import _find_change_set
from ministack.services.cloudformation.handlers import _ACTION_HANDLERS as ACTIONS
from ministack.services.cloudformation.handlers import _resolve_stack
from ministack.services.cloudformation.helpers import _error, _p

own_create, own_execute = ACTIONS["CreateChangeSet"], ACTIONS["ExecuteChangeSet"]


def register():
    ACTIONS["CreateChangeSet"] = create
    ACTIONS["ExecuteChangeSet"] = execute


def create(params):
    stack = _resolve_stack(_p(params, "StackName"))
    if is_busy(stack) and _p(params, "ChangeSetType", "UPDATE") != "CREATE":
        return refuse_busy(stack)
    planned = stack if stack and stack["StackStatus"] == "REVIEW_IN_PROGRESS" else None
    known = set(_change_sets)
    answer = own_create(params)
    made = next((_change_sets[key] for key in list(_change_sets) if key not in known), None)
    if planned:
        answer = keep_planned(planned, made, answer)
    if made and stack and made["Status"] == "FAILED" and changes_outputs(made, stack):
        made.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")
    return answer


def keep_planned(planned, made, answer):
    """Puts the stack back that a new change set replaced by another one of its name."""
    name = planned["StackName"]
    second = _stacks.get(name)
    _stacks[name] = planned
    if made is None or second is None or second is planned:
        return answer
    _stack_events.pop(second["StackId"], None)
    made["StackId"] = planned["StackId"]
    status, headers, body = answer
    old, new = second["StackId"], planned["StackId"]
    return status, headers, body.replace(old.encode(), new.encode()) if isinstance(body, bytes) else body.replace(old, new)


def changes_outputs(made, stack):
    outputs = [template.get("Outputs") or {} for template in (made["_template"], stack.get("_template") or {})]
    return "didn't contain changes" in made["StatusReason"] and outputs[0] != outputs[1]


def execute(params):
    _, planned = _find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
    stack = _stacks.get(planned["StackName"]) if planned else None
    if is_busy(stack) and planned["ExecutionStatus"] == "AVAILABLE":
        return refuse_busy(stack)
    return own_execute(params)


def is_busy(stack):
    return bool(stack) and stack["StackStatus"].endswith("_IN_PROGRESS") and stack["StackStatus"] != "REVIEW_IN_PROGRESS"


def refuse_busy(stack):
    text = f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated."
    return _error("ValidationError", text)
