//! What is known of a resource type.

use stackgen_template::Segment;

use super::bytes::{Reader, Symbols, Table};
use super::format::flag;
use super::node::Node;
use super::shape::{Kinds, Shape};

/// A resource type: what CloudFormation's registry says of it.
#[derive(Debug, Clone, Copy)]
pub struct ResourceType {
    name: &'static str,
    index: usize,
    root: Node,
    flags: u8,
    tag_property: &'static str,
    attributes: Table,
    read_only: Symbols,
    create_only: Symbols,
    conditional_create_only: Symbols,
    write_only: Symbols,
    deprecated: Symbols,
    primary_identifier: Symbols,
    rules: Table,
}

/// An attribute that `Fn::GetAtt` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    name: &'static str,
    kinds: Kinds,
}

impl Attribute {
    /// The name, which may have dots: `Endpoint.Port`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The JSON types of the value, where they are known.
    pub const fn kinds(&self) -> Kinds {
        self.kinds
    }
}

/// What a change of a property does to the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    /// The resource is updated in place.
    Never,
    /// Under conditions that depend on the values, the resource is replaced.
    Conditional,
    /// The resource is replaced by a new one.
    Always,
}

/// A rule across several properties.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CrossPropertyRule {
    pub(crate) node: Node,
    pub(crate) warning: bool,
    pub(crate) message: &'static str,
}

impl ResourceType {
    pub(super) fn read(name: &'static str, index: usize, mut reader: Reader) -> Self {
        Self {
            name,
            index,
            root: Node::new(reader.offset()),
            flags: reader.byte(),
            tag_property: reader.symbol().text(),
            attributes: reader.table(5),
            read_only: reader.symbols(),
            create_only: reader.symbols(),
            conditional_create_only: reader.symbols(),
            write_only: reader.symbols(),
            deprecated: reader.symbols(),
            primary_identifier: reader.symbols(),
            rules: reader.table(7),
        }
    }

    /// The name, such as `AWS::S3::Bucket`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn index(&self) -> usize {
        self.index
    }

    pub(crate) const fn root(&self) -> Node {
        self.root
    }

    pub(crate) fn rules(&self) -> impl ExactSizeIterator<Item = CrossPropertyRule> {
        self.rules.iter().map(|mut entry| CrossPropertyRule {
            node: Node::new(entry.offset()),
            warning: entry.byte() == 1,
            message: entry.symbol().text(),
        })
    }

    /// Whether resources of the type hold data that is lost when they are deleted or replaced.
    pub const fn is_stateful(&self) -> bool {
        self.flags & flag::STATEFUL != 0
    }

    /// Whether the attributes are not known in advance, as those of custom resources.
    pub const fn has_any_attribute(&self) -> bool {
        self.flags & flag::ANY_ATTRIBUTE != 0
    }

    /// The property that holds the tags; none for a type that takes none.
    pub fn tag_property(&self) -> Option<&'static str> {
        Some(self.tag_property).filter(|name| !name.is_empty())
    }

    /// The attributes that `Fn::GetAtt` gives, in order of the names.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = Attribute> {
        self.attributes
            .iter()
            .map(|mut entry| Attribute { name: entry.symbol().text(), kinds: Kinds::new(entry.byte()) })
    }

    /// The attribute `name`. A name with dots may also lead into an attribute that is a mapping.
    pub fn attribute(&self, name: &str) -> Option<Attribute> {
        if let Some(mut entry) = self.attributes.find(name) {
            let name = self.attributes.entry(self.attributes.position(name)?).symbol().text();
            return Some(Attribute { name, kinds: Kinds::new(entry.byte()) });
        }
        let (outer, _) = name.rsplit_once('.')?;
        let outer = self.attribute(outer)?;
        let inside = outer.kinds.object() || outer.kinds.is_unknown();
        inside.then_some(Attribute { kinds: Kinds::new(0), ..outer })
    }

    /// The shape of all properties together.
    pub const fn shape(&self) -> Shape {
        Shape::new(self.root)
    }

    /// The properties, in order of the names.
    pub fn properties(&self) -> Vec<(&'static str, Shape)> {
        self.shape().properties()
    }

    /// The property `name`.
    pub fn property(&self, name: &str) -> Option<Shape> {
        self.shape().property(name)
    }

    /// The properties that must be set.
    pub fn required(&self) -> Vec<&'static str> {
        self.shape().required()
    }

    /// The paths of properties that cannot be set, such as `Endpoint/Port`; `*` is every item of a list.
    pub fn read_only(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.read_only.iter()
    }

    /// The paths of properties whose change replaces the resource.
    pub fn create_only(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.create_only.iter()
    }

    /// The paths of properties whose change replaces the resource under some conditions.
    pub fn conditional_create_only(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.conditional_create_only.iter()
    }

    /// The paths of properties that cannot be read back, such as passwords.
    pub fn write_only(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.write_only.iter()
    }

    /// The paths of properties that should no longer be used.
    pub fn deprecated(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.deprecated.iter()
    }

    /// The paths of the properties that together identify a resource.
    pub fn primary_identifier(&self) -> impl ExactSizeIterator<Item = &'static str> {
        self.primary_identifier.iter()
    }

    /// What a change at `path`, seen from the properties, does to the resource.
    pub fn replaces(&self, path: &[Segment]) -> Replacement {
        // The change of a whole mapping may or may not change the part that cannot be changed in place.
        match longest(self.create_only, path) {
            Relation::Inside => Replacement::Always,
            Relation::None if longest(self.conditional_create_only, path) == Relation::None => Replacement::Never,
            Relation::None | Relation::Around => Replacement::Conditional,
        }
    }
}

/// How a path relates to those of a list.
#[derive(PartialEq, PartialOrd)]
enum Relation {
    None,
    /// It leads to something that holds a listed one.
    Around,
    /// It is a listed one or leads into it.
    Inside,
}

fn longest(listed: Symbols, path: &[Segment]) -> Relation {
    let mut closest = Relation::None;
    for text in listed.iter() {
        let mut steps = text.split('/');
        let mut segments = path.iter();
        let relation = loop {
            match (steps.next(), segments.next()) {
                // Lists are not always marked with `*`.
                (None, _) | (Some(_), Some(Segment::Index(_))) => break Relation::Inside,
                (Some(_), None) => break Relation::Around,
                (Some("*"), Some(_)) => {}
                (Some(step), Some(Segment::Key(key))) if step == key => {}
                _ => break Relation::None,
            }
        };
        if relation > closest {
            closest = relation;
        }
    }
    closest
}
