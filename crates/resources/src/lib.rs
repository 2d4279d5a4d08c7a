//! Typed forms of every CloudFormation resource type.
pub mod typed;
