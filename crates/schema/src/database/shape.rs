//! The shape of a property, for those who ask: constructs, diff, documentation.

use super::format::json_type;
use super::node::{Constraint, Node, Others};

/// The JSON types that a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    pub(crate) const fn new(bits: u8) -> Self {
        Self(bits)
    }

    /// Whether nothing is said of the type.
    pub const fn is_unknown(self) -> bool {
        self.0 == 0
    }

    /// Whether it may be a mapping.
    pub const fn object(self) -> bool {
        self.0 & json_type::OBJECT != 0
    }

    /// Whether it may be a list.
    pub const fn list(self) -> bool {
        self.0 & json_type::ARRAY != 0
    }

    /// Whether it may be text.
    pub const fn string(self) -> bool {
        self.0 & json_type::STRING != 0
    }

    /// Whether it may be a number, an integer or not.
    pub const fn number(self) -> bool {
        self.0 & (json_type::INTEGER | json_type::NUMBER) != 0
    }

    /// Whether it may be true or false.
    pub const fn boolean(self) -> bool {
        self.0 & json_type::BOOLEAN != 0
    }
}

/// What is known of the value of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape(Node);

impl Shape {
    pub(crate) const fn new(node: Node) -> Self {
        Self(node)
    }

    /// The JSON types it may have.
    pub fn kinds(self) -> Kinds {
        let bits = self.0.constraints().find_map(|constraint| match constraint {
            Constraint::Type(bits) => Some(bits),
            Constraint::Recurse(node) => Some(Self(node).kinds().0),
            _ => None,
        });
        Kinds(bits.unwrap_or(0))
    }

    /// The listed properties of a mapping, in order of their names.
    pub fn properties(self) -> Vec<(&'static str, Self)> {
        let mut properties = Vec::new();
        for constraint in self.0.constraints() {
            match constraint {
                Constraint::Object(object) => {
                    properties.extend(object.properties().map(|(name, node)| (name, Self(node))));
                }
                Constraint::Recurse(node) => properties.extend(Self(node).properties()),
                Constraint::AllOf(nodes) => properties.extend(nodes.iter().flat_map(|node| Self(node).properties())),
                _ => {}
            }
        }
        properties
    }

    /// The property `name` of a mapping, also one whose name only a pattern gives.
    pub fn property(self, name: &str) -> Option<Self> {
        self.0.constraints().find_map(|constraint| match constraint {
            Constraint::Object(object) => {
                let named = object.property(name).or_else(|| object.property_by_pattern(name));
                named.map(Self).or(match object.others {
                    Others::Node(node) => Some(Self(node)),
                    _ => None,
                })
            }
            Constraint::Recurse(node) => Self(node).property(name),
            Constraint::AllOf(nodes) => nodes.iter().find_map(|node| Self(node).property(name)),
            _ => None,
        })
    }

    /// The items of a list.
    pub fn items(self) -> Option<Self> {
        self.0.constraints().find_map(|constraint| match constraint {
            Constraint::Items(node) => Some(Self(node)),
            Constraint::Recurse(node) => Self(node).items(),
            Constraint::AllOf(nodes) => nodes.iter().find_map(|node| Self(node).items()),
            _ => None,
        })
    }

    /// The properties that a mapping must have.
    pub fn required(self) -> Vec<&'static str> {
        self.0
            .constraints()
            .flat_map(|constraint| match constraint {
                Constraint::Required(names) => names.iter().collect(),
                Constraint::Recurse(node) => Self(node).required(),
                _ => Vec::new(),
            })
            .collect()
    }

    /// The values that it may have, where they are listed.
    pub fn values(self) -> Option<Vec<&'static str>> {
        self.0.constraints().find_map(|constraint| match constraint {
            Constraint::Enum(values) | Constraint::EnumIgnoringCase(values) => Some(values.iter().collect()),
            Constraint::Recurse(node) => Self(node).values(),
            _ => None,
        })
    }

    /// Whether the order of the items of a list means nothing, so that another order is no change.
    pub fn is_unordered(self) -> bool {
        self.0.constraints().any(|constraint| matches!(constraint, Constraint::Unordered))
    }
}
