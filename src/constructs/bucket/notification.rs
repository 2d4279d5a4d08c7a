//! Who is told of changes to objects.

use stackgen_resources::lambda;
use stackgen_resources::typed::Handle;
use stackgen_template::{Expression, Map, Text, Value};

use super::super::arn_parts::concatenate;
use super::super::{FunctionHandle, QueueHandle, TopicHandle};
use crate::core::{Attributes, PolicyTarget, Principal, Scope, Statement};

/// A change to an object that S3 tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BucketEvent {
    /// An object was made or overwritten, in whichever way.
    ObjectCreated,
    /// An object was made by a copy.
    ObjectCopied,
    /// An object was made by an upload in parts.
    UploadCompleted,
    /// An object was deleted, or hidden by a mark of deletion.
    ObjectRemoved,
    /// An object was restored from an archive, or is being.
    ObjectRestored,
    /// A lifecycle rule deleted an object.
    LifecycleExpired,
    /// Any other, as S3 writes it: `s3:ObjectTagging:Put`.
    Other(Text),
}

impl BucketEvent {
    /// The event as S3 writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ObjectCreated => "s3:ObjectCreated:*",
            Self::ObjectCopied => "s3:ObjectCreated:Copy",
            Self::UploadCompleted => "s3:ObjectCreated:CompleteMultipartUpload",
            Self::ObjectRemoved => "s3:ObjectRemoved:*",
            Self::ObjectRestored => "s3:ObjectRestore:*",
            Self::LifecycleExpired => "s3:LifecycleExpiration:*",
            Self::Other(event) => event,
        }
    }
}

/// Who is told of changes to objects: a queue, a topic or a function.
#[derive(Debug, Clone)]
pub enum NotificationTarget {
    /// A queue gets a message.
    Queue(QueueHandle),
    /// A topic gets a message.
    Topic(TopicHandle),
    /// A function is invoked.
    Function(FunctionHandle),
}

impl From<&QueueHandle> for NotificationTarget {
    fn from(queue: &QueueHandle) -> Self {
        Self::Queue(queue.clone())
    }
}

impl From<&TopicHandle> for NotificationTarget {
    fn from(topic: &TopicHandle) -> Self {
        Self::Topic(topic.clone())
    }
}

impl From<&FunctionHandle> for NotificationTarget {
    fn from(function: &FunctionHandle) -> Self {
        Self::Function(function.clone())
    }
}

/// Tells someone of changes to objects of a bucket.
///
/// The bucket refers to whom it tells, so a function that is told must not refer to the bucket in its environment: the
/// two would wait for each other. [`Bucket::notify_event_bridge`](super::Bucket::notify_event_bridge) has no such limit.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("scans");
/// let arrived = stack.add("Arrived", Queue::new());
/// let notification = BucketNotification::new(BucketEvent::ObjectCreated, &arrived).prefix("scans/").suffix(".tif");
/// stack.add("Scans", Bucket::new().notify(notification));
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a notification does nothing until it is given to a bucket"]
pub struct BucketNotification {
    event: BucketEvent,
    target: NotificationTarget,
    rules: Vec<Value>,
}

impl BucketNotification {
    /// Tells `target` of `event`.
    pub fn new(event: BucketEvent, target: impl Into<NotificationTarget>) -> Self {
        Self { event, target: target.into(), rules: Vec::new() }
    }

    /// Only of objects whose keys begin so.
    pub fn prefix(self, prefix: impl Into<Text>) -> Self {
        self.rule("prefix", prefix.into())
    }

    /// Only of objects whose keys end so.
    pub fn suffix(self, suffix: impl Into<Text>) -> Self {
        self.rule("suffix", suffix.into())
    }

    fn rule(mut self, name: &'static str, value: Text) -> Self {
        let rule = Map::from_iter([(Text::Borrowed("Name"), name.into()), (Text::Borrowed("Value"), value.into())]);
        self.rules.push(rule.into());
        self
    }

