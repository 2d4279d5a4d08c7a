//! What others need of a topic.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::super::arn_parts::part_of;
use super::super::encryption::grant_with_key;
use super::super::{FunctionHandle, Metric, Outside, QueueHandle, Statistic, Subscription};
use crate::core::{Grant, PolicyTarget, Principal, Scope, Statement};

/// A topic, to publish to and to subscribe to. `R` is [`Outside`] for a topic that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct TopicHandle<R = ResourceId> {
    resource: R,
    arn: Arn<kind::sns::Topic>,
    name: Expression,
    key: Option<Arn<kind::kms::Key>>,
    pub(in crate::constructs) is_fifo: bool,
}

impl TopicHandle<Outside> {
    pub(super) fn outside(arn: Value, is_fifo: bool) -> Self {
        let name = Expression::raw(part_of(&arn, 5));
        Self { resource: Outside, arn: Arn::from_value(arn), name, key: None, is_fifo }
    }
}

impl Handle for TopicHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl TopicHandle {
    pub(super) fn new(id: ResourceId, key: Option<Arn<kind::kms::Key>>, is_fifo: bool) -> Self {
        Self {
            arn: Arn::of(Reference::to(id.clone())),
            name: Reference::attribute(id.clone(), "TopicName").into(),
            key,
            is_fifo,
            resource: id,
        }
    }

    /// Lets a service of the stack's account publish, as alarms and events of other services do.
    pub(in crate::constructs) fn allow_service(&self, scope: &mut Scope<'_>, service: impl Into<Text>) {
        let statement = Statement::allow(["sns:Publish"])
            .principal(Principal::Service(service.into()))
            .on(self.arn())
            .when("StringEquals", "aws:SourceAccount", Expression::account_id());
        scope.resource_policy(PolicyTarget::Topic(self.resource.clone()), statement);
    }

    /// Keeps everyone but `roles`, and services of AWS that the topic's policy allows, from publishing: also those
    /// whom an administrator's policy would let publish to every topic.
    ///
    /// ```
    /// use stackgen::prelude::*;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("weather");
    /// let failures = stack.add("Failures", Topic::new());
    /// failures.restrict_publishers(&mut stack, [arn!("arn:aws:iam::123456789012:role/reporter")]);
    /// assert!(!app.synthesize().has_errors());
    /// ```
    pub fn restrict_publishers<A: Arg<Arn<kind::iam::Role>>>(
        &self,
        scope: &mut Scope<'_>,
        roles: impl IntoIterator<Item = A>,
    ) {
        let roles: Vec<Value> = roles.into_iter().map(Arg::into_value).collect();
        let statement = Statement::deny(["sns:Publish"])
            .sid("OnlyKnownPublishers")
            .principal(Principal::Any)
            .on(self.arn())
            .when("ArnNotEquals", "aws:PrincipalArn", Value::List(roles))
            .when("Bool", "aws:PrincipalIsAWSService", "false");
        scope.resource_policy(PolicyTarget::Topic(self.resource.clone()), statement);
    }
}

impl<R> TopicHandle<R> {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::sns::Topic> {
        self.arn.clone()
    }

    /// The name, the last part of the ARN.
    pub fn name(&self) -> Expression {
        self.name.clone()
    }

    /// Access to publish messages.
    pub fn publish(&self) -> Grant {
        grant_with_key(["sns:Publish"], [self.arn()], "publishes to the topic", self.key.as_ref())
    }

    /// Access to do `actions`, such as `sns:GetTopicAttributes`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        grant_with_key(actions, [self.arn()], "uses the topic", self.key.as_ref())
    }

    /// A subscription that sends each message to an e-mail address, once its owner has confirmed it.
    pub fn to_email(&self, address: impl Arg<String>) -> Subscription {
        Subscription::to_email(self, address)
    }

    /// A subscription that posts each message to an address on the web, once the address has confirmed it.
    pub fn to_url(&self, url: impl Arg<String>) -> Subscription {
        Subscription::to_url(self, url)
    }

    /// A subscription that sends each message to a queue.
    pub fn to_queue(&self, queue: &QueueHandle) -> Subscription {
        Subscription::to_queue(self, queue)
    }

    /// A subscription that calls a function with each message.
    pub fn to_function(&self, function: &FunctionHandle) -> Subscription {
        Subscription::to_function(self, function)
    }

    /// A metric of SNS about the topic, such as `NumberOfNotificationsFailed`, over 5 minutes.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/SNS", name).dimension("TopicName", self.name()).statistic(Statistic::Sum)
    }
}

impl<R> Arg<Arn<kind::sns::Topic>> for &TopicHandle<R> {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}
