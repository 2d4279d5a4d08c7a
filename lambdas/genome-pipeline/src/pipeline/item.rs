//! Rows of tables, and changes of them on conditions.

use std::collections::{BTreeMap, BTreeSet};

use handler_runtime::ServiceError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::contract::tables;

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Jobs.
    Jobs,
    /// How far jobs are.
    Tasks,
    /// Guides of jobs.
    Targets,
    /// Genomes, their files and the parts of these.
    Genomes,
}

impl Table {
    /// Names of the partition key and of the sort key.
    pub const fn key_names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Jobs => (tables::jobs::JOB_ID, None),
            Self::Tasks => (tables::tasks::JOB_ID, None),
            Self::Targets => (tables::targets::JOB_ID, Some(tables::targets::TARGET_ID)),
            Self::Genomes => (tables::genomes::GENOME, Some(tables::genomes::ITEM)),
        }
    }
}

/// Where a row is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The table.
    pub table: Table,
    /// The partition.
    pub partition: String,
    /// The place within the partition, in tables with a sort key.
    pub sort: Option<Value>,
}

impl Key {
    /// The row of a job.
    pub fn job(id: &str) -> Self {
        Self { table: Table::Jobs, partition: id.to_owned(), sort: None }
    }

    /// The row of how far a job is.
    pub fn tasks(job: &str) -> Self {
        Self { table: Table::Tasks, partition: job.to_owned(), sort: None }
    }

    /// The row of a guide.
    pub fn target(job: &str, id: u32) -> Self {
        Self { table: Table::Targets, partition: job.to_owned(), sort: Some(id.into()) }
    }

    /// A row of a genome.
    pub fn genome(genome: &str, item: &str) -> Self {
        Self { table: Table::Genomes, partition: genome.to_owned(), sort: Some(item.into()) }
    }

    /// The attributes that are the key.
    pub fn attributes(&self) -> Item {
        let (partition, sort) = self.table.key_names();
        let own = [(partition.to_owned(), Value::from(self.partition.as_str()))];
        own.into_iter().chain(sort.map(str::to_owned).zip(self.sort.clone())).collect()
    }
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// Yes or no.
    Flag(bool),
    /// A set of texts, which is never empty.
    Texts(BTreeSet<String>),
    /// A set of whole numbers, which is never empty.
    Numbers(BTreeSet<u32>),
}

/// The attributes of a row.
pub type Item = BTreeMap<String, Value>;

impl Value {
    /// The number, if this is a whole one.
    pub fn whole(&self) -> Option<i64> {
        if let Self::Number(text) = self { text.parse().ok() } else { None }
    }

    /// A set with this one text.
    pub fn one(text: &str) -> Self {
        Self::Texts(BTreeSet::from([text.to_owned()]))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

macro_rules! numbers {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value {
            fn from(number: $kind) -> Self {
                Self::Number(number.to_string())
            }
        }
    )*};
}
numbers!(u8, u32, i64, u64, usize);

/// The name that a value such as a state has in rows.
pub fn name<T: Serialize>(value: &T) -> Value {
    let name = serde_json::to_value(value).expect("a state is a name in JSON");
    Value::from(name.as_str().unwrap_or_default())
}

/// Reads the attributes of a row.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    item: &'a Item,
    of: &'a str,
}

impl<'a> Reader<'a> {
    /// Reads `item`, which is the row of `of`.
    pub fn new(item: &'a Item, of: &'a str) -> Self {
        Self { item, of }
    }

    fn required<T>(self, attribute: &str, found: Option<T>) -> Result<T, ServiceError> {
        found.ok_or_else(|| ServiceError::new(format!("the row of `{}`", self.of), format!("no usable `{attribute}`")))
    }

    /// A text that may be absent.
    pub fn optional_text(self, attribute: &str) -> Option<&'a str> {
        if let Some(Value::Text(text)) = self.item.get(attribute) { Some(text) } else { None }
    }

    /// A text.
    pub fn text(self, attribute: &str) -> Result<&'a str, ServiceError> {
        self.required(attribute, self.optional_text(attribute))
    }

    /// A whole number that may be absent.
    pub fn optional_number<T: TryFrom<i64>>(self, attribute: &str) -> Option<T> {
        self.item.get(attribute)?.whole()?.try_into().ok()
    }

    /// A whole number.
    pub fn number<T: TryFrom<i64>>(self, attribute: &str) -> Result<T, ServiceError> {
        self.required(attribute, self.optional_number(attribute))
    }

    /// A value that has a name, such as a state, which may be absent.
    pub fn optional_named<T: DeserializeOwned>(self, attribute: &str) -> Option<T> {
        serde_json::from_value(self.optional_text(attribute)?.into()).ok()
    }

    /// A value that has a name.
    pub fn named<T: DeserializeOwned>(self, attribute: &str) -> Result<T, ServiceError> {
        self.required(attribute, self.optional_named(attribute))
    }

    /// A set of texts, empty when it is absent.
    pub fn texts(self, attribute: &str) -> Vec<String> {
        if let Some(Value::Texts(texts)) = self.item.get(attribute) {
            texts.iter().cloned().collect()
        } else {
            Vec::new()
        }
    }

    /// A set of numbers, empty when it is absent.
    pub fn numbers(self, attribute: &str) -> BTreeSet<u32> {
        if let Some(Value::Numbers(numbers)) = self.item.get(attribute) { numbers.clone() } else { BTreeSet::new() }
    }
}

/// What a row must be for a change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The attribute is absent; so it is when there is no row.
    Absent(&'static str),
    /// The attribute is one of these.
    Among(&'static str, Vec<Value>),
    /// The attribute is a number below this.
    Below(&'static str, i64),
    /// All of these hold.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// The attribute is this.
    pub fn is(attribute: &'static str, value: impl Into<Value>) -> Self {
        Self::Among(attribute, vec![value.into()])
    }

    /// The attribute has one of these names.
    pub fn named<T: Serialize>(attribute: &'static str, values: &[T]) -> Self {
        Self::Among(attribute, values.iter().map(name).collect())
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    /// One of both holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::Any(vec![self, other])
    }
}

/// A change of a row, which makes the row if there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Update {
    /// Attributes that get values.
    pub set: BTreeMap<String, Value>,
    /// Attributes that go.
    pub remove: Vec<&'static str>,
    /// Sets that grow by these.
    pub add: Vec<(&'static str, Value)>,
    /// What the row must be.
    pub condition: Option<Condition>,
}

impl Update {
    /// A change on this condition.
    pub fn when(condition: Condition) -> Self {
        Self { condition: Some(condition), ..Self::default() }
    }

    /// Sets an attribute.
    #[must_use]
    pub fn set(mut self, attribute: &str, value: impl Into<Value>) -> Self {
        self.set.insert(attribute.to_owned(), value.into());
        self
    }

    /// Removes an attribute.
    #[must_use]
    pub fn remove(mut self, attribute: &'static str) -> Self {
        self.remove.push(attribute);
        self
    }

    /// Adds to a set.
    #[must_use]
    pub fn add(mut self, attribute: &'static str, values: Value) -> Self {
        self.add.push((attribute, values));
        self
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updated {
    /// It was made: the row as it is now.
    Done(Item),
    /// The condition does not hold: the row as it is, if there is one.
    Refused(Option<Item>),
}

/// A part of the rows that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub items: Vec<Item>,
    /// The key that the next page comes after; none when this is the last.
    pub next: Option<Item>,
}
