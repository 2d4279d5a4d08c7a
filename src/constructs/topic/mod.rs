//! Topics of SNS.

mod handle;
#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_resources::{kind, sns};
use stackgen_template::{Expression, Value};

pub use handle::TopicHandle;

use super::escape::{Settings, escape_hatch};
use super::message_order::is_fifo_name;
use super::tls_only::deny_plain_http;
use super::{Fifo, FifoTopicName, MessageOrder, Outside, Standard, TopicName};
use crate::core::{Attributes, Construct, PolicyTarget, RemovalPolicy, ResourceExt, Scope};

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
    name: Option<Value>,
    key: Option<Arn<kind::kms::Key>>,
    settings: Settings,
    attributes: Attributes,
    order: PhantomData<K>,
}

escape_hatch!([K: MessageOrder] Topic<K>);

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
        TopicHandle::outside(arn, is_fifo)
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
        Self::of_order()
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
        Self { name: None, key: None, settings: Settings::default(), attributes: Attributes::new(), order: PhantomData }
    }

    fn named(mut self, name: Value) -> Self {
        self.name = Some(name);
        self
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

    fn build(self, scope: &mut Scope<'_>) -> TopicHandle {
        let mut topic = sns::Topic::new();
        if K::IS_FIFO {
            topic = topic.fifo_topic(true);
        }
        // CloudFormation makes up names without the ending that SNS demands.
        let name = self.name.or_else(|| K::IS_FIFO.then(|| fifo_name(scope.path()).into()));
        if let Some(name) = name {
            topic = topic.raw("TopicName", name);
        }
        if let Some(key) = &self.key {
            topic = topic.raw("KmsMasterKeyId", key);
        }
        let topic = self.settings.apply(topic, sns::Topic::raw);
        let resource = scope.add("Default", topic.with(self.attributes));
        let handle = TopicHandle::new(resource.id().clone(), self.key, K::IS_FIFO);
        scope.resource_policy(PolicyTarget::Topic(handle.id().clone()), deny_plain_http(ACTIONS, [handle.arn()]));
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
