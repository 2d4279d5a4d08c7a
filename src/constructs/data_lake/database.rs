//! Databases of the Glue catalogue.

use stackgen_resources::typed::{Arg, Handle, Id};
use stackgen_template::{Expression, Map, ResourceId, Value};

use crate::constructs::CatalogName;
use crate::constructs::arn_parts::regional_arn;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, ResourceExt, Scope};
use crate::resources::{glue, kind};

/// A database of the Glue catalogue, which holds tables.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("weather-ingest");
/// let database = stack.add("Database", GlueDatabase::new(catalog_name!("weather")));
/// stack.output("Database", database.name());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct GlueDatabase {
    input: Map,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(GlueDatabase);

impl GlueDatabase {
    /// The database `name`.
    pub fn new(name: impl Arg<CatalogName>) -> Self {
        let mut input = Map::with_capacity(2);
        input.push("Name", name.into_value());
        Self { input, settings: Settings::default(), attributes: Attributes::new() }
    }

    /// A database with the name of the stack, hyphens made underscores: so the stack can be deployed twice.
    pub fn named_after_stack() -> Self {
        Self::new(Expression::join_list("_", Expression::split("-", Expression::stack_name())))
    }

    /// Describes the database.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.input.insert("Description", description.into_value());
        self
    }
}

impl Construct for GlueDatabase {
    type Handle = GlueDatabaseHandle;

    fn build(self, scope: &mut Scope<'_>) -> GlueDatabaseHandle {
        let database = glue::Database::new().catalog_id(Expression::account_id());
        let database = database.database_input(glue::database::DatabaseInput::new());
        // Lower-case hyphens of a stack's name are no part of a literal name: the whole input is written here.
        let database = database.raw("DatabaseInput", self.input);
        let database = self.settings.apply(database, glue::Database::raw);
        GlueDatabaseHandle(scope.add("Default", database.with(self.attributes)))
    }
}

/// The handle of a [`GlueDatabase`].
#[derive(Debug, Clone)]
pub struct GlueDatabaseHandle(glue::DatabaseRef);

impl GlueDatabaseHandle {
    /// The name.
    pub fn name(&self) -> Id<kind::glue::Database> {
        self.0.reference()
    }

    /// The ARN, for policies.
    pub fn arn(&self) -> Value {
        regional_arn("glue", ["database/".into(), self.name().into()])
    }

    /// Access to see the database and its list of tables.
    pub fn describe(&self) -> Grant {
        Grant::new(["glue:GetDatabase"], [catalog_arn(), self.arn()], "look at the database")
    }
}

/// The ARN of the account's catalogue, which every action on it names too.
pub(super) fn catalog_arn() -> Value {
    regional_arn("glue", ["catalog".into()])
}

impl Handle for GlueDatabaseHandle {
    fn id(&self) -> &ResourceId {
        self.0.id()
    }
}

impl Arg<Id<kind::glue::Database>> for &GlueDatabaseHandle {
    fn into_value(self) -> Value {
        self.name().into()
    }
}
