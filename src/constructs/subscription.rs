//! Subscriptions to topics.

use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_resources::{kind, lambda, sns};
use stackgen_template::{Map, ResourceId, Value};

use super::escape::{Settings, escape_hatch};
use super::{FunctionHandle, QueueHandle, TopicHandle};
use crate::core::{
    Attributes, ConditionHandle, Construct, PolicyTarget, Principal, Problem, ResourceExt, Scope, Statement,
};

/// A subscription to a topic, made by [`TopicHandle::to_email`] and its like.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("orders");
/// let orders = stack.add("Orders", Topic::new());
/// let paid = stack.add("Paid", Queue::new());
/// let only_paid = Map::from_iter([("state".into(), vec!["paid"].into())]);
/// stack.add("PaidOrders", orders.to_queue(&paid).raw_message_delivery().filter_attributes(only_paid));
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a subscription exists only once it is added to a stack"]
pub struct Subscription {
    topic: Arn<kind::sns::Topic>,
    is_fifo: bool,
    subscriber: Subscriber,
    dead_letters: Option<QueueHandle>,
    settings: Settings,
    condition: Option<ConditionHandle>,
    attributes: Attributes,
}

escape_hatch!(Subscription);

#[derive(Debug, Clone)]
enum Subscriber {
    Email(Value),
    Web(Value),
    Queue(QueueHandle),
    Function(FunctionHandle),
}

impl Subscription {
    fn new<R>(topic: &TopicHandle<R>, subscriber: Subscriber) -> Self {
        Self {
            topic: topic.arn(),
            is_fifo: topic.is_fifo,
            subscriber,
            dead_letters: None,
            settings: Settings::default(),
            condition: None,
            attributes: Attributes::new(),
        }
    }

    pub(super) fn to_email<R>(topic: &TopicHandle<R>, address: impl Arg<String>) -> Self {
        Self::new(topic, Subscriber::Email(address.into_value()))
    }

    pub(super) fn to_url<R>(topic: &TopicHandle<R>, url: impl Arg<String>) -> Self {
        Self::new(topic, Subscriber::Web(url.into_value()))
    }

    pub(super) fn to_queue<R>(topic: &TopicHandle<R>, queue: &QueueHandle) -> Self {
        Self::new(topic, Subscriber::Queue(queue.clone()))
    }

    pub(super) fn to_function<R>(topic: &TopicHandle<R>, function: &FunctionHandle) -> Self {
        Self::new(topic, Subscriber::Function(function.clone()))
    }

    /// Subscribes only when the condition holds.
    pub fn only_if(mut self, condition: &ConditionHandle) -> Self {
        self.condition = Some(condition.clone());
        self
    }

    /// Hands messages to a queue as they were published, without the envelope of SNS.
    pub fn raw_message_delivery(self) -> Self {
        self.raw("RawMessageDelivery", true)
    }

    /// Takes only messages whose attributes match the filter policy.
    pub fn filter_attributes(self, policy: Map) -> Self {
        self.raw("FilterPolicyScope", "MessageAttributes").raw("FilterPolicy", policy)
    }

    /// Takes only messages whose body, which is JSON, matches the filter policy.
    pub fn filter_body(self, policy: Map) -> Self {
        self.raw("FilterPolicyScope", "MessageBody").raw("FilterPolicy", policy)
    }

    /// Sends messages that cannot be delivered to a queue.
    pub fn dead_letter_to(mut self, queue: &QueueHandle) -> Self {
        self.dead_letters = Some(queue.clone());
        self
    }

    /// Lets the topic send to a queue.
    fn allow_sending(&self, queue: &QueueHandle, scope: &mut Scope<'_>) {
        let statement = Statement::allow(["sqs:SendMessage"])
            .principal(Principal::Service("sns.amazonaws.com".into()))
            .on(queue.arn())
            .when("ArnEquals", "aws:SourceArn", self.topic.clone());
        scope.resource_policy(PolicyTarget::Queue(queue.id().clone()), statement);
    }

    /// Lets the topic call a function.
    fn allow_calling(&self, function: &FunctionHandle, scope: &mut Scope<'_>) {
        let permission = lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .principal("sns.amazonaws.com")
            .function_name(function.arn())
            .raw("SourceArn", self.topic.clone());
        let mut attributes = Attributes::new();
        if let Some(condition) = &self.condition {
            attributes = attributes.condition(condition);
        }
        scope.add("Permission", permission.with(attributes));
    }
}

