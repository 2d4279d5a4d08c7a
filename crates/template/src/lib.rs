//! The CloudFormation document, as one model that every other part works on.
//!
//! # The model
//!
//! A [`Value`] is a node of a document: the data model of JSON, in document order, with numbers as they are written. It
//! has one addition, a [`Reference`] to a resource of this or another stack, which synthesis resolves. A [`Map`] is a
//! mapping of such values.
//!
//! A [`Template`] is a root mapping and nothing else, so that any template of anybody is held without loss, mistakes and
//! novelties included. What is typed are the ways to look at it and to build it:
//!
//! - [`ResourceView`], [`ParameterView`] and [`OutputView`] look at entries, and [`Intrinsic`] at the calls of functions,
//!   without copying and without believing that they are right. [`SubText`] takes the text of `Fn::Sub` apart.
//! - [`Resource`], [`Parameter`], [`Output`] and [`Rule`] build entries, and [`Expression`] the calls of functions.
//!
//! A [`Path`] leads to any value, and a [`Trail`] is its cheap form while a document is walked.
//!
//! # Text
//!
//! [`read`] reads JSON and YAML, the short forms of functions included, into a [`Document`]: the value, and [`Places`],
//! the line and column of each key and value. [`to_json`] and `to_yaml` write. What is written is read as the same
//! data, by other readers too.
//!
//! No input makes a reader panic, or take memory or time far beyond the size of the input.
//!
//! ```
//! # #[cfg(not(feature = "yaml"))]
//! # fn main() {}
//! # #[cfg(feature = "yaml")]
//! # fn main() -> Result<(), stackgen_template::ReadError> {
//! use stackgen_template::{Expression, Intrinsic, Path, Resource, Template, read};
//!
//! // Built here …
//! let mut built = Template::new();
//! built.insert_resource("Data", Resource::new("AWS::S3::Bucket"));
//! built.insert_resource(
//!     "Reader",
//!     Resource::new("AWS::SSM::Parameter")
//!         .property("Type", "String")
//!         .property("Value", Expression::get_att("Data", "Arn")),
//! );
//!
//! // … and read from what somebody else wrote.
//! let text = "
//! Resources:
//!   Data:
//!     Type: AWS::S3::Bucket
//!   Reader:
//!     Type: AWS::SSM::Parameter
//!     Properties:
//!       Type: String
//!       Value: !GetAtt Data.Arn
//! ";
//! let (template, places) = read(text)?.into_template()?;
//! assert_eq!(template, built);
//!
//! let reader = template.resource("Reader").expect("it was read");
//! let value = reader.property("Value").expect("it has a value");
//! let attribute = Intrinsic::of(value).and_then(|call| call.get_att()).expect("it is `Fn::GetAtt`");
//! assert_eq!(attribute.logical_id, "Data");
//!
//! let path = Path::root().key("Resources").key("Reader").key("Properties").key("Value");
//! assert_eq!(places.of(&path).expect("it was read").to_string(), "9:14");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `yaml`, on by default: reading and writing YAML. Without it the crate has no dependencies.
//! - `serde_json`: conversions from and to the values of `serde_json`.

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
pub mod wildcard;
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
