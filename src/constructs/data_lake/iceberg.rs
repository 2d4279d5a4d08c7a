//! Iceberg tables.

use stackgen_resources::typed::Arg;
use stackgen_template::{Map, Text, Value};

use super::column::{self, Column};
use super::database::GlueDatabaseHandle;
use super::location::S3Location;
use super::table::{GlueTableHandle, table_resource};
use crate::constructs::CatalogName;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, RemovalPolicy, ResourceExt, Scope};
use crate::resources::glue;

/// An Iceberg table, format version 2, not partitioned: its metadata prune files by the ranges of their values.
///
/// The catalogue's entry points at the current metadata. When it is deleted the data and metadata files stay, and the
/// table can be registered again from them.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("buses");
/// let lake = stack.add("Lake", Bucket::new());
/// let database = stack.add("Database", GlueDatabase::named_after_stack());
/// let location = S3Location::new(lake.name(), "iceberg/sf_muni/");
/// let table = IcebergTable::new(&database, catalog_name!("sf_muni"), location)
///     .columns([("id", ColumnType::String), ("fetched_at", ColumnType::Timestamp)]);
/// stack.add("Table", table);
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct IcebergTable {
    database: GlueDatabaseHandle,
    name: Value,
    location: S3Location,
    columns: Vec<Column>,
    description: Option<Value>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(IcebergTable);

impl IcebergTable {
    /// The table `name` of `database`, its data and metadata files at `location`.
    pub fn new(database: &GlueDatabaseHandle, name: impl Arg<CatalogName>, location: S3Location) -> Self {
        Self {
            database: database.clone(),
            name: name.into_value(),
            location,
            columns: Vec::new(),
            description: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Adds columns.
    pub fn columns<C: Into<Column>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.columns.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Describes the table.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.description = Some(description.into_value());
        self
    }

    /// What becomes of the catalogue's entry when the table is removed from the stack.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }
}

impl Construct for IcebergTable {
    type Handle = GlueTableHandle;

    fn build(self, scope: &mut Scope<'_>) -> GlueTableHandle {
        use glue::table::{IcebergInput, MetadataOperation, OpenTableFormatInput};

        column::check(self.columns.iter(), scope);
        let mut storage = Map::with_capacity(2);
        storage.push("Columns", self.columns.iter().map(Column::to_value).collect::<Vec<_>>());
        storage.push("Location", self.location.url(""));
        let mut input = Map::with_capacity(4);
        input.push("Name", self.name);
        input.extend(self.description.map(|description| (Text::Borrowed("Description"), description)));
        input.push("TableType", "EXTERNAL_TABLE");
        input.push("StorageDescriptor", storage);
        let iceberg = IcebergInput::new().metadata_operation(MetadataOperation::Create).version("2");
        let table = table_resource(&self.database)
            .open_table_format_input(OpenTableFormatInput::new().iceberg_input(iceberg))
            .raw("TableInput", input);
        let table = self.settings.apply(table, glue::Table::raw);
        let table = scope.add("Default", table.with(self.attributes));
        GlueTableHandle { table, database: self.database, location: self.location }
    }
}
