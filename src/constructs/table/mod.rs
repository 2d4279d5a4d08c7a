//! Tables of DynamoDB.

mod handle;
mod index;
mod key;
#[cfg(test)]
mod tests;

use stackgen_resources::dynamodb::table::{AttributeDefinition, BillingMode};
use stackgen_resources::typed::{Arg, Arn, Handle, Int, Set};
use stackgen_resources::{dynamodb, kind};
use stackgen_template::{Map, Text, Value};

pub use handle::TableHandle;
pub use index::Index;
pub use key::Key;
pub use stackgen_resources::dynamodb::table::StreamViewType;

use super::arn_parts::regional_arn;
use super::escape::{Settings, escape_hatch};
use super::{Outside, TableName};
use crate::core::{Attributes, Construct, Days, Problem, RemovalPolicy, ResourceExt, Scope};
use index::Kind;

/// A table of DynamoDB: billed by request, restorable to any second of the last 35 days, and kept when it leaves its
/// stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("review");
/// let failures = stack.add(
///     "FailureLog",
///     Table::new(Key::string("filename"))
///         .sort_key(Key::string("failure_id"))
///         .index(Index::global("open-failures", Key::string("open")).sort_key(Key::string("last_seen")))
///         .ttl("expires_at"),
/// );
/// let access = failures.grant(["dynamodb:UpdateItem"]).and(failures.query_index("open-failures"));
/// stack.output("FailureLog", failures.name());
/// assert!(!app.synthesize().has_errors());
/// ```
///
/// Attributes are declared by the keys that use them, so none can be missing. One name with two types is reported:
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// app.stack("review").add("Log", Table::new(Key::string("id")).index(Index::global("by-number", Key::number("id"))));
/// assert!(app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a table exists only once it is added to a stack"]
pub struct Table {
    partition: Key,
    sort: Option<Key>,
    indexes: Vec<Index>,
    /// Capacity units for reads and writes; none when billed by request.
    provisioned: Option<Value>,
    stream: Option<Value>,
    key: Option<Arn<kind::kms::Key>>,
    removal: Option<RemovalPolicy>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Table);

impl Table {
    /// A table whose items are spread by `partition_key`.
    pub fn new(partition_key: Key) -> Self {
        let mut settings = Settings::default();
        settings.put("PointInTimeRecoverySpecification", Value::single("PointInTimeRecoveryEnabled", true));
        Self {
            partition: partition_key,
            sort: None,
            indexes: Vec::new(),
            provisioned: None,
            stream: None,
            key: None,
            removal: None,
            settings,
            attributes: Attributes::new(),
        }
    }

    /// A table that no stack of the app holds, in the stack's account and region.
    pub fn from_name(name: impl Arg<TableName>) -> TableHandle<Outside> {
        let name = name.into_value();
        let arn = regional_arn("dynamodb", ["table/".into(), name.clone()]);
        TableHandle::outside(name, arn)
    }

    /// Sorts the items of each partition.
    pub fn sort_key(mut self, key: Key) -> Self {
        self.sort = Some(key);
        self
    }

