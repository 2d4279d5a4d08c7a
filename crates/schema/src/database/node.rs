//! The constraints on a value, as the registry states them.

use super::Database;
use super::bytes::{Reader, Symbol, Table};

pub(crate) use super::bytes::Symbols as Names;
use super::format::{additional, tag};
use super::pattern::PatternId;

/// What is demanded of a value: a list of constraints that all must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

impl Node {
    pub(crate) const fn new(offset: u32) -> Self {
        Self(offset)
    }

    /// The constraints, read as they are asked for.
    pub(crate) fn constraints(self) -> Constraints {
        Constraints { reader: Database::get().node_bytes(self.0) }
    }
}

fn node(reader: &mut Reader) -> Node {
    Node(reader.offset())
}

/// The constraints of a node.
#[derive(Debug, Clone)]
pub(crate) struct Constraints {
    reader: Reader,
}

/// A single demand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Constraint {
    /// The JSON types, as bits of [`json_type`](super::format::json_type).
    Type(u8),
    Object(Object),
    Required(Names),
    Items(Node),
    MinItems(usize),
    MaxItems(usize),
    Unique,
    MinLength(usize),
    MaxLength(usize),
    Pattern(PatternId),
    NotPattern(PatternId),
    Enum(Names),
    EnumIgnoringCase(Names),
    Minimum(f64),
    Maximum(f64),
    Above(f64),
    Below(f64),
    MultipleOf(f64),
    Format(u8),
    OneOf(Nodes),
    AnyOf(Nodes),
    AllOf(Nodes),
    Not(Node),
    If {
        test: Node,
        then: Node,
        otherwise: Node,
    },
    DependentRequired(Symbol, Names),
    DependentExcluded(Symbol, Names),
    RequiredXor(Names),
    RequiredOr(Names),
    MinProperties(usize),
    MaxProperties(usize),
    Constant(Symbol),
    Never,
    Contains(Node),
    PropertyNames(Node),
    UniqueKeys(Names),
    Recurse(Node),
    Unordered,
}

impl Iterator for Constraints {
    type Item = Constraint;

    fn next(&mut self) -> Option<Constraint> {
        let reader = &mut self.reader;
        Some(match reader.byte() {
            tag::END => {
                // The end stays the end, however often it is asked for.
                *reader = Reader::new(&[tag::END]);
                return None;
            }
            tag::TYPE => Constraint::Type(reader.byte()),
            tag::OBJECT => Constraint::Object(Object::read(reader)),
            tag::REQUIRED => Constraint::Required(reader.symbols()),
            tag::ITEMS => Constraint::Items(node(reader)),
            tag::MIN_ITEMS => Constraint::MinItems(reader.length()),
            tag::MAX_ITEMS => Constraint::MaxItems(reader.length()),
            tag::UNIQUE => Constraint::Unique,
            tag::MIN_LENGTH => Constraint::MinLength(reader.length()),
            tag::MAX_LENGTH => Constraint::MaxLength(reader.length()),
            tag::PATTERN => Constraint::Pattern(PatternId::new(reader.length())),
            tag::NOT_PATTERN => Constraint::NotPattern(PatternId::new(reader.length())),
            tag::ENUM => Constraint::Enum(reader.symbols()),
            tag::ENUM_IGNORING_CASE => Constraint::EnumIgnoringCase(reader.symbols()),
            tag::MINIMUM => Constraint::Minimum(reader.number()),
            tag::MAXIMUM => Constraint::Maximum(reader.number()),
            tag::ABOVE => Constraint::Above(reader.number()),
            tag::BELOW => Constraint::Below(reader.number()),
            tag::MULTIPLE_OF => Constraint::MultipleOf(reader.number()),
            tag::FORMAT => Constraint::Format(reader.byte()),
            tag::ONE_OF => Constraint::OneOf(Nodes(reader.table(3))),
            tag::ANY_OF => Constraint::AnyOf(Nodes(reader.table(3))),
            tag::ALL_OF => Constraint::AllOf(Nodes(reader.table(3))),
            tag::NOT => Constraint::Not(node(reader)),
            tag::IF => Constraint::If { test: node(reader), then: node(reader), otherwise: node(reader) },
            tag::DEPENDENT_REQUIRED => Constraint::DependentRequired(reader.symbol(), reader.symbols()),
            tag::DEPENDENT_EXCLUDED => Constraint::DependentExcluded(reader.symbol(), reader.symbols()),
            tag::REQUIRED_XOR => Constraint::RequiredXor(reader.symbols()),
            tag::REQUIRED_OR => Constraint::RequiredOr(reader.symbols()),
            tag::MIN_PROPERTIES => Constraint::MinProperties(reader.length()),
            tag::MAX_PROPERTIES => Constraint::MaxProperties(reader.length()),
            tag::CONSTANT => Constraint::Constant(reader.symbol()),
            tag::NEVER => Constraint::Never,
            tag::CONTAINS => Constraint::Contains(node(reader)),
            tag::PROPERTY_NAMES => Constraint::PropertyNames(node(reader)),
            tag::UNIQUE_KEYS => Constraint::UniqueKeys(reader.symbols()),
            tag::RECURSE => Constraint::Recurse(Database::get().recursion(reader.length())),
            tag::UNORDERED => Constraint::Unordered,
            other => unreachable!("the database has the unknown tag {other}"),
        })
    }
}

/// Several nodes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nodes(Table);

impl Nodes {
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = Node> {
        self.0.iter().map(|mut entry| node(&mut entry))
    }
}

/// The properties of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object {
    properties: Table,
    by_pattern: Reader,
    pattern_count: usize,
    pub(crate) others: Others,
}

/// What an object does with properties that it does not list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Others {
    Allowed,
    Forbidden,
    Node(Node),
}

impl Object {
    fn read(reader: &mut Reader) -> Self {
        let properties = reader.table(6);
        let pattern_count = reader.length();
        let by_pattern = *reader;
        for _ in 0..pattern_count {
            reader.count();
            reader.offset();
        }
        let others = match reader.byte() {
            additional::ALLOWED => Others::Allowed,
            additional::FORBIDDEN => Others::Forbidden,
            additional::NODE => Others::Node(node(reader)),
            other => unreachable!("the database has the unknown mark {other}"),
        };
        Self { properties, by_pattern, pattern_count, others }
    }

    /// The node of a property that is listed by its name.
    pub(crate) fn property(&self, name: &str) -> Option<Node> {
        self.properties.find(name).map(|mut entry| node(&mut entry))
    }

    /// The listed properties, in order of their names.
    pub(crate) fn properties(self) -> impl ExactSizeIterator<Item = (&'static str, Node)> {
        self.properties.iter().map(|mut entry| (entry.symbol().text(), node(&mut entry)))
    }

    /// The node of the first pattern that matches `name`.
    pub(crate) fn property_by_pattern(&self, name: &str) -> Option<Node> {
        let mut reader = self.by_pattern;
        for _ in 0..self.pattern_count {
            let pattern = PatternId::new(reader.length());
            let node = node(&mut reader);
            if pattern.matches(name) {
                return Some(node);
            }
        }
        None
    }
}
