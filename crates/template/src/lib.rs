//! The CloudFormation document, as one model that every other part works on.
//!
//! A [`Value`] is a node of a template: the JSON data model, in document order, with one addition:
//! a [`Reference`] to a resource of this or another stack, which synthesis resolves.

mod build;
mod expression;
mod intrinsic;
mod map;
mod number;
mod path;
mod place;
mod read;
mod reference;
#[cfg(feature = "serde_json")]
mod serde_json;
mod sub;
mod template;
mod value;
mod write;

pub use build::{DeletionPolicy, Output, Parameter, ParameterType, Resource, Rule, UpdateReplacePolicy};
pub use expression::Expression;
pub use intrinsic::{FindInMap, Function, GetAtt, GetStackOutput, Intrinsic};
pub use map::Map;
pub use number::Number;
pub use path::{Path, Segment, Trail};
pub use place::{Place, Places};
#[cfg(feature = "yaml")]
pub use read::read_yaml;
pub use read::{Document, ReadError, ReadErrorKind, read, read_bytes, read_json};
pub use reference::{Reference, ResourceId, StackId, Strength};
pub use sub::{SubPart, SubText, SubVariable};
pub use template::{OutputView, ParameterView, ResourceView, Section, Template};
pub use value::{Text, Value};
#[cfg(feature = "yaml")]
pub use write::{YamlStyle, to_yaml};
pub use write::{to_json, to_json_compact};
