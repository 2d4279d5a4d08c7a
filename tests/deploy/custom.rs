//! A function that makes custom resources, which tests hold up and have fail.

use stackgen::prelude::{Function, Runtime, seconds};

/// What a resource is told by its properties: `Hold`, a file that it waits for to be gone; `Seconds`, how long it takes;
/// `Refuse`, a file whose being there has it fail; `Fail`, a reason that has it fail.
const HANDLER: &str = r#"
import json, os, time, urllib.request

def handler(event, context):
    wishes = event["ResourceProperties"]
    time.sleep(float(wishes.get("Seconds") or 0))
    while wishes.get("Hold") and os.path.exists(wishes["Hold"]):
        time.sleep(0.05)
    reason = None if event["RequestType"] == "Delete" else wishes.get("Fail")
    if wishes.get("Refuse") and os.path.exists(wishes["Refuse"]):
        reason = "it refuses to " + event["RequestType"]
    answer = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": reason or "",
        "PhysicalResourceId": event.get("PhysicalResourceId") or "made-" + event["LogicalResourceId"],
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT"))
"#;

/// The function.
pub(crate) fn maker() -> Function {
    Function::inline(Runtime::Python313, "index.handler", HANDLER).timeout(seconds::<120>())
}
