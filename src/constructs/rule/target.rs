//! Where a rule sends events.

use stackgen_contract::ToInput;
use stackgen_resources::typed::{Arg, Handle, Int};
use stackgen_template::{Map, ResourceId, Text, Value};

use super::RuleHandle;
use crate::constructs::target_input::TargetInput;
use crate::constructs::{FunctionHandle, QueueHandle, Role, RoleHandle, StateMachineHandle, TopicHandle};
use crate::core::{Grant, Period, PolicyTarget, Principal, Scope, Statement};
use crate::resources::lambda::PermissionRef;

const SERVICE: &str = "events.amazonaws.com";

/// A target of a [`Rule`](super::Rule): a function, queue, state machine or topic, and how events reach it.
///
/// ```
/// use stackgen::contract::RawInput;
/// use stackgen::prelude::*;
/// # fn target(sweep: &FunctionHandle) -> Target {
/// Target::from(sweep).input(&RawInput(r#"{"action":"sweep"}"#.into())).retries(int::<2>())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a target does nothing until it is given to a rule"]
pub struct Target {
    receiver: Receiver,
    input: Option<Input>,
    retry: Map,
    dead_letters: Option<QueueHandle>,
}

#[derive(Debug, Clone)]
enum Receiver {
    Function(FunctionHandle),
    Queue { queue: QueueHandle, message_group: Option<Text> },
    StateMachine(StateMachineHandle),
    Topic(TopicHandle),
}

/// What a target gets in place of the whole event.
#[derive(Debug, Clone)]
enum Input {
    Fixed(TargetInput),
    Path(Text),
    Transformed { paths: Vec<(Text, Text)>, template: Text },
}

impl Target {
    fn new(receiver: Receiver) -> Self {
        Self { receiver, input: None, retry: Map::new(), dead_letters: None }
    }

    /// A FIFO queue, whose messages all belong to one group.
    pub fn fifo_queue(queue: &QueueHandle, message_group: impl Into<Text>) -> Self {
        Self::new(Receiver::Queue { queue: queue.clone(), message_group: Some(message_group.into()) })
    }

    /// Hands over a fixed input, the handler's own event type, in place of the event.
    pub fn input(mut self, input: &(impl ToInput + ?Sized)) -> Self {
        self.input = Some(Input::Fixed(TargetInput::of(input)));
        self
    }

    /// Hands over a fixed input that holds references to resources.
    pub fn input_value(mut self, input: impl Into<Value>) -> Self {
        self.input = Some(Input::Fixed(TargetInput::of_value(&input.into())));
        self
    }

    /// Hands over a part of the event, such as `$.detail`.
    pub fn input_path(mut self, path: impl Into<Text>) -> Self {
        self.input = Some(Input::Path(path.into()));
        self
    }

    /// Hands over a text made of parts of the event: `paths` names them, such as `("key", "$.detail.object.key")`, and
    /// `<key>` stands for them in `template`.
    pub fn input_template<N: Into<Text>, P: Into<Text>>(
        mut self,
        paths: impl IntoIterator<Item = (N, P)>,
        template: impl Into<Text>,
    ) -> Self {
        let paths = paths.into_iter().map(|(name, path)| (name.into(), path.into())).collect();
        self.input = Some(Input::Transformed { paths, template: template.into() });
        self
    }

    /// How often delivery is retried, up to 185 times, which is what happens when not said.
    pub fn retries(mut self, retries: impl Arg<Int<0, 185>>) -> Self {
        self.retry.insert("MaximumRetryAttempts", retries.into_value());
        self
    }

    /// How long delivery is retried, 1 minute to 1 day; a day when not said.
    pub fn max_event_age(mut self, age: impl Arg<Period<60, 86_400>>) -> Self {
        self.retry.insert("MaximumEventAgeInSeconds", age.into_value());
        self
    }

    /// Sends events that could not be delivered to a queue.
    pub fn dead_letter(mut self, queue: &QueueHandle) -> Self {
        self.dead_letters = Some(queue.clone());
        self
    }

    /// The role that the target acts under, whose grants must be there before it is invoked.
    pub(super) fn acts_under(&self) -> Option<&ResourceId> {
        match &self.receiver {
            Receiver::Function(function) => Some(function.role().id()),
            Receiver::StateMachine(machine) => Some(machine.role().id()),
            Receiver::Queue { .. } | Receiver::Topic(_) => None,
        }
    }

