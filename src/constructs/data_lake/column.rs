//! Columns of tables in the Glue catalogue.

use std::collections::BTreeSet;

use stackgen_template::{Map, Text, Value};

use crate::core::{Problem, Scope};

/// The type of a column, in the words of Hive, which Athena and Glue use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    BigInt,
    /// A floating-point number of 32 bits.
    Float,
    /// A floating-point number of 64 bits.
    Double,
    /// A decimal number: all digits, and those behind the point.
    Decimal(u8, u8),
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// Bytes.
    Binary,
    /// A list.
    Array(Box<ColumnType>),
    /// A mapping from the one to the other.
    Map(Box<ColumnType>, Box<ColumnType>),
    /// Named fields.
    Struct(Vec<(Text, ColumnType)>),
    /// Another type, as Hive writes it.
    Other(Text),
}

impl ColumnType {
    /// The type as Hive writes it, such as `array<string>`.
    pub fn to_text(&self) -> Text {
        Text::Borrowed(match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::BigInt => "bigint",
            Self::Float => "float",
            Self::Double => "double",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Binary => "binary",
            Self::Other(text) => return text.clone(),
            Self::Decimal(digits, scale) => return Text::Owned(format!("decimal({digits},{scale})")),
            Self::Array(item) => return Text::Owned(format!("array<{}>", item.to_text())),
            Self::Map(key, value) => return Text::Owned(format!("map<{},{}>", key.to_text(), value.to_text())),
            Self::Struct(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, kind)| format!("{name}:{}", kind.to_text())).collect();
                return Text::Owned(format!("struct<{}>", fields.join(",")));
            }
        })
    }

    /// The type that a word of Hive names, for columns that come as data; any other text is taken as it is.
    fn of_text(text: Text) -> Self {
        match &*text {
            "string" => Self::String,
            "boolean" => Self::Boolean,
            "int" => Self::Int,
            "bigint" => Self::BigInt,
            "float" => Self::Float,
            "double" => Self::Double,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            "binary" => Self::Binary,
            _ => Self::Other(text),
        }
    }

    /// What is wrong with the type.
    fn fault(&self) -> Option<String> {
        match self {
            Self::Decimal(digits, scale) if *digits == 0 || *digits > 38 || scale > digits => Some(format!(
                "`{}` is not a decimal type: it has 1 to 38 digits, some of them behind the point",
                self.to_text()
            )),
            Self::Array(item) => item.fault(),
            Self::Map(key, value) => key.fault().or_else(|| value.fault()),
            Self::Struct(fields) if fields.is_empty() => Some("a structure has at least one field".to_owned()),
            Self::Struct(fields) => fields.iter().find_map(|(_, kind)| kind.fault()),
            Self::Other(text) if !is_type_text(text) => Some(format!("`{text}` is not the type of a column")),
            _ => None,
        }
    }
}

/// Whether a text can be a type: a word, with brackets that close after it.
fn is_type_text(text: &str) -> bool {
    let mut depth = 0_i32;
    for character in text.chars() {
        match character {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
            'a'..='z' | '0'..='9' | '_' | ',' | ':' | ' ' => {}
            _ => return false,
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && text.starts_with(|first: char| first.is_ascii_lowercase())
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    name: Text,
    kind: ColumnType,
    comment: Option<Text>,
}

impl Column {
    /// The column `name` with values of type `kind`.
    pub fn new(name: impl Into<Text>, kind: ColumnType) -> Self {
        Self { name: name.into(), kind, comment: None }
    }

    /// Describes the column, at most 255 characters.
    #[must_use]
    pub fn comment(mut self, comment: impl Into<Text>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type.
    pub fn kind(&self) -> &ColumnType {
        &self.kind
    }

    pub(super) fn to_value(&self) -> Value {
        let mut column = Map::with_capacity(3);
        column.push("Name", self.name.clone());
        column.push("Type", self.kind.to_text());
        if let Some(comment) = &self.comment {
            column.push("Comment", comment.clone());
        }
        column.into()
    }
}

impl<N: Into<Text>> From<(N, ColumnType)> for Column {
    fn from((name, kind): (N, ColumnType)) -> Self {
        Self::new(name, kind)
    }
}

/// A column whose type comes as data: `("temp_c", "double")`. Synthesis checks it.
impl<N: Into<Text>> From<(N, &'static str)> for Column {
    fn from((name, kind): (N, &'static str)) -> Self {
        Self::new(name, ColumnType::of_text(Text::Borrowed(kind)))
    }
}

/// Reports names that Hive does not take or has twice, and types that are none.
pub(super) fn check<'a>(columns: impl Iterator<Item = &'a Column>, scope: &mut Scope<'_>) {
    let mut known = BTreeSet::new();
    for Column { name, kind, comment } in columns {
        let good = !name.is_empty()
            && name.len() <= 255
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !good {
            let problem = Problem::error(format!("`{name}` is not the name of a column"))
                .hint("a column's name has lower-case letters, digits and underscores, 1 to 255 of them");
            scope.report(problem);
        }
        if !known.insert(&**name) {
            scope.report(Problem::error(format!("the table has two columns `{name}`")).hint("give one another name"));
        }
        if let Some(fault) = kind.fault() {
            let hint = "types are those of Hive, such as `string`, `bigint` or `array<double>`";
            scope.report(Problem::error(format!("the column `{name}`: {fault}")).hint(hint));
        }
        if comment.as_ref().is_some_and(|comment| comment.chars().count() > 255) {
            scope.report(Problem::error(format!("the comment of the column `{name}` has more than 255 characters")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_hive_does() {
        let point = ColumnType::Struct(vec![
            ("lat".into(), ColumnType::Double),
            ("tags".into(), ColumnType::Map(Box::new(ColumnType::String), Box::new(ColumnType::Decimal(5, 2)))),
        ]);
        assert_eq!(
            ColumnType::Array(Box::new(point)).to_text(),
            "array<struct<lat:double,tags:map<string,decimal(5,2)>>>"
        );
    }

    #[test]
    fn data_gives_the_same_types() {
        for kind in ["string", "boolean", "int", "bigint", "float", "double", "date", "timestamp", "binary"] {
            let column = Column::from(("name", kind));
            assert!(!matches!(column.kind(), ColumnType::Other(_)), "{kind}");
            assert_eq!(column.kind().to_text(), kind);
        }
        assert_eq!(Column::from(("name", "array<int>")).kind().fault(), None);
    }

    #[test]
    fn types_that_are_none_are_refused() {
        for kind in ["", "String", "array<int", "int>", ">int<", "int;"] {
            assert!(Column::from(("name", kind)).kind().fault().is_some(), "{kind}");
        }
        assert!(ColumnType::Decimal(39, 0).fault().is_some());
        assert!(ColumnType::Decimal(4, 5).fault().is_some());
        assert!(ColumnType::Struct(Vec::new()).fault().is_some());
    }
}
