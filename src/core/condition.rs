//! Conditions of a template.

use stackgen_template::{Text, Value};

/// A condition of a stack, by name: see [`Scope::condition`](super::Scope::condition).
#[derive(Debug, Clone)]
pub struct ConditionHandle(pub(super) Text);

impl ConditionHandle {
    /// The name of the condition in its template.
    pub fn name(&self) -> &Text {
        &self.0
    }

    /// One value when the condition holds, another when it does not.
    pub fn choose(&self, then: impl Into<Value>, otherwise: impl Into<Value>) -> stackgen_template::Expression {
        stackgen_template::Expression::if_(self.0.clone(), then, otherwise)
    }
}