    /// The role that EventBridge delivers under, where the receiver has no policy of its own that could name the rule. The
    /// policy of a topic could, but EventBridge does not support conditions in it, and without one every rule of every
    /// account could publish.
    pub(super) fn delivery_role(&self, index: usize, scope: &mut Scope<'_>) -> Option<RoleHandle> {
        let grant: Grant = match &self.receiver {
            Receiver::StateMachine(machine) => machine.start_execution(),
            Receiver::Topic(topic) => topic.publish(),
            Receiver::Function(_) | Receiver::Queue { .. } => return None,
        };
        let role = Role::for_service(SERVICE).only_from_this_account().allow(grant);
        Some(scope.add(part("Role", index), role))
    }

    /// The target as the rule lists it.
    pub(super) fn describe(&self, index: usize, role: Option<&RoleHandle>, scope: &mut Scope<'_>) -> Value {
        let mut target = Map::with_capacity(6);
        target.push("Id", part("Target", index));
        let arn: Value = match &self.receiver {
            Receiver::Function(function) => function.arn().into(),
            Receiver::Queue { queue, .. } => queue.arn().into(),
            Receiver::StateMachine(machine) => machine.arn().into(),
            Receiver::Topic(topic) => topic.arn().into(),
        };
        target.push("Arn", arn);
        if let Some(role) = role {
            target.push("RoleArn", role.arn());
        }
        match self.input.clone() {
            None => {}
            Some(Input::Fixed(input)) => {
                if let Some(text) = input.resolve(scope) {
                    target.push("Input", text);
                }
            }
            Some(Input::Path(path)) => target.push("InputPath", path),
            Some(Input::Transformed { paths, template }) => {
                let paths: Map = paths.into_iter().map(|(name, path)| (name, path.into())).collect();
                let mut transformer = Map::with_capacity(2);
                if !paths.is_empty() {
                    transformer.push("InputPathsMap", paths);
                }
                transformer.push("InputTemplate", template);
                target.push("InputTransformer", transformer);
            }
        }
        if !self.retry.is_empty() {
            target.push("RetryPolicy", self.retry.clone());
        }
        if let Some(queue) = &self.dead_letters {
            target.push("DeadLetterConfig", Value::single("Arn", queue.arn()));
        }
        if let Receiver::Queue { message_group: Some(group), .. } = &self.receiver {
            target.push("SqsParameters", Value::single("MessageGroupId", group.clone()));
        }
        target.into()
    }

    /// Lets the rule reach the receiver and the queue of dead letters. Gives the permission to invoke a function.
    pub(super) fn permit(&self, index: usize, rule: &RuleHandle, scope: &mut Scope<'_>) -> Option<PermissionRef> {
        if let Some(queue) = &self.dead_letters {
            permit_sending(queue, rule, scope);
        }
        match &self.receiver {
            Receiver::Function(function) => {
                let permission = function.invoked_by(SERVICE).for_source(rule.arn());
                Some(scope.add(part("Permission", index), permission))
            }
            Receiver::Queue { queue, .. } => {
                permit_sending(queue, rule, scope);
                None
            }
            Receiver::StateMachine(_) | Receiver::Topic(_) => None,
        }
    }
}

/// The name of a part of the target at `index`: the first has none, so that adding a second renames nothing.
fn part(name: &'static str, index: usize) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}{}", index + 1) }
}

fn permit_sending(queue: &QueueHandle, rule: &RuleHandle, scope: &mut Scope<'_>) {
    let statement = Statement::allow(["sqs:SendMessage"])
        .principal(Principal::Service(SERVICE.into()))
        .on(queue.arn())
        .when("ArnEquals", "aws:SourceArn", rule.arn());
    scope.resource_policy(PolicyTarget::Queue(queue.id().clone()), statement);
}

impl From<&FunctionHandle> for Target {
    fn from(function: &FunctionHandle) -> Self {
        Self::new(Receiver::Function(function.clone()))
    }
}

impl From<&QueueHandle> for Target {
    fn from(queue: &QueueHandle) -> Self {
        Self::new(Receiver::Queue { queue: queue.clone(), message_group: None })
    }
}

impl From<&StateMachineHandle> for Target {
    fn from(machine: &StateMachineHandle) -> Self {
        Self::new(Receiver::StateMachine(machine.clone()))
    }
}

impl From<&TopicHandle> for Target {
    fn from(topic: &TopicHandle) -> Self {
        Self::new(Receiver::Topic(topic.clone()))
    }
}
