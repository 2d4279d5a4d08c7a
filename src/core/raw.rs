//! Resources without a typed form.

use stackgen_resources::typed::{Any, Arg, Attribute, Handle};
use stackgen_template::{Map, Reference, ResourceId, Text, Value};

use super::{Attributes, Construct, Scope};

/// A resource of any type, its properties given by name. Synthesis checks it by the schema like any other.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// app.stack("chat").add("Room", RawResource::new("AWS::IVSChat::Room").set("MaximumMessageLength", 500));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RawResource {
    type_name: Text,
    properties: Map,
    attributes: Attributes,
}

impl RawResource {
    /// A resource of `type_name`, such as `AWS::SQS::Queue`, `Custom::Thing` or a private type.
    pub fn new(type_name: impl Into<Text>) -> Self {
        Self { type_name: type_name.into(), properties: Map::new(), attributes: Attributes::new() }
    }

    /// Sets a property.
    pub fn set(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.properties.insert(name, value);
        self
    }

    /// Sets the attributes of the resource.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }
}

impl Construct for RawResource {
    type Handle = RawHandle;

    fn build(self, scope: &mut Scope<'_>) -> RawHandle {
        RawHandle(scope.insert_resource(self.type_name, self.properties, self.attributes))
    }
}

/// The handle of a [`RawResource`]: its attributes by name, checked by synthesis.
#[derive(Debug, Clone)]
pub struct RawHandle(ResourceId);

impl RawHandle {
    /// The `Ref` of the resource.
    pub fn reference(&self) -> Attribute {
        Attribute::of(Reference::to(self.0.clone()))
    }

    /// An attribute of the resource, such as `Arn`.
    pub fn attribute(&self, name: impl Into<Text>) -> Attribute {
        Attribute::of(Reference::attribute(self.0.clone(), name))
    }
}

impl From<ResourceId> for RawHandle {
    fn from(id: ResourceId) -> Self {
        Self(id)
    }
}

impl Handle for RawHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

impl Arg<Any> for RawHandle {
    fn into_value(self) -> Value {
        Reference::to(self.0).into()
    }
}
