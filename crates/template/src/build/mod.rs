//! The parts of a template as they are built.

mod output;
mod parameter;
mod policy;
mod resource;
mod rule;

pub use output::Output;
pub use parameter::{Parameter, ParameterType};
pub use policy::{DeletionPolicy, UpdateReplacePolicy};
pub use resource::Resource;
pub use rule::Rule;
