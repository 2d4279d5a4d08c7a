//! Parameters of a stack.

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::{Expression, Reference, ResourceId, Value};

/// A parameter of a stack: its value at deployment. See [`Scope::parameter`](super::Scope::parameter).
#[derive(Debug, Clone)]
pub struct ParameterHandle(pub(super) ResourceId);

impl ParameterHandle {
    /// The name of the parameter.
    pub fn name(&self) -> &str {
        self.0.logical_id()
    }
}

impl From<ParameterHandle> for Value {
    fn from(parameter: ParameterHandle) -> Self {
        Reference::to(parameter.0).into()
    }
}
impl From<&ParameterHandle> for Value {
    fn from(parameter: &ParameterHandle) -> Self {
        Reference::to(parameter.0.clone()).into()
    }
}
impl From<&ParameterHandle> for Expression {
    fn from(parameter: &ParameterHandle) -> Self {
        Reference::to(parameter.0.clone()).into()
    }
}
impl<T: TakesExpression + ?Sized> Arg<T> for &ParameterHandle {
    fn into_value(self) -> Value {
        self.into()
    }
}
