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
