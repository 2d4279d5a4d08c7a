//! What a resource type is to the constructs that hold it.

use stackgen_template::{Map, Reference, ResourceId, Text};

use super::Attribute;

/// A complete declaration of a resource: all its required properties are set.
pub trait Resource {
    /// The CloudFormation type, such as `AWS::S3::Bucket`.
    const TYPE: &'static str;

    /// What adding the resource gives: its `Ref` and attributes.
    type Handle: Handle + From<ResourceId>;

    /// The properties as they stand in the template.
    fn into_properties(self) -> Map;
}

/// What others need of a declared resource: its `Ref` and attributes.
pub trait Handle: Clone {
    /// The resource.
    fn id(&self) -> &ResourceId;

    /// An attribute that the pinned schema does not know, such as an output of a custom resource.
    fn attribute(&self, name: impl Into<Text>) -> Attribute {
        Attribute::of(Reference::attribute(self.id().clone(), name))
    }
}
