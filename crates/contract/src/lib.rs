//! What a stack and its handlers agree on, in one definition that both use.
//!
//! - [`environment!`] defines the environment variables of a function. The stack fills the struct with references to
//!   its resources, the handler loads the same struct with the values it finds at start.
//! - [`ToInput`] makes the handler's own event type the input of a schedule, a rule or a state machine.
//! - [`support`] holds the names that the library's custom resources and their handler share.
//!
//! The crate has no dependencies, so that neither side pays for the other. With the feature `serde`, every
//! `serde::Serialize` type is an input.

mod environment;
mod input;
pub mod support;

pub use environment::{
    Environment, EnvironmentError, OptionalVariable, Unset, Variable, VariableProblem, VariableProblemKind, is_reserved,
};
pub use input::{InputError, RawInput, ToInput, scheduler};

#[doc(hidden)]
pub mod private {
    //! What the code of [`environment!`](crate::environment) calls.
    pub use crate::environment::{Reader, check_names, system_variable};
}