    /// Adds an index.
    pub fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }

    /// Bills for so many reads and writes a second, used or not, in place of each request. Global indexes get as many.
    pub fn provisioned(
        mut self,
        reads: impl Arg<Int<1, { i64::MAX }>>,
        writes: impl Arg<Int<1, { i64::MAX }>>,
    ) -> Self {
        let throughput = Map::from_iter([
            (Text::Borrowed("ReadCapacityUnits"), reads.into_value()),
            (Text::Borrowed("WriteCapacityUnits"), writes.into_value()),
        ]);
        self.provisioned = Some(throughput.into());
        self
    }

    /// Tells of every change in a stream, kept for a day, with the images of the item that `view` names.
    pub fn stream(mut self, view: impl Arg<StreamViewType>) -> Self {
        self.stream = Some(Value::single("StreamViewType", view.into_value()));
        self
    }

    /// Deletes items some time after the moment that their attribute says, in seconds since 1970.
    pub fn ttl(mut self, attribute: impl Arg<String>) -> Self {
        let specification = Map::from_iter([
            (Text::Borrowed("AttributeName"), attribute.into_value()),
            (Text::Borrowed("Enabled"), true.into()),
        ]);
        self.settings.put("TimeToLiveSpecification", specification);
        self
    }

    /// How far back the table can be restored to any second: 1 to 35 days, 35 when not set.
    pub fn recovery_period(mut self, period: impl Arg<Days<1, 35>>) -> Self {
        let specification = Map::from_iter([
            (Text::Borrowed("PointInTimeRecoveryEnabled"), true.into()),
            (Text::Borrowed("RecoveryPeriodInDays"), period.into_value()),
        ]);
        self.settings.put("PointInTimeRecoverySpecification", specification);
        self
    }

    /// Gives up that the table can be restored, and what it costs: for data that can be made again.
    pub fn without_point_in_time_recovery(mut self) -> Self {
        self.settings.put("PointInTimeRecoverySpecification", Value::single("PointInTimeRecoveryEnabled", false));
        self
    }

    /// Encrypts with a key of KMS, in place of the key that DynamoDB owns. Grants of the table then allow the use of the
    /// key.
    pub fn encryption_key(mut self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        let key = key.into_value();
        let specification = Map::from_iter([
            (Text::Borrowed("SSEEnabled"), true.into()),
            (Text::Borrowed("SSEType"), "KMS".into()),
            (Text::Borrowed("KMSMasterKeyId"), key.clone()),
        ]);
        self.settings.put("SSESpecification", specification);
        self.key = Some(Arn::from_value(key));
        self
    }

    /// Encrypts with the account's key for DynamoDB, whose use can be audited.
    pub fn encrypted_by_account_key(mut self) -> Self {
        self.settings.put("SSESpecification", Value::single("SSEEnabled", true));
        self.key = None;
        self
    }

    /// Refuses to delete the table until the protection is taken off.
    pub fn deletion_protection(mut self) -> Self {
        self.settings.put("DeletionProtectionEnabled", true);
        self
    }

    /// Sets the name. Without one CloudFormation makes one up, and can then replace the table.
    pub fn name(mut self, name: impl Arg<TableName>) -> Self {
        self.settings.put("TableName", name.into_value());
        self
    }

    /// What becomes of the table and its items when it is removed from the stack or replaced: retained, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.removal = Some(policy);
        self
    }

    /// The attributes that keys use, each once. Reports names that have two types.
    fn definitions(&self, scope: &mut Scope<'_>) -> Vec<AttributeDefinition<Set, Set>> {
        let own = std::iter::once(&self.partition).chain(&self.sort);
        let mut keys: Vec<&Key> = Vec::new();
        for key in own.chain(self.indexes.iter().flat_map(Index::keys)) {
            match keys.iter().find(|known| known.name == key.name) {
                None => keys.push(key),
                Some(known) if known.attribute_type == key.attribute_type => {}
                Some(known) => {
                    let message = format!(
                        "the attribute `{}` is of type {} in one key and of type {} in another",
                        key.name,
                        known.attribute_type.as_str(),
                        key.attribute_type.as_str()
                    );
                    scope.report(
                        Problem::error(message).hint("an attribute has one type in the table and all its indexes"),
                    );
                }
            }
        }
        keys.sort_by(|one, two| one.name.cmp(&two.name));
        keys.into_iter().map(Key::definition).collect()
    }
}

impl Construct for Table {
    type Handle = TableHandle;

    fn build(self, scope: &mut Scope<'_>) -> TableHandle {
        index::check(&self.indexes, self.sort.is_some(), scope);
        let mut table = dynamodb::Table::new()
            .key_schema(key::schema(&self.partition, self.sort.as_ref()))
            .attribute_definitions(self.definitions(scope));
        table = match &self.provisioned {
            Some(throughput) => {
                table.billing_mode(BillingMode::Provisioned).raw("ProvisionedThroughput", throughput.clone())
            }
            None => table.billing_mode(BillingMode::PayPerRequest),
        };
        for (property, is_global) in [("GlobalSecondaryIndexes", true), ("LocalSecondaryIndexes", false)] {
            let definitions: Vec<Value> = self
                .indexes
                .iter()
                .filter(|index| matches!(index.kind, Kind::Global { .. }) == is_global)
                .map(|index| index.definition(&self.partition, self.provisioned.as_ref()))
                .collect();
            if !definitions.is_empty() {
                table = table.raw(property, definitions);
            }
        }
        let has_stream = self.stream.is_some();
        if let Some(stream) = self.stream {
            table = table.raw("StreamSpecification", stream);
        }
        let table = self.settings.apply(table, dynamodb::Table::raw);
        let default = scope.app().default_removal().unwrap_or(RemovalPolicy::Retain);
        let attributes = self.attributes.removal_or(self.removal, default);
        let resource = scope.add("Default", table.with(attributes));
        let indexes = self.indexes.into_iter().map(|index| index.name).collect();
        TableHandle::new(resource.id().clone(), has_stream, self.key, indexes)
    }
}
