//! Environment variables as one struct for the stack and the handler.

mod definition;
mod error;
mod load;
mod names;
#[cfg(test)]
mod tests;

pub use error::{EnvironmentError, VariableProblem, VariableProblemKind};
pub use load::{Reader, system_variable};
pub use names::{check_names, is_reserved};

/// The environment variables of a function, filled by its stack with values of type `V`.
///
/// [`environment!`](crate::environment) implements it for the structs that it defines.
pub trait Environment<V> {
    /// The variables with their values, in the order of the definition. Optional ones that are not set are left out.
    fn variables(self) -> Vec<(&'static str, V)>;
}

/// What the stack may give for a required variable: anything that becomes the template's value type `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of an environment variable",
    label = "not a text, a number or a reference to a resource"
)]
pub trait Variable<V> {
    /// The value to write. Always some.
    fn into_variable(self) -> Option<V>;
}

impl<V, T: Into<V>> Variable<V> for T {
    fn into_variable(self) -> Option<V> {
        Some(self.into())
    }
}

/// What the stack may give for an optional variable: an `Option` of a value, or [`Unset`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of an optional environment variable",
    label = "write `Some(…)` or `Unset`"
)]
pub trait OptionalVariable<V> {
    /// The value to write, none to leave the variable out.
    fn into_variable(self) -> Option<V>;
}

impl<V, T: Into<V>> OptionalVariable<V> for Option<T> {
    fn into_variable(self) -> Option<V> {
        self.map(Into::into)
    }
}

/// Says that an optional variable is not set: `None` without the need to name a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unset;

impl<V> OptionalVariable<V> for Unset {
    fn into_variable(self) -> Option<V> {
        None
    }
}
