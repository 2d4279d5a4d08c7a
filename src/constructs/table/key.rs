//! Keys of tables and indexes.

use stackgen_template::{Map, Text, Value};

/// The type of an attribute that keys are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyType {
    /// Text.
    String,
    /// A number.
    Number,
    /// Bytes.
    Binary,
}

impl KeyType {
    /// The type as DynamoDB writes it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::String => "S",
            Self::Number => "N",
            Self::Binary => "B",
        }
    }
}

/// An attribute that items are found by: its name and type. There is no other way to declare an attribute, so those that
/// keys use are always declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub(super) name: Text,
    pub(super) key_type: KeyType,
}

impl Key {
    /// An attribute that holds text.
    pub fn string(name: impl Into<Text>) -> Self {
        Self { name: name.into(), key_type: KeyType::String }
    }

    /// An attribute that holds a number.
    pub fn number(name: impl Into<Text>) -> Self {
        Self { name: name.into(), key_type: KeyType::Number }
    }

    /// An attribute that holds bytes.
    pub fn binary(name: impl Into<Text>) -> Self {
        Self { name: name.into(), key_type: KeyType::Binary }
    }

    /// The declaration of the attribute.
    pub(super) fn definition(&self) -> Value {
        Map::from_iter([
            (Text::Borrowed("AttributeName"), self.name.clone().into()),
            (Text::Borrowed("AttributeType"), self.key_type.as_str().into()),
        ])
        .into()
    }
}

/// The key schema of a table or index.
pub(super) fn schema(partition: &Key, sort: Option<&Key>) -> Value {
    let item = |key: &Key, role: &'static str| {
        Value::Map(Map::from_iter([
            (Text::Borrowed("AttributeName"), key.name.clone().into()),
            (Text::Borrowed("KeyType"), role.into()),
        ]))
    };
    let partition = item(partition, "HASH");
    Value::List(std::iter::once(partition).chain(sort.map(|key| item(key, "RANGE"))).collect())
}
