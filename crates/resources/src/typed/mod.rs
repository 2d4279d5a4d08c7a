//! What all generated types are made of: which Rust values a property takes, and what a resource type is.
//!
//! A generated type is a typed face over a map of properties: its setters take `impl Arg<T>` for the type `T` that the
//! schema gives the property, and write a [`Value`]. So the generated crate compiles to almost no machine code of its own.

mod argument;
mod generated;
mod integer;
mod item;
mod properties;
mod reference;
mod required;
mod resource;

pub use argument::{Any, Arg, Dict, List, StringEnum, Tag, TagLike, TakesExpression};
pub use integer::{Int, IntRangeError, Literal, int};
pub use item::{Item, item};
pub use properties::Properties;
pub use reference::{Accepts, AnyArn, Arn, ArnLiteral, Attribute, Checked, Id, Kind, Slot, assume, literal};
pub use required::{Given, Set};
pub use resource::{Handle, Resource};
pub use stackgen_template::{Expression, Map, Reference, ResourceId, Text, Value};
