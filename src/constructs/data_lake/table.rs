//! Tables over files that other programs write.

use stackgen_resources::typed::{Arg, Handle, Id};
use stackgen_template::{Expression, Map, ResourceId, Text, Value};

use super::column::{self, Column};
use super::database::{GlueDatabaseHandle, catalog_arn};
use super::format::TableFormat;
use super::location::S3Location;
use super::partition::PartitionKey;
use crate::constructs::CatalogName;
use crate::constructs::arn_parts::regional_arn;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, Problem, ResourceExt, Scope};
use crate::resources::{glue, kind};

/// A table of the Glue catalogue over files in S3: its columns are declared, its partitions computed, nothing crawls.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("weather-ingest");
/// let bucket = stack.add("Curated", Bucket::new());
/// let database = stack.add("Database", GlueDatabase::named_after_stack());
/// let location = S3Location::new(bucket.name(), "curated/");
/// let table = GlueTable::new(&database, catalog_name!("observations"), TableFormat::parquet(), location)
///     .columns([("temp_c", ColumnType::Double), ("observed_at", ColumnType::Timestamp)])
///     .partition(PartitionKey::values("location_id", ["marysville"]))
///     .partition(PartitionKey::integers("year", 2022..=2040));
/// stack.add("Table", table);
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct GlueTable {
    database: GlueDatabaseHandle,
    name: Value,
    format: TableFormat,
    location: S3Location,
    columns: Vec<Column>,
    partitions: Vec<PartitionKey>,
    template: Option<Text>,
    description: Option<Value>,
    parameters: Map,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(GlueTable);

impl GlueTable {
    /// The table `name` of `database`, its files at `location` and written in `format`.
    pub fn new(
        database: &GlueDatabaseHandle,
        name: impl Arg<CatalogName>,
        format: TableFormat,
        location: S3Location,
    ) -> Self {
        Self {
            database: database.clone(),
            name: name.into_value(),
            format,
            location,
            columns: Vec::new(),
            partitions: Vec::new(),
            template: None,
            description: None,
            parameters: Map::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Adds columns, in the order of the files where that counts.
    pub fn columns<C: Into<Column>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Divides the table by a key. Keys are in the order of the folders.
    pub fn partition(mut self, key: PartitionKey) -> Self {
        self.partitions.push(key);
        self
    }

    /// Says which folder below the location a partition is, each key as `${key}`: `dt=${dt}/hr=${hr}/`.
    ///
    /// When not said, the folders are those that Hive makes, `key=value/` for each key.
    pub fn partition_folders(mut self, template: impl Into<Text>) -> Self {
        self.template = Some(template.into());
        self
    }

    /// Describes the table.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.description = Some(description.into_value());
        self
    }

    /// Sets a property of the table, such as `("parquet.compression", "SNAPPY")`.
    pub fn parameter(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name, value);
        self
    }
}

impl Construct for GlueTable {
    type Handle = GlueTableHandle;

    fn build(self, scope: &mut Scope<'_>) -> GlueTableHandle {
        column::check(self.columns.iter().chain(self.partitions.iter().map(PartitionKey::column)), scope);
        let parameters = self.catalog_parameters(scope);
        let mut storage = Map::with_capacity(5);
        storage.push("Columns", self.columns.iter().map(Column::to_value).collect::<Vec<_>>());
        storage.push("Location", self.location.url(""));
        self.format.write(&mut storage);

        let mut input = Map::with_capacity(6);
        input.push("Name", self.name);
        input.extend(self.description.map(|description| (Text::Borrowed("Description"), description)));
        input.push("TableType", "EXTERNAL_TABLE");
        input.push("Parameters", parameters);
        if !self.partitions.is_empty() {
            let keys: Vec<_> = self.partitions.iter().map(|key| key.column().to_value()).collect();
            input.push("PartitionKeys", keys);
        }
        input.push("StorageDescriptor", storage);
        let table = table_resource(&self.database).raw("TableInput", input);
        let table = self.settings.apply(table, glue::Table::raw);
        let table = scope.add("Default", table.with(self.attributes));
        GlueTableHandle { table, database: self.database, location: self.location }
    }
}

impl GlueTable {
    /// The table's properties in the catalogue: its class, and the values of its partition keys.
    fn catalog_parameters(&self, scope: &mut Scope<'_>) -> Map {
        let mut parameters = Map::new();
        parameters.push("EXTERNAL", "TRUE");
        if let Some(classification) = self.format.classification() {
            parameters.push("classification", classification);
        }
        if !self.partitions.is_empty() {
            parameters.push("projection.enabled", "true");
            for key in &self.partitions {
                if let Some(fault) = key.fault() {
                    scope.report(Problem::error(fault).hint("say the values that the folders of the table have"));
                }
                parameters.extend(key.properties().into_iter().map(|(name, value)| (Text::Owned(name), value)));
            }
            let folders = self.folders(scope);
            parameters.push("storage.location.template", self.location.url(&folders));
        } else if self.template.is_some() {
            let problem = Problem::error("the table has folders of partitions, but no partition key");
            scope.report(problem.hint("add the keys with `partition`"));
        }
        parameters.extend(self.parameters.clone());
        parameters
    }

    /// The folder of a partition, checked to name every key and no other.
    fn folders(&self, scope: &mut Scope<'_>) -> Text {
        let Some(template) = &self.template else {
            let folders = self.partitions.iter().flat_map(|key| [key.name(), "=${", key.name(), "}/"]);
            return folders.collect::<String>().into();
        };
        let named: Vec<&str> = template.split("${").skip(1).filter_map(|rest| rest.split('}').next()).collect();
        for key in &self.partitions {
            if !named.contains(&key.name()) {
                let problem = Problem::error(format!("`{template}` does not say where `${{{}}}` goes", key.name()));
                scope.report(problem.hint("the folder of a partition names every partition key"));
            }
        }
        for name in named {
            if !self.partitions.iter().any(|key| key.name() == name) {
                let problem = Problem::error(format!("`{template}` names `${{{name}}}`, which is no partition key"));
                scope.report(problem.hint("the folder of a partition names partition keys only"));
            }
        }
        template.clone()
    }
}

/// A table of `database` without its definition.
pub(super) fn table_resource(
    database: &GlueDatabaseHandle,
) -> glue::Table<stackgen_resources::typed::Set, stackgen_resources::typed::Set> {
    glue::Table::new().catalog_id(Expression::account_id()).database_name(database.name())
}

/// The handle of a [`GlueTable`] or an [`IcebergTable`](super::IcebergTable).
#[derive(Debug, Clone)]
pub struct GlueTableHandle {
    pub(super) table: glue::TableRef,
    pub(super) database: GlueDatabaseHandle,
    pub(super) location: S3Location,
}

impl GlueTableHandle {
    /// The name.
    pub fn name(&self) -> Id<kind::glue::Table> {
        self.table.reference()
    }

    /// The database that holds the table.
    pub fn database(&self) -> &GlueDatabaseHandle {
        &self.database
    }

    /// Where the files are.
    pub fn location(&self) -> &S3Location {
        &self.location
    }

    /// The ARN, for policies.
    pub fn arn(&self) -> Value {
        let path = ["table/".into(), self.database.name().into(), "/".into(), self.name().into()];
        regional_arn("glue", path)
    }

    /// Access to do `actions` of Glue on the table's entry in the catalogue: `table.grant(["glue:GetTable"])`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [catalog_arn(), self.database.arn(), self.arn()], "use the table")
    }

    /// Access to see the table's definition, as queries need it.
    pub fn describe(&self) -> Grant {
        self.grant(["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"])
    }

    /// Access to query: the definition, and reading the files below the table's location.
    pub fn read(&self) -> Grant {
        let location = &self.location;
        let list = Grant::new(["s3:ListBucket"], [location.bucket_arn()], "list the files of the table");
        let list = match location.prefix() {
            "" => list,
            prefix => list.when("StringLike", "s3:prefix", format!("{prefix}*")),
        };
        self.describe()
            .and(list)
            .and(Grant::new(["s3:GetBucketLocation"], [location.bucket_arn()], "find the files of the table"))
            .and(Grant::new(["s3:GetObject"], [location.objects_arn()], "read the files of the table"))
    }
}

impl Handle for GlueTableHandle {
    fn id(&self) -> &ResourceId {
        self.table.id()
    }
}

#[cfg(test)]
mod tests;