impl Construct for Subscription {
    type Handle = SubscriptionHandle;

    fn build(mut self, scope: &mut Scope<'_>) -> SubscriptionHandle {
        if self.is_fifo && !matches!(self.subscriber, Subscriber::Queue(_)) {
            let problem = Problem::error("a FIFO topic delivers to queues only")
                .hint("subscribe a queue, and let it feed the function");
            scope.report(problem);
        }
        let resource = sns::Subscription::new().topic_arn(&self.topic);
        let mut resource = match &self.subscriber {
            Subscriber::Email(address) => resource.protocol("email").raw("Endpoint", address.clone()),
            Subscriber::Web(url) => resource.protocol("https").raw("Endpoint", url.clone()),
            Subscriber::Queue(queue) => resource.protocol("sqs").endpoint(queue.arn()),
            Subscriber::Function(function) => resource.protocol("lambda").endpoint(function.arn()),
        };
        match &self.subscriber {
            Subscriber::Email(_) => {}
            Subscriber::Web(url) => check_url(url, scope),
            Subscriber::Queue(queue) => self.allow_sending(queue, scope),
            Subscriber::Function(function) => self.allow_calling(function, scope),
        }
        if let Some(queue) = &self.dead_letters {
            self.allow_sending(queue, scope);
            resource =
                resource.raw("RedrivePolicy", Map::from_iter([("deadLetterTargetArn".into(), queue.arn().into())]));
        }
        let resource = self.settings.apply(resource, sns::Subscription::raw);
        if let Some(condition) = &self.condition {
            self.attributes = self.attributes.condition(condition);
        }
        SubscriptionHandle(scope.add("Default", resource.with(self.attributes)).id().clone())
    }
}

/// Reports a known address that messages would not be safe on the way to.
fn check_url(url: &Value, scope: &mut Scope<'_>) {
    if let Some(url) = url.as_str()
        && !url.starts_with("https://")
    {
        let problem = Problem::error(format!("a topic cannot send to `{url}`"));
        scope.report(problem.hint("give an address that begins with `https://`"));
    }
}

/// A subscription that was added.
#[derive(Debug, Clone)]
pub struct SubscriptionHandle(ResourceId);

impl Handle for SubscriptionHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use stackgen_template::{Expression, Parameter, ParameterType};

    use super::*;
    use crate::constructs::testing::{problems_of, template_of};
    use crate::constructs::{Function, Queue, Runtime, Topic};

    fn function() -> Function {
        Function::inline(Runtime::Python313, "index.handler", "def handler(event, context):\n    pass\n")
    }

    #[test]
    fn subscriptions_of_every_kind() {
        insta::assert_snapshot!(template_of(|stack| {
            let address = stack.parameter("emailParam", Parameter::new(ParameterType::STRING).default(""));
            let wanted = stack.condition("EmailWanted", Expression::not(Expression::equals(&address, "")));
            let topic = stack.add("Reports", Topic::new());
            let queue = stack.add("Jobs", Queue::new());
            let lost = stack.add("Lost", Queue::new());
            let function = stack.add("Handler", function());
            stack.add("Email", topic.to_email(&address).only_if(&wanted));
            let failed = Map::from_iter([("outcome".into(), vec!["FAILED"].into())]);
            stack.add(
                "Queue",
                topic.to_queue(&queue).raw_message_delivery().filter_attributes(failed).dead_letter_to(&lost),
            );
            stack.add("Function", topic.to_function(&function));
            stack.add("Hook", topic.to_url("https://hooks.example.org/reports"));
        }));
    }

    #[test]
    fn a_fifo_topic_delivers_to_queues_only() {
        let problems = problems_of(|stack| {
            let topic = stack.add("Orders", Topic::fifo());
            let queue = stack.add("Jobs", Queue::fifo());
            stack.add("Queue", topic.to_queue(&queue));
            stack.add("Email", topic.to_email("someone@example.org"));
        });
        assert_eq!(problems, ["a FIFO topic delivers to queues only"]);
    }

    #[test]
    fn messages_travel_encrypted() {
        let problems = problems_of(|stack| {
            let topic = stack.add("Reports", Topic::new());
            stack.add("Hook", topic.to_url("http://hooks.example.org"));
        });
        assert_eq!(problems, ["a topic cannot send to `http://hooks.example.org`"]);
    }
}
