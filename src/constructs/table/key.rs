//! Keys of tables and indexes.

use stackgen_resources::dynamodb::table::{AttributeDefinition, AttributeType, KeySchemaItem, KeyType};
use stackgen_resources::typed::Set;
use stackgen_template::Text;

/// An attribute that items are found by: its name and type. There is no other way to declare an attribute, so those that
/// keys use are always declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub(super) name: Text,
    pub(super) attribute_type: AttributeType,
}

impl Key {
    /// An attribute that holds text.
    pub fn string(name: impl Into<Text>) -> Self {
        Self { name: name.into(), attribute_type: AttributeType::S }
    }

    /// An attribute that holds a number.
    pub fn number(name: impl Into<Text>) -> Self {
        Self { name: name.into(), attribute_type: AttributeType::N }
    }

    /// An attribute that holds bytes.
    pub fn binary(name: impl Into<Text>) -> Self {
        Self { name: name.into(), attribute_type: AttributeType::B }
    }

    /// The declaration of the attribute.
    pub(super) fn definition(&self) -> AttributeDefinition<Set, Set> {
        AttributeDefinition::new().attribute_name(self.name.clone()).attribute_type(self.attribute_type)
    }
}

/// The key schema of a table or index.
pub(super) fn schema(partition: &Key, sort: Option<&Key>) -> Vec<KeySchemaItem<Set, Set>> {
    let item = |key: &Key, role| KeySchemaItem::new().attribute_name(key.name.clone()).key_type(role);
    std::iter::once(item(partition, KeyType::Hash)).chain(sort.map(|key| item(key, KeyType::Range))).collect()
}