    fn configuration(&self) -> Value {
        let (name, arn) = match &self.target {
            NotificationTarget::Queue(queue) => ("Queue", Value::from(queue.arn())),
            NotificationTarget::Topic(topic) => ("Topic", topic.arn().into()),
            NotificationTarget::Function(function) => ("Function", function.arn().into()),
        };
        let event = self.event.as_str().to_owned();
        let mut configuration = Map::from_iter([(Text::Borrowed("Event"), event.into()), (Text::Borrowed(name), arn)]);
        if !self.rules.is_empty() {
            let rules = Value::single("Rules", self.rules.clone());
            configuration.push("Filter", Value::single("S3Key", rules));
        }
        configuration.into()
    }
}

/// The property of a bucket that tells of changes, and the attributes that it needs: S3 tests every target when the bucket
/// is made, so what lets it in must be there before.
pub(super) fn configure(
    notifications: &[BucketNotification],
    event_bridge: bool,
    bucket_name: Option<&Value>,
    mut attributes: Attributes,
    scope: &mut Scope<'_>,
) -> (Option<Map>, Attributes) {
    let (mut queues, mut topics, mut functions) = (Vec::new(), Vec::new(), Vec::new());
    let source = bucket_name
        .map(|name| concatenate(["arn:".into(), Expression::partition().into(), ":s3:::".into(), name.clone()]));
    let mut allowed_functions: Vec<FunctionHandle> = Vec::new();
    for notification in notifications {
        let configuration = notification.configuration();
        match &notification.target {
            NotificationTarget::Queue(queue) => {
                queues.push(configuration);
                let statement = from_bucket(Statement::allow(["sqs:SendMessage"]).on(queue.arn()), source.as_ref());
                scope.resource_policy(PolicyTarget::Queue(queue.id().clone()), statement);
                attributes = attributes.after_grants_of(queue.id());
            }
            NotificationTarget::Topic(topic) => {
                topics.push(configuration);
                let statement = from_bucket(Statement::allow(["sns:Publish"]).on(topic.arn()), source.as_ref());
                scope.resource_policy(PolicyTarget::Topic(topic.id().clone()), statement);
                attributes = attributes.after_grants_of(topic.id());
            }
            NotificationTarget::Function(function) => {
                functions.push(configuration);
                if !allowed_functions.iter().any(|other| other.id() == function.id()) {
                    allowed_functions.push(function.clone());
                }
            }
        }
    }
    for (index, function) in allowed_functions.iter().enumerate() {
        let mut permission = lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .principal("s3.amazonaws.com")
            .function_name(function.arn())
            .source_account(Expression::account_id());
        if let Some(source) = &source {
            permission = permission.raw("SourceArn", source.clone());
        }
        let name = if index == 0 { "Permission".to_owned() } else { format!("Permission{}", index + 1) };
        attributes = attributes.depends_on(&scope.add(name, permission));
    }
    let mut property = Map::new();
    if event_bridge {
        property.push("EventBridgeConfiguration", Value::single("EventBridgeEnabled", true));
    }
    for (name, list) in
        [("QueueConfigurations", queues), ("TopicConfigurations", topics), ("LambdaConfigurations", functions)]
    {
        if !list.is_empty() {
            property.push(name, list);
        }
    }
    ((!property.is_empty()).then_some(property), attributes)
}

/// The statement, for S3 on behalf of a bucket: of this one when its name is known beforehand, else of any of the account,
/// because a policy that refers to the bucket would have to come after it.
fn from_bucket(statement: Statement, source: Option<&Value>) -> Statement {
    let statement = statement.principal(Principal::Service("s3.amazonaws.com".into())).when(
        "StringEquals",
        "aws:SourceAccount",
        Expression::account_id(),
    );
    match source {
        Some(source) => statement.when("ArnEquals", "aws:SourceArn", source.clone()),
        None => statement,
    }
}
