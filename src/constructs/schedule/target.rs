//! What a schedule invokes.

use stackgen_resources::typed::Handle;
use stackgen_template::{Expression, ResourceId, Text, Value};

use crate::constructs::{FunctionHandle, QueueHandle, StateMachineHandle, TopicHandle};
use crate::core::Grant;

/// What a [`Schedule`](super::Schedule) invokes: a function, a state machine, a queue, a topic, or any call of an AWS API.
///
/// Handles become targets by themselves: `Schedule::new(cron!("0 * * * ? *"), &machine)`.
#[derive(Debug, Clone)]
pub struct ScheduleTarget {
    pub(super) arn: Value,
    pub(super) grant: Grant,
    pub(super) message_group: Option<Text>,
    /// The role that the target itself acts under, whose grants must be there before it is invoked.
    pub(super) acts_under: Option<ResourceId>,
}

impl ScheduleTarget {
    fn new(arn: impl Into<Value>, grant: Grant) -> Self {
        Self { arn: arn.into(), grant, message_group: None, acts_under: None }
    }

    /// A call of an AWS API, such as `ec2` and `startInstances`. The schedule's input holds its parameters, and `grant` is
    /// the access that it takes.
    pub fn api(service: &str, action: &str, grant: Grant) -> Self {
        let arn = format!("arn:${{AWS::Partition}}:scheduler:::aws-sdk:{service}:{action}");
        Self::new(Expression::sub(arn), grant)
    }

    /// A FIFO queue, whose messages all belong to one group.
    pub fn fifo_queue<R>(queue: &QueueHandle<R>, message_group: impl Into<Text>) -> Self {
        Self { message_group: Some(message_group.into()), ..Self::from(queue) }
    }
}

impl From<&FunctionHandle> for ScheduleTarget {
    fn from(function: &FunctionHandle) -> Self {
        Self { acts_under: Some(function.role().id().clone()), ..Self::new(function.arn(), function.invoke()) }
    }
}

impl From<&StateMachineHandle> for ScheduleTarget {
    fn from(machine: &StateMachineHandle) -> Self {
        Self { acts_under: Some(machine.role().id().clone()), ..Self::new(machine.arn(), machine.start_execution()) }
    }
}

impl<R> From<&QueueHandle<R>> for ScheduleTarget {
    fn from(queue: &QueueHandle<R>) -> Self {
        Self::new(queue.arn(), queue.send())
    }
}

impl<R> From<&TopicHandle<R>> for ScheduleTarget {
    fn from(topic: &TopicHandle<R>) -> Self {
        Self::new(topic.arn(), topic.publish())
    }
}
