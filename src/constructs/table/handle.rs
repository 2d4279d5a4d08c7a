//! What others need of a table.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Arn, Handle, Id};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::super::arn_parts::concatenate;
use super::super::encryption::grant_with_key;
use super::super::{Metric, Outside};
use crate::core::Grant;

const READ: [&str; 4] = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"];
const WRITE: [&str; 4] = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];

/// A table, to read, to write and to refer to. `R` is [`Outside`] for a table that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct TableHandle<R = ResourceId> {
    resource: R,
    name: Id<kind::dynamodb::Table>,
    arn: Arn<kind::dynamodb::Table>,
    stream: Option<Arn<kind::dynamodb::TableStream>>,
    key: Option<Arn<kind::kms::Key>>,
    indexes: Vec<Text>,
}

impl TableHandle {
    pub(super) fn new(id: ResourceId, has_stream: bool, key: Option<Arn<kind::kms::Key>>, indexes: Vec<Text>) -> Self {
        Self {
            name: Id::of(Reference::to(id.clone())),
            arn: Arn::of(Reference::attribute(id.clone(), "Arn")),
            stream: has_stream.then(|| Arn::of(Reference::attribute(id.clone(), "StreamArn"))),
            key,
            indexes,
            resource: id,
        }
    }
}

impl TableHandle<Outside> {
    pub(super) fn outside(name: Value, arn: Value) -> Self {
        Self {
            resource: Outside,
            name: Id::from_value(name),
            arn: Arn::from_value(arn),
            stream: None,
            key: None,
            indexes: Vec::new(),
        }
    }

    /// Says which indexes the table has, so that [`read`](Self::read) covers them.
    #[must_use]
    pub fn with_indexes<I: Into<Text>>(mut self, indexes: impl IntoIterator<Item = I>) -> Self {
        self.indexes.extend(indexes.into_iter().map(Into::into));
        self
    }
}

impl Handle for TableHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl<R> TableHandle<R> {
    /// The name.
    pub fn name(&self) -> Id<kind::dynamodb::Table> {
        self.name.clone()
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::dynamodb::Table> {
        self.arn.clone()
    }

    /// The ARN of the stream, when the table has one: see [`Table::stream`](super::Table::stream).
    pub fn stream_arn(&self) -> Option<Arn<kind::dynamodb::TableStream>> {
        self.stream.clone()
    }

    /// The ARN of an index.
    pub fn index_arn(&self, index: &str) -> Expression {
        Expression::raw(concatenate([self.arn().into(), "/index/".into(), index.to_owned().into()]))
    }

    /// Access to read the table and all its indexes: to get, to query, to scan.
    pub fn read(&self) -> Grant {
        let indexes = self.indexes.iter().map(|index| Value::from(self.index_arn(index))).collect::<Vec<_>>();
        let grant = self.granted(READ, [self.arn()], "reads the table");
        if indexes.is_empty() {
            return grant;
        }
        grant.and(Grant::new(["dynamodb:Query", "dynamodb:Scan"], indexes, "reads indexes of the table"))
    }

    /// Access to write items: to put, to update, to delete.
    pub fn write(&self) -> Grant {
        self.granted(WRITE, [self.arn()], "writes the table")
    }

    /// Access to do just `actions` on the table, such as `dynamodb:Query`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        self.granted(actions, [self.arn()], "uses the table")
    }

    /// Access to do just `actions` on an index, such as `dynamodb:Query`.
    pub fn grant_on_index<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>, index: &str) -> Grant {
        self.granted(actions, [self.index_arn(index)], "uses an index of the table")
    }

    /// Access to query an index.
    pub fn query_index(&self, index: &str) -> Grant {
        self.grant_on_index(["dynamodb:Query"], index)
    }

    /// Access to read the stream, for whoever is fed by it. Allows nothing when the table has no stream.
    pub fn read_stream(&self) -> Grant {
        let actions =
            ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];
        match &self.stream {
            Some(stream) => self.granted(actions, [stream], "reads the table's stream"),
            None => Grant::of([], "reads the table's stream"),
        }
    }

    fn granted<A: Into<Text>, T: Into<Value>>(
        &self,
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = T>,
        reason: &'static str,
    ) -> Grant {
        grant_with_key(actions, resources, reason, self.key.as_ref())
    }

    /// A metric of DynamoDB about the table, such as `ThrottledRequests`.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/DynamoDB", name).dimension("TableName", self.name())
    }
}

impl<R> Arg<Arn<kind::dynamodb::Table>> for &TableHandle<R> {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}
