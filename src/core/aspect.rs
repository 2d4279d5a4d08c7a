//! Aspects: a function over every resource of an app.

use stackgen_template::{Map, Text};

use super::{Attributes, RemovalPolicy};

/// A resource as an aspect sees it, to read and to change: see [`App::aspect`](super::App::aspect).
#[derive(Debug)]
pub struct AspectResource<'a> {
    /// The stack that holds it.
    pub stack: &'a str,
    /// The path of names below the stack.
    pub path: &'a str,
    /// The key in the template.
    pub logical_id: &'a str,
    /// The CloudFormation type.
    pub type_name: &'a str,
    /// The properties.
    pub properties: &'a mut Map,
    pub(super) attributes: &'a mut Attributes,
    pub(super) tags: &'a mut Vec<(Text, Text)>,
    pub(super) problems: &'a mut Vec<(bool, String)>,
}

impl AspectResource<'_> {
    /// Sets what becomes of the resource when it is removed or replaced.
    pub fn set_removal(&mut self, policy: RemovalPolicy) {
        self.attributes.removal = Some(policy);
    }

    /// Adds a tag, where the type has tags.
    pub fn tag(&mut self, key: impl Into<Text>, value: impl Into<Text>) {
        self.tags.push((key.into(), value.into()));
    }

    /// Reports an error at the place where the resource was added: nothing is written.
    pub fn error(&mut self, message: impl Into<String>) {
        self.problems.push((true, message.into()));
    }

    /// Reports a warning at the place where the resource was added.
    pub fn warn(&mut self, message: impl Into<String>) {
        self.problems.push((false, message.into()));
    }
}
