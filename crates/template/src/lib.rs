//! The CloudFormation document, as one model that every other part works on.
//!
//! A [`Value`] is a node of a template: the JSON data model, in document order, with one addition:
//! a [`Reference`] to a resource of this or another stack, which synthesis resolves.

mod expression;
mod map;
mod number;
mod reference;
mod value;

pub use expression::Expression;
pub use map::Map;
pub use number::Number;
pub use reference::{Reference, ResourceId, StackId, Strength};
pub use value::{Text, Value};
