//! States that do work.

use stackgen_resources::typed::Arg;
use stackgen_template::{Expression, Value};

use super::handle::StateMachineHandle;
use super::parameters::{Parameters, Payload};
use super::state::{LONGEST, StateBody, state_methods};
use crate::constructs::json_text::number;
use crate::constructs::{FunctionHandle, QueueHandle, TopicHandle};
use crate::core::{Grant, Period};

/// Calls a function or another service. The state machine is given the access that the call takes.
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on: `.next(&state)` or `.end()`"]
pub struct Task(StateBody);

impl Task {
    fn with(resource: impl Into<Value>, grant: Grant) -> Self {
        let mut body = StateBody::new("Task");
        body.set("Resource", resource);
        body.grants.push(grant);
        Self(body)
    }

    /// Invokes a function with the input of the state. The result is what the function returns, nothing else.
    pub fn invoke(function: &FunctionHandle) -> Self {
        Self::with(function.arn(), function.invoke())
    }

    /// Invokes a function and waits until someone sends the task's token back, which `payload` must contain
    /// (`$$.Task.Token`).
    /// Not for express state machines.
    pub fn invoke_and_wait(function: &FunctionHandle, payload: Parameters) -> Self {
        Self::integration("lambda:invoke.waitForTaskToken", function.invoke())
            .parameter("FunctionName", Value::from(function.arn()))
            .parameter("Payload", payload)
    }

    /// Publishes a message. An object is sent as JSON text.
    pub fn publish<R>(topic: &TopicHandle<R>, message: impl Into<Payload>) -> Self {
        Self::integration("sns:publish", topic.publish())
            .parameter("TopicArn", Value::from(topic.arn()))
            .parameter("Message", message)
    }

    /// Sends a message to a queue. An object is sent as JSON text.
    pub fn send_message<R>(queue: &QueueHandle<R>, message: impl Into<Payload>) -> Self {
        Self::integration("sqs:sendMessage", queue.send())
            .parameter("QueueUrl", Value::from(queue.url()))
            .parameter("MessageBody", message)
    }

    /// Starts an execution of another state machine, and does not wait for its end.
    pub fn start_execution(machine: &StateMachineHandle, input: impl Into<Payload>) -> Self {
        Self::integration("states:startExecution", machine.start_execution())
            .parameter("StateMachineArn", Value::from(machine.arn()))
            .parameter("Input", input)
    }

    /// Calls a service by an integration that Step Functions has for it, such as `dynamodb:getItem`. `grant` is the access
    /// that the call takes. Those that wait, such as `ecs:runTask.sync`, are not for express state machines.
    pub fn integration(name: &str, grant: Grant) -> Self {
        let mut task = Self::with(Expression::sub(format!("arn:${{AWS::Partition}}:states:::{name}")), grant);
        task.0.is_standard_only = [".sync", ".sync:2", ".waitForTaskToken"].iter().any(|end| name.ends_with(end));
        task
    }

    /// Calls any AWS API, such as `s3` and `listObjectsV2`. `grant` is the access that the call takes.
    pub fn aws_sdk(service: &str, action: &str, grant: Grant) -> Self {
        Self::integration(&format!("aws-sdk:{service}:{action}"), grant)
    }

    /// Makes what is handed over, in place of the state's input or of what was set before.
    pub fn parameters(mut self, parameters: Parameters) -> Self {
        self.0.set("Parameters", parameters);
        self
    }

    /// Adds to what is handed over, such as the `Subject` of a message.
    pub fn parameter(mut self, name: &str, value: impl Into<Payload>) -> Self {
        let mut parameters = match self.0.fields.remove("Parameters") {
            Some(Value::Map(map)) => Parameters::from(map),
            _ => Parameters::new(),
        };
        parameters.set(name, value.into());
        self.0.set("Parameters", parameters);
        self
    }

    /// How long the task lasts at most; then it fails with `States.Timeout`.
    pub fn timeout(mut self, duration: impl Arg<Period<1, LONGEST>>) -> Self {
        self.0.set("TimeoutSeconds", number(duration.into_value()));
        self
    }

    /// How long there is no sign of life at most; then the task fails with `States.Timeout`.
    pub fn heartbeat(mut self, duration: impl Arg<Period<1, LONGEST>>) -> Self {
        self.0.set("HeartbeatSeconds", number(duration.into_value()));
        self
    }

    /// Gives the state machine access beyond what the call itself takes.
    pub fn allow(mut self, grant: Grant) -> Self {
        self.0.grants.push(grant);
        self
    }

    state_methods!(all);
    state_methods!(result);
    state_methods!(call);
    state_methods!(transition);
}
