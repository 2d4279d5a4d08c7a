//! Small apps that tests deploy.

use stackgen::prelude::*;

/// The stack `shop` with a queue whose messages stay hidden for `timeout` seconds, and its URL as an output.
pub(crate) fn shop(app: &mut App, timeout: i64) {
    let mut stack = app.stack("shop");
    let queue = stack.add("Jobs", queue(timeout));
    stack.output("Url", queue.reference());
}

/// A queue whose messages stay hidden for `timeout` seconds.
pub(crate) fn queue(timeout: i64) -> RawResource {
    RawResource::new("AWS::SQS::Queue").set("VisibilityTimeout", timeout)
}

/// A role that nothing takes on, with a policy that allows `actions` on everything.
pub(crate) fn role(actions: &[&str]) -> RawResource {
    let statement = |effect: &str| Map::from([("Effect", Value::from(effect.to_owned()))]);
    let mut trust = statement("Allow");
    trust.insert("Principal", Map::from([("Service", "lambda.amazonaws.com")]));
    trust.insert("Action", "sts:AssumeRole");
    let mut allowed = statement("Allow");
    allowed.insert("Action", actions.iter().map(|action| Value::from((*action).to_owned())).collect::<Vec<_>>());
    allowed.insert("Resource", "*");
    let document = |statement: Map| {
        Map::from([("Version", Value::from("2012-10-17")), ("Statement", Value::from(vec![Value::from(statement)]))])
    };
    let policy = Map::from([("PolicyName", Value::from("work")), ("PolicyDocument", document(allowed).into())]);
    RawResource::new("AWS::IAM::Role")
        .set("AssumeRolePolicyDocument", document(trust))
        .set("Policies", vec![Value::from(policy)])
}
