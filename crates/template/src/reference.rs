//! References between resources, before synthesis decides how they are written.

use std::fmt;
use std::sync::Arc;

use crate::{Expression, Text, Value};

/// Which stack of an app, by the order in which stacks were added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(pub u32);

/// A resource, parameter or pseudo resource of one stack.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    stack: StackId,
    logical_id: Arc<str>,
}

impl ResourceId {
    /// The resource `logical_id` of `stack`.
    pub fn new(stack: StackId, logical_id: impl Into<Arc<str>>) -> Self {
        Self { stack, logical_id: logical_id.into() }
    }

    /// The stack that holds the resource.
    pub fn stack(&self) -> StackId {
        self.stack
    }

    /// The key of the resource in its template.
    pub fn logical_id(&self) -> &str {
        &self.logical_id
    }
}

impl fmt::Debug for ResourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}", self.stack.0, self.logical_id)
    }
}

/// How a reference to another stack is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Strength {
    /// An export and an import: the producer cannot drop the value while it is imported.
    #[default]
    Strong,
    /// `Fn::GetStackOutput`: the value is read at deployment, and nothing holds the producer.
    Weak,
}

/// What a resource gives to others: its `Ref`, or one of its attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The resource.
    pub resource: ResourceId,
    /// The attribute of `Fn::GetAtt`; none is `Ref`.
    pub attribute: Option<Text>,
    /// How another stack reaches it.
    pub strength: Strength,
}

impl Reference {
    /// The `Ref` of a resource.
    pub fn to(resource: ResourceId) -> Self {
        Self { resource, attribute: None, strength: Strength::Strong }
    }

    /// An attribute of a resource.
    pub fn attribute(resource: ResourceId, attribute: impl Into<Text>) -> Self {
        Self { resource, attribute: Some(attribute.into()), strength: Strength::Strong }
    }

    /// The reference as it is written in the template that holds the resource: `Ref` or `Fn::GetAtt`.
    pub fn to_intrinsic(&self) -> Value {
        let logical_id = self.resource.logical_id().to_owned();
        match &self.attribute {
            None => Expression::reference(logical_id).into(),
            Some(attribute) => Expression::get_att(logical_id, attribute.clone()).into(),
        }
    }

    /// The same reference, made weak: see [`Strength::Weak`].
    pub fn weak(mut self) -> Self {
        self.strength = Strength::Weak;
        self
    }
}
