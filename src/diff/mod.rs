//! What a deployment will do: two templates in, what differs between them out.
//!
//! [`diff`] compares two sets of stacks and gives [`Changes`]: for each resource what CloudFormation will do to it, down to
//! the property, what a replacement reaches, what data is lost, what access opens or closes, and what CloudFormation will
//! refuse. [`read_stacks`] and [`Revision`] say where stacks come from, and [`render`] turns changes into text, JSON or Markdown.
//!
//! ```
//! use stackgen::diff::{Action, StackTemplate, diff};
//! use stackgen::template::{Resource, Template};
//!
//! let template = |name: &'static str| {
//!     let mut template = Template::new();
//!     template.insert_resource("Data", Resource::new("AWS::S3::Bucket").property("BucketName", name));
//!     StackTemplate::new("photos", template)
//! };
//! let changes = diff(&[template("old-name")], &[template("new-name")]);
//! assert_eq!(changes.stacks[0].resources[0].action, Action::Replace);
//! assert!(changes.loses_data());
//! ```
//!
//! # What is no change
//!
//! Values are compared by what they mean: `"5"` and `5`, `Fn::Sub` and `Fn::Join` of the same text, the order of keys, of
//! tags, of the statements and actions of a policy, JSON written as text with other blanks, `AWS::NoValue` and absence,
//! `DeletionPolicy: Delete` and none.
//!
//! # What decides on a replacement
//!
//! The registry's create-only properties, as the embedded schema has them; conditional ones, and all of types that the schema
//! does not know, *may* replace. What refers to a replaced resource by a create-only property is replaced too.
//!
//! # Limits
//!
//! Templates are compared as they are written. What macros make of them, and which values a deployment gives to parameters,
//! is not known here: such effects are told as possible.

mod access;
mod canonical;
mod change_kind;
mod changes;
mod compare;
mod effect;
mod entries;
mod exports;
mod moves;
mod notices;
mod policy_document;
mod readable;
mod references;
pub mod render;
mod resource;
mod revision;
mod ripple;
mod scalar;
mod source;
mod stack;
mod stack_template;

// The templates of the tests are YAML.
#[cfg(all(test, feature = "cli"))]
#[expect(clippy::unwrap_used)]
mod tests;

pub use access::{AccessChange, AccessRule, Exposure, NetworkChange, NetworkRule, RuleEffect, Traffic};
pub use change_kind::ChangeKind;
pub use changes::{
    Action, Cause, CauseSource, Changes, DataRisk, Effect, EntryChange, Gravity, Notice, NoticeKind, PropertyChange,
    ResourceChange, StackChange, StackChanges, SuggestedMove,
};
pub use readable::readable;
pub use revision::Revision;
pub use source::{SourceError, read_stacks};
pub use stack::diff;
pub use stack_template::StackTemplate;

/// The JSON schema of what [`render::json`] writes.
pub const JSON_SCHEMA: &str = include_str!("changes.schema.json");
