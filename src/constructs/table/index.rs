//! Secondary indexes of tables.

use stackgen_resources::dynamodb::table::KeySchemaItem;
use stackgen_resources::typed::{Arg, List};
use stackgen_template::{Map, Text, Value};

use super::key::{Key, schema};
use crate::constructs::TableName;
use crate::core::{Problem, Scope};

/// Another way to find the items of a table.
///
/// ```
/// use stackgen::prelude::*;
///
/// let open = Index::global("open-failures", Key::string("open")).sort_key(Key::string("last_seen")).keys_only();
/// ```
#[derive(Debug, Clone)]
#[must_use = "an index exists only once it is given to a table"]
pub struct Index {
    pub(super) name: Text,
    pub(super) kind: Kind,
    projection: Projection,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// With a partition key of its own.
    Global { partition: Key, sort: Option<Key> },
    /// With the partition key of the table.
    Local { sort: Key },
}

/// Which attributes of an item the index holds.
#[derive(Debug, Clone)]
enum Projection {
    All,
    KeysOnly,
    Include(Vec<Text>),
}

impl Index {
    /// An index with a partition key of its own. It holds the items that have its keys, each with all attributes when
    /// nothing else is said.
    pub fn global(name: impl Into<Text>, partition_key: Key) -> Self {
        Self {
            name: name.into(),
            kind: Kind::Global { partition: partition_key, sort: None },
            projection: Projection::All,
        }
    }

    /// An index that sorts the items of each partition of the table by another attribute. It can only be made with the
    /// table.
    pub fn local(name: impl Into<Text>, sort_key: Key) -> Self {
        Self { name: name.into(), kind: Kind::Local { sort: sort_key }, projection: Projection::All }
    }

    /// Sorts the items of each partition of the index.
    pub fn sort_key(mut self, key: Key) -> Self {
        match &mut self.kind {
            Kind::Global { sort, .. } => *sort = Some(key),
            Kind::Local { sort } => *sort = key,
        }
        self
    }

    /// Holds only the keys of the index and of the table.
    pub fn keys_only(mut self) -> Self {
        self.projection = Projection::KeysOnly;
        self
    }

    /// Holds the keys and the named attributes.
    pub fn include<A: Into<Text>>(mut self, attributes: impl IntoIterator<Item = A>) -> Self {
        self.projection = Projection::Include(attributes.into_iter().map(Into::into).collect());
        self
    }

    /// The keys of the index, beside those of the table.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        let (partition, sort) = match &self.kind {
            Kind::Global { partition, sort } => (Some(partition), sort.as_ref()),
            Kind::Local { sort } => (None, Some(sort)),
        };
        partition.into_iter().chain(sort)
    }

    /// The declaration of the index of a table with `table_key`.
    pub(super) fn definition(&self, table_key: &Key, throughput: Option<&Value>) -> Value {
        let keys = match &self.kind {
            Kind::Global { partition, sort } => schema(partition, sort.as_ref()),
            Kind::Local { sort } => schema(table_key, Some(sort)),
        };
        let mut projection = Map::new();
        match &self.projection {
            Projection::All => projection.push("ProjectionType", "ALL"),
            Projection::KeysOnly => projection.push("ProjectionType", "KEYS_ONLY"),
            Projection::Include(attributes) => {
                projection.push("ProjectionType", "INCLUDE");
                projection.push("NonKeyAttributes", attributes.clone());
            }
        }
        let mut index = Map::from_iter([
            (Text::Borrowed("IndexName"), self.name.clone().into()),
            (Text::Borrowed("KeySchema"), Arg::<List<KeySchemaItem>>::into_value(keys)),
            (Text::Borrowed("Projection"), projection.into()),
        ]);
        if let (Kind::Global { .. }, Some(throughput)) = (&self.kind, throughput) {
            index.push("ProvisionedThroughput", throughput.clone());
        }
        index.into()
    }
}

/// How many indexes of each kind a table has at most. That of global ones can be raised by AWS.
const LOCAL_LIMIT: usize = 5;
const GLOBAL_LIMIT: usize = 20;

/// Reports what DynamoDB would refuse about the indexes.
pub(super) fn check(indexes: &[Index], has_sort_key: bool, scope: &mut Scope<'_>) {
    let (global, local): (Vec<&Index>, Vec<&Index>) =
        indexes.iter().partition(|index| matches!(index.kind, Kind::Global { .. }));
    if !local.is_empty() && !has_sort_key {
        let problem = Problem::error("a table without a sort key cannot have local indexes");
        scope.report(problem.hint("give the table a sort key, or make the index global"));
    }
    for (kind, count, limit) in [("local", local.len(), LOCAL_LIMIT), ("global", global.len(), GLOBAL_LIMIT)] {
        if count > limit {
            scope.report(Problem::error(format!("a table has at most {limit} {kind} indexes, and this has {count}")));
        }
    }
    for (position, index) in indexes.iter().enumerate() {
        if let Err(error) = TableName::try_from(index.name.to_string()) {
            scope.report(Problem::error(error.to_string()));
        }
        if indexes[..position].iter().any(|earlier| earlier.name == index.name) {
            let problem = Problem::error(format!("two indexes of the table are called `{}`", index.name));
            scope.report(problem.hint("give one of them another name"));
        }
    }
}
