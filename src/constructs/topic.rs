//! Topics of SNS.

use std::marker::PhantomData;

use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_resources::{kind, sns};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::arn_parts::part_of;
use super::encryption::with_key;
use super::message_order::is_fifo_name;
use super::tls_only::deny_plain_http;
use super::{
    Fifo, FifoTopicName, FunctionHandle, MessageOrder, Metric, Outside, QueueHandle, Standard, Statistic, Subscription,
    TopicName,
};
use crate::core::{
    Attributes, Construct, Grant, PolicyTarget, Principal, RemovalPolicy, ResourceExt, Scope, Statement,
};

/// A topic of SNS: reached over TLS only, and open to nobody outside the account.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("etl");
/// let address = stack.parameter("emailParam", Parameter::new(ParameterType::STRING).default(""));
/// let wanted = stack.condition("EmailWanted", Expression::not(Expression::equals(&address, "")));
///
/// let reports = stack.add("Reports", Topic::new());
/// stack.add("Email", reports.to_email(&address).only_if(&wanted));
/// assert!(!app.synthesize().has_errors());
/// ```
///
/// Who may publish is said by grants to roles ([`TopicHandle::publish`]). Services that publish by themselves, such as
/// alarms, are allowed by the constructs that need it. No other account may publish or subscribe.
#[derive(Debug, Clone)]
#[must_use = "a topic exists only once it is added to a stack"]
pub struct Topic<K = Standard> {
    resource: sns::Topic,
    is_named: bool,
    key: Option<Arn<kind::kms::Key>>,
    attributes: Attributes,
    order: PhantomData<K>,
}

impl Topic<Standard> {
    /// A standard topic: any number of messages a second, to subscribers of every kind.
    pub fn new() -> Self {
        Self::of_order()
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<TopicName>) -> Self {
        self.named(name.into_value())
    }

    /// A topic that no stack of the app holds.
    pub fn from_arn(arn: impl Arg<Arn<kind::sns::Topic>>) -> TopicHandle<Outside> {
        let arn = arn.into_value();
        let is_fifo = arn.as_str().is_some_and(is_fifo_name);
        TopicHandle {
            resource: Outside,
            name: Expression::raw(part_of(&arn, 5)),
            arn: Arn::from_value(arn),
            key: None,
            is_fifo,
        }
    }
}

impl Default for Topic<Standard> {
    fn default() -> Self {
        Self::new()
    }
}

impl Topic<Fifo> {
    /// A FIFO topic: the messages of a group in the order in which they were published, to queues only.
    ///
    /// Its name ends with `.fifo`; when not set it is that of the stack and the construct.
    pub fn fifo() -> Self {
        Self::of_order().raw("FifoTopic", true)
    }

    /// Sets the name.
    pub fn name(self, name: impl Arg<FifoTopicName>) -> Self {
        self.named(name.into_value())
    }

    /// Takes messages of equal content, published within five minutes, for the same message.
    pub fn content_based_deduplication(self) -> Self {
        self.raw("ContentBasedDeduplication", true)
    }
}

impl<K: MessageOrder> Topic<K> {
    fn of_order() -> Self {
        Self {
            resource: sns::Topic::new(),
            is_named: false,
            key: None,
            attributes: Attributes::new(),
            order: PhantomData,
        }
    }

    fn named(mut self, name: Value) -> Self {
        self.is_named = true;
        self.raw("TopicName", name)
    }

    /// Sets the name that e-mails of the topic come from.
    pub fn display_name(self, name: impl Arg<String>) -> Self {
        self.raw("DisplayName", name.into_value())
    }

    /// Encrypts messages with a key of KMS. Grants of the topic then allow the use of the key; services that publish,
    /// such as alarms, must be allowed it in the key's policy.
    pub fn encryption_key(mut self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        self.key = Some(Arn::from_value(key.into_value()));
        self
    }

    /// What becomes of the topic when it is removed from the stack: deleted, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }

    /// Sets the attributes of the resource, such as a condition.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the `AWS::SNS::Topic`.
    pub fn raw(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.resource = self.resource.raw(name, value);
        self
    }
}

/// The actions that a topic's policy can speak of and that a program does over a connection of its own.
const ACTIONS: [&str; 9] = [
    "sns:AddPermission",
    "sns:DeleteTopic",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:ListTagsForResource",
    "sns:Publish",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
];

impl<K: MessageOrder> Construct for Topic<K> {
    type Handle = TopicHandle;

    fn build(mut self, scope: &mut Scope<'_>) -> TopicHandle {
        if K::IS_FIFO && !self.is_named {
            // CloudFormation makes up names without the ending that SNS demands.
            self = self.named(fifo_name(scope.path()).into());
        }
        if let Some(key) = &self.key {
            let key = Value::from(key);
            self = self.raw("KmsMasterKeyId", key);
        }
        let resource = scope.add("Default", self.resource.with(self.attributes));
        let id = resource.id().clone();
        let handle = TopicHandle {
            arn: Arn::of(Reference::to(id.clone())),
            name: Reference::attribute(id.clone(), "TopicName").into(),
            key: self.key,
            is_fifo: K::IS_FIFO,
            resource: id.clone(),
        };
        scope.resource_policy(PolicyTarget::Topic(id), deny_plain_http(ACTIONS, [handle.arn()]));
        handle
    }
}

/// `<stack>-<path>.fifo`, unique in the account and region as the stack's name is.
fn fifo_name(path: &str) -> Expression {
    let mut name: String =
        path.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect();
    // A topic's name has 256 characters at most, and a stack's up to 128.
    name.truncate(120);
    Expression::sub(format!("${{AWS::StackName}}-{name}.fifo"))
}

/// A topic, to publish to and to subscribe to. `R` is [`Outside`] for a topic that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct TopicHandle<R = ResourceId> {
    resource: R,
    arn: Arn<kind::sns::Topic>,
    name: Expression,
    key: Option<Arn<kind::kms::Key>>,
    pub(super) is_fifo: bool,
}

impl Handle for TopicHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl TopicHandle {
    /// Lets a service of the stack's account publish, as alarms and events of other services do.
    pub(super) fn allow_service(&self, scope: &mut Scope<'_>, service: impl Into<Text>) {
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
        with_key(
            Grant::new(["sns:Publish"], [self.arn()], "publishes to the topic"),
            self.key.as_ref(),
            &["kms:Decrypt", "kms:GenerateDataKey"],
        )
    }

    /// Access to do `actions`, such as `sns:GetTopicAttributes`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "uses the topic")
    }

    /// A subscription that sends each message to an e-mail address, once its owner has confirmed it.
    pub fn to_email(&self, address: impl Arg<String>) -> Subscription {
        Subscription::to_email(self, address)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::template_of;
    use crate::constructs::{fifo_topic_name, topic_name};

    #[test]
    fn topics() {
        insta::assert_snapshot!(template_of(|stack| {
            let alarms = stack.add("Alarms", Topic::new().name(topic_name!("alarms")).display_name("Alarms"));
            alarms.allow_service(stack, "cloudwatch.amazonaws.com");
            let orders = stack.add("Orders", Topic::fifo().content_based_deduplication());
            stack.scope("Inner").add("Orders", Topic::fifo().name(fifo_topic_name!("orders.fifo")));
            stack.output("Orders", orders.name());
        }));
    }

    #[test]
    fn only_the_named_roles_publish_to_a_restricted_topic() {
        insta::assert_snapshot!(template_of(|stack| {
            let topic = stack.add("Failures", Topic::new());
            topic.restrict_publishers(stack, [stackgen_resources::arn!("arn:aws:iam::123456789012:role/reporter")]);
        }));
    }
}
