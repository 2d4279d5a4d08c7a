//! What was granted is allowed, and what was not is denied: by the policies that the local AWS enforces on a function's role.

use stackgen::constructs::states::{Flow, Succeed};
use stackgen::prelude::*;
use stackgen::template::to_json_compact;

use crate::account::Account;

/// Makes the call that it is told to make, with the role of the function.
const PROBE: &str = r#"
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    try:
        getattr(boto3.client(event["service"]), event["operation"])(**event["arguments"])
        return "allowed"
    except ClientError as error:
        return error.response["Error"]["Code"]
"#;

/// A function that is deployed to try calls.
struct Probe {
    account: Account,
    function: String,
    /// What stands for `NAME` in arguments.
    name: String,
}

impl Probe {
    /// Deploys what `build` adds: it gives what is granted to the function, and what calls name.
    async fn deploy(build: impl FnOnce(&mut Scope<'_>) -> (Vec<Grant>, Value)) -> Self {
        let account = Account::new();
        let app = account.assembly(|app| {
            let mut stack = app.stack("shop");
            let (grants, name) = build(&mut stack);
            let probe = Function::inline(Runtime::Python313, "index.handler", PROBE)
                .timeout(seconds::<60>())
                .memory(mib::<512>());
            let probe = stack.add("Probe", grants.into_iter().fold(probe, Function::allow));
            stack.output("Probe", probe.name());
            stack.output("Name", name);
        });
        let made = account.deploy(&app).await;
        let (function, name) = (made.output("shop", "Probe").to_owned(), made.output("shop", "Name").to_owned());
        Self { account, function, name }
    }

    /// What becomes of a call that the function makes.
    fn call(&self, service: &str, operation: &str, arguments: &str) -> String {
        let arguments = arguments.replace("NAME", &self.name);
        let event = format!(r#"{{"service": "{service}", "operation": "{operation}", "arguments": {arguments}}}"#);
        let event = to_json_compact(&Value::from(event));
        let invoke = format!(r#"{{"FunctionName": "{}", "Payload": {event}}}"#, self.function);
        let answer = self.account.call("lambda", "invoke", &invoke).unwrap();
        let payload = answer.get("Payload").and_then(Value::as_str).unwrap_or_default();
        payload.trim_matches('"').to_owned()
    }

    fn is_allowed(&self, service: &str, operation: &str, arguments: &str) {
        assert_eq!(self.call(service, operation, arguments), "allowed", "{service} {operation} {arguments}");
    }

    fn is_denied(&self, service: &str, operation: &str, arguments: &str) {
        let code = self.call(service, operation, arguments);
        let codes = ["AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"];
        assert!(codes.contains(&code.as_str()), "{service} {operation} {arguments}: {code}");
    }
}

#[tokio::test]
async fn a_bucket() {
    let probe = Probe::deploy(|stack| {
        let photos = stack.add("Photos", Bucket::new());
        (vec![photos.get_prefix("in/"), photos.put_prefix("out/")], photos.name().into())
    });
    let probe = probe.await;
    let object = format!(r#"{{"Bucket": "{}", "Key": "in/a"}}"#, probe.name);
    probe.account.call("s3", "put_object", &object).unwrap();
    probe.is_allowed("s3", "get_object", r#"{"Bucket": "NAME", "Key": "in/a"}"#);
    probe.is_allowed("s3", "put_object", r#"{"Bucket": "NAME", "Key": "out/a"}"#);
    probe.is_denied("s3", "get_object", r#"{"Bucket": "NAME", "Key": "out/a"}"#);
    probe.is_denied("s3", "put_object", r#"{"Bucket": "NAME", "Key": "in/a"}"#);
    probe.is_denied("s3", "delete_object", r#"{"Bucket": "NAME", "Key": "in/a"}"#);
    probe.is_denied("s3", "list_objects_v2", r#"{"Bucket": "NAME"}"#);
}

#[tokio::test]
async fn a_queue() {
    let probe = Probe::deploy(|stack| {
        let jobs = stack.add("Jobs", Queue::new());
        (vec![jobs.send()], jobs.url().into())
    });
    let probe = probe.await;
    probe.is_allowed("sqs", "send_message", r#"{"QueueUrl": "NAME", "MessageBody": "one"}"#);
    probe.is_denied("sqs", "receive_message", r#"{"QueueUrl": "NAME"}"#);
    probe.is_denied("sqs", "purge_queue", r#"{"QueueUrl": "NAME"}"#);
}

#[tokio::test]
async fn a_topic() {
    let probe = Probe::deploy(|stack| {
        let alerts = stack.add("Alerts", Topic::new());
        (vec![alerts.publish()], alerts.arn().into())
    });
    let probe = probe.await;
    probe.is_allowed("sns", "publish", r#"{"TopicArn": "NAME", "Message": "one"}"#);
    probe.is_denied("sns", "delete_topic", r#"{"TopicArn": "NAME"}"#);
}

#[tokio::test]
async fn a_table() {
    let probe = Probe::deploy(|stack| {
        let orders = stack.add("Orders", Table::new(Key::string("id")));
        (vec![orders.read()], orders.name().into())
    });
    let probe = probe.await;
    probe.is_allowed("dynamodb", "get_item", r#"{"TableName": "NAME", "Key": {"id": {"S": "1"}}}"#);
    probe.is_allowed("dynamodb", "scan", r#"{"TableName": "NAME"}"#);
    probe.is_denied("dynamodb", "put_item", r#"{"TableName": "NAME", "Item": {"id": {"S": "1"}}}"#);
    probe.is_denied("dynamodb", "delete_table", r#"{"TableName": "NAME"}"#);
}

#[tokio::test]
async fn a_secret() {
    let probe = Probe::deploy(|stack| {
        let key = stack.add("Key", Secret::generated());
        (vec![key.read()], key.arn().into())
    });
    let probe = probe.await;
    probe.is_allowed("secretsmanager", "get_secret_value", r#"{"SecretId": "NAME"}"#);
    probe.is_denied("secretsmanager", "put_secret_value", r#"{"SecretId": "NAME", "SecretString": "x"}"#);
}

#[tokio::test]
async fn a_parameter() {
    let probe = Probe::deploy(|stack| {
        let limit =
            stack.add("Limit", SsmParameter::string("5").name(stackgen::constructs::parameter_name!("/shop/limit")));
        (vec![limit.read()], limit.name().into())
    });
    let probe = probe.await;
    probe.is_allowed("ssm", "get_parameter", r#"{"Name": "NAME"}"#);
    probe.is_denied("ssm", "put_parameter", r#"{"Name": "NAME", "Value": "6", "Overwrite": true}"#);
    probe.is_denied("ssm", "delete_parameter", r#"{"Name": "NAME"}"#);
}

#[tokio::test]
async fn a_state_machine() {
    let probe = Probe::deploy(|stack| {
        let mut flow = Flow::new();
        let done = flow.add("Done", Succeed::new());
        let nightly = stack.add("Nightly", StateMachine::new(flow.start_at(&done)));
        (vec![nightly.start_execution()], nightly.arn().into())
    });
    let probe = probe.await;
    probe.is_allowed("stepfunctions", "start_execution", r#"{"stateMachineArn": "NAME"}"#);
    probe.is_denied("stepfunctions", "list_executions", r#"{"stateMachineArn": "NAME"}"#);
    probe.is_denied("stepfunctions", "delete_state_machine", r#"{"stateMachineArn": "NAME"}"#);
}

#[tokio::test]
async fn a_function() {
    let probe = Probe::deploy(|stack| {
        let code = "def handler(event, context):\n    return 1\n";
        let other = stack.add("Other", Function::inline(Runtime::Python313, "index.handler", code));
        (vec![other.invoke()], other.name().into())
    });
    let probe = probe.await;
    probe.is_allowed("lambda", "invoke", r#"{"FunctionName": "NAME"}"#);
    probe.is_denied("lambda", "get_function", r#"{"FunctionName": "NAME"}"#);
    probe.is_denied("lambda", "delete_function", r#"{"FunctionName": "NAME"}"#);
}

#[tokio::test]
async fn what_is_not_granted_at_all() {
    let probe = Probe::deploy(|stack| {
        let jobs = stack.add("Jobs", Queue::new());
        (Vec::new(), jobs.url().into())
    });
    let probe = probe.await;
    probe.is_denied("sqs", "send_message", r#"{"QueueUrl": "NAME", "MessageBody": "one"}"#);
    probe.is_denied("s3", "list_buckets", "{}");
}
