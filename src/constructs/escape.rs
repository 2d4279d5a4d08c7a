//! The escape hatch that every construct has.

use stackgen_template::Value;

/// Properties of a construct's main resource that its setters wrote, in the order in which they were called.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings(Vec<(&'static str, Value)>);

impl Settings {
    /// Sets a property. Of two values of one property the later stands.
    pub(crate) fn put(&mut self, name: &'static str, value: impl Into<Value>) {
        self.0.push((name, value.into()));
    }

    /// The value that a property has.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Writes all properties to `resource`, over those it has; `raw` is the method of that name of its type.
    pub(crate) fn apply<R>(self, resource: R, raw: impl Fn(R, &'static str, Value) -> R) -> R {
        self.0.into_iter().fold(resource, |resource, (name, value)| raw(resource, name, value))
    }
}

/// Writes `raw` and `with` for a builder that has the fields `settings: Settings` and `attributes: Attributes`.
///
/// Parameters of the builder stand before it: `escape_hatch!([K: MessageOrder] Queue<K>)`.
macro_rules! escape_hatch {
    ([$($parameters:tt)*] $builder:ty) => {
        impl<$($parameters)*> $builder {
            /// Sets a property of the main resource by name, over what the construct writes. Synthesis checks it.
            pub fn raw(mut self, name: &'static str, value: impl Into<stackgen_template::Value>) -> Self {
                self.settings.put(name, value);
                self
            }

            /// Gives the main resource attributes: order, condition, metadata, accepted findings.
            pub fn with(mut self, attributes: $crate::core::Attributes) -> Self {
                self.attributes = attributes;
                self
            }
        }
    };
    ($builder:ty) => {
        $crate::constructs::escape::escape_hatch!([] $builder);
    };
}
pub(crate) use escape_hatch;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use stackgen_template::Value;

    use crate::constructs::{
        Alarm, Bucket, Function, Key, LogGroup, Metric, Queue, Role, Runtime, Secret, SsmParameter, Table, Topic,
        fifo_topic_name,
    };
    use crate::core::{App, Construct};

    /// The property of the main resource of `construct`.
    fn property(construct: impl Construct, name: &str) -> Value {
        let mut app = App::new();
        app.stack("test").add("It", construct);
        let synthesis = app.synthesize();
        let resource = synthesis.stacks[0].template.resource("It").unwrap();
        resource.body.get("Properties").and_then(|properties| properties.get(name)).unwrap().clone()
    }

    #[test]
    fn what_is_set_by_name_wins_over_what_the_construct_writes() {
        let marker = Value::from("mine");
        let code = || Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass");
        let metric = Metric::new("etl", "Rows");
        let properties = [
            property(Alarm::at_least(metric, 1).raw("EvaluationPeriods", "mine"), "EvaluationPeriods"),
            property(Bucket::new().raw("BucketEncryption", "mine"), "BucketEncryption"),
            property(code().raw("Role", "mine"), "Role"),
            property(LogGroup::new().raw("RetentionInDays", "mine"), "RetentionInDays"),
            property(Queue::new().raw("SqsManagedSseEnabled", "mine"), "SqsManagedSseEnabled"),
            property(
                Role::for_service("x.amazonaws.com").raw("AssumeRolePolicyDocument", "mine"),
                "AssumeRolePolicyDocument",
            ),
            property(Secret::generated().raw("GenerateSecretString", "mine"), "GenerateSecretString"),
            property(SsmParameter::string("a").raw("Value", "mine"), "Value"),
            property(Table::new(Key::string("id")).raw("BillingMode", "mine"), "BillingMode"),
            property(Topic::fifo().name(fifo_topic_name!("a.fifo")).raw("TopicName", "mine"), "TopicName"),
        ];
        for (index, value) in properties.into_iter().enumerate() {
            assert_eq!(value, marker, "construct {index}");
        }
    }
}
