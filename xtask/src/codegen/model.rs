//! What is generated for one resource type, before it is written as Rust.

use std::collections::BTreeSet;

use super::naming::variant;
use super::references::{Reference, Target};

/// A resource type.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `AWS::Lambda::Function`.
    pub(crate) type_name: String,
    /// The name of its Rust type: `Function`.
    pub(crate) name: String,
    /// The module of its property types: `function`.
    pub(crate) module: String,
    /// Its settable properties.
    pub(crate) properties: Vec<Property>,
    /// The objects that its properties hold, at any depth.
    pub(crate) objects: Vec<Object>,
    /// The enums that its properties hold.
    pub(crate) enums: Vec<Enum>,
    /// What its `Ref` gives.
    pub(crate) reference: Reference,
    /// What `Fn::GetAtt` gives.
    pub(crate) attributes: Vec<Attribute>,
}

/// A property type: an object with named properties.
#[derive(Debug)]
pub(crate) struct Object {
    /// The name of its Rust type.
    pub(crate) name: String,
    /// Its name in the schema.
    pub(crate) schema_name: String,
    /// Its properties.
    pub(crate) properties: Vec<Property>,
}

/// A property of a resource or object.
#[derive(Debug)]
pub(crate) struct Property {
    /// As CloudFormation writes it.
    pub(crate) name: String,
    /// The name of its setter.
    pub(crate) setter: String,
    pub(crate) value: ValueType,
    pub(crate) required: bool,
    /// Whether a change replaces the resource.
    pub(crate) replaces: bool,
    /// The resources it refers to, as the sources say; [`Self::accepts`] is what becomes of them.
    pub(crate) targets: BTreeSet<Target>,
    /// What the setter takes when the property holds references.
    pub(crate) accepts: Accepts,
}

/// What a property that refers to other resources takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Any string.
    Text,
    /// The ARN of anything.
    AnyArn,
    /// These references.
    References(BTreeSet<Reference>),
}

/// The type of a property's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueType {
    Text,
    Boolean,
    /// An integer within the range, if one is given.
    Integer(Option<(i64, i64)>),
    Number,
    /// Any JSON.
    Any,
    /// A tag with a key and a value.
    Tag,
    /// The enum of that name.
    Enum(String),
    /// The object of that name.
    Object(String),
    List(Box<ValueType>),
    Map(Box<ValueType>),
}

impl ValueType {
    /// The type inside lists and maps.
    pub(crate) fn innermost(&self) -> &Self {
        match self {
            Self::List(item) | Self::Map(item) => item.innermost(),
            other => other,
        }
    }
}

/// An enum of strings.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    /// Variant and value.
    pub(crate) variants: Vec<(String, String)>,
}

impl Enum {
    /// An enum of `values`, each once.
    pub(crate) fn new(name: String, values: &[impl AsRef<str>]) -> Self {
        let mut variants: Vec<(String, String)> = Vec::new();
        let mut used = BTreeSet::new();
        for value in values.iter().map(AsRef::as_ref) {
            if variants.iter().any(|(_, known)| known == value) {
                continue;
            }
            let mut candidate = variant(value);
            while !used.insert(candidate.clone()) {
                candidate.push('_');
            }
            variants.push((candidate, value.to_owned()));
        }
        Self { name, variants }
    }
}

/// An attribute of `Fn::GetAtt`.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// As `Fn::GetAtt` names it: `Endpoint.Address`.
    pub(crate) name: String,
    /// The method of the handle.
    pub(crate) method: String,
    pub(crate) reference: Reference,
}
