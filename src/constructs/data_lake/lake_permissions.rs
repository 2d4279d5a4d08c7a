//! Permissions of Lake Formation.

use stackgen_resources::typed::{Arg, Arn, Handle, Id};
use stackgen_template::{Expression, Map, Value};

use super::database::GlueDatabaseHandle;
use super::lake_formation::LakeLocationHandle;
use super::table::GlueTableHandle;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, ResourceExt, Scope};
use crate::resources::kind;
use crate::resources::lakeformation::{self, principal_permissions};

/// A permission on a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePermission {
    /// Reads rows.
    Select,
    /// Adds rows.
    Insert,
    /// Deletes rows.
    Delete,
    /// Sees the definition.
    Describe,
    /// Changes the definition.
    Alter,
    /// Removes the table.
    Drop,
}

impl TablePermission {
    const fn value(self) -> principal_permissions::Permission {
        use principal_permissions::Permission;
        match self {
            Self::Select => Permission::Select,
            Self::Insert => Permission::Insert,
            Self::Delete => Permission::Delete,
            Self::Describe => Permission::Describe,
            Self::Alter => Permission::Alter,
            Self::Drop => Permission::Drop,
        }
    }
}

/// A permission on a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabasePermission {
    /// Sees the definition.
    Describe,
    /// Makes tables in it.
    CreateTable,
    /// Changes the definition.
    Alter,
    /// Removes the database.
    Drop,
}

impl DatabasePermission {
    const fn value(self) -> principal_permissions::Permission {
        use principal_permissions::Permission;
        match self {
            Self::Describe => Permission::Describe,
            Self::CreateTable => Permission::CreateTable,
            Self::Alter => Permission::Alter,
            Self::Drop => Permission::Drop,
        }
    }
}

/// What a role may do with a table, a database or a folder that Lake Formation guards.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("buses");
/// let database = stack.add("Database", GlueDatabase::named_after_stack());
/// let reader = stack.add("Reader", Role::for_service("lambda.amazonaws.com").allow(lake_data_access()));
/// let deployer = stack.add("Deployer", Role::for_service("cloudformation.amazonaws.com"));
/// let administrators = stack.add("Administrators", LakeAdministrators::new().role(deployer.arn()));
/// let all = LakePermissions::on_all_tables(&database, reader.arn(), [TablePermission::Select, TablePermission::Describe]);
/// stack.add("ReaderPermissions", all.after(&administrators));
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct LakePermissions {
    principal: Value,
    resource: principal_permissions::Resource,
    permissions: Vec<principal_permissions::Permission>,
    grantable: bool,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(LakePermissions);

impl LakePermissions {
    /// Gives `role` permissions on `table`.
    pub fn on_table(
        table: &GlueTableHandle,
        role: impl Arg<Arn<kind::iam::Role>>,
        permissions: impl IntoIterator<Item = TablePermission>,
    ) -> Self {
        let resource = principal_permissions::TableResource::new()
            .catalog_id(Expression::account_id())
            .database_name(table.database().name())
            .name(table.name());
        let permissions = permissions.into_iter().map(TablePermission::value);
        Self::new(role, principal_permissions::Resource::new().table(resource), permissions)
    }

    /// Gives `role` permissions on every table of `database`, those to come too.
    pub fn on_all_tables(
        database: &GlueDatabaseHandle,
        role: impl Arg<Arn<kind::iam::Role>>,
        permissions: impl IntoIterator<Item = TablePermission>,
    ) -> Self {
        let resource = principal_permissions::TableResource::new()
            .catalog_id(Expression::account_id())
            .database_name(database.name())
            .table_wildcard(Map::new());
        let permissions = permissions.into_iter().map(TablePermission::value);
        Self::new(role, principal_permissions::Resource::new().table(resource), permissions)
    }

    /// Gives `role` permissions on `database`.
    pub fn on_database(
        database: &GlueDatabaseHandle,
        role: impl Arg<Arn<kind::iam::Role>>,
        permissions: impl IntoIterator<Item = DatabasePermission>,
    ) -> Self {
        let name: Id<kind::glue::Database> = database.name();
        let resource = principal_permissions::DatabaseResource::new().catalog_id(Expression::account_id()).name(name);
        let permissions = permissions.into_iter().map(DatabasePermission::value);
        Self::new(role, principal_permissions::Resource::new().database(resource), permissions)
    }

    /// Lets `role` make tables whose data is in `location`, and change them.
    pub fn on_location(location: &LakeLocationHandle, role: impl Arg<Arn<kind::iam::Role>>) -> Self {
        let resource = principal_permissions::DataLocationResource::new()
            .catalog_id(Expression::account_id())
            .resource_arn(Expression::raw(location.location().folder_arn()));
        let permissions = [principal_permissions::Permission::DataLocationAccess];
        Self::new(role, principal_permissions::Resource::new().data_location(resource), permissions).after(location)
    }

    fn new(
        role: impl Arg<Arn<kind::iam::Role>>,
        resource: principal_permissions::Resource,
        permissions: impl IntoIterator<Item = principal_permissions::Permission>,
    ) -> Self {
        Self {
            principal: role.into_value(),
            resource,
            permissions: permissions.into_iter().collect(),
            grantable: false,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Lets the role give the permissions on to others.
    pub fn grantable(mut self) -> Self {
        self.grantable = true;
        self
    }

    /// Gives the permissions after `resource`, such as the administrators.
    pub fn after(mut self, resource: &impl Handle) -> Self {
        self.attributes = self.attributes.depends_on(resource);
        self
    }
}

impl Construct for LakePermissions {
    type Handle = lakeformation::PrincipalPermissionsRef;

    fn build(self, scope: &mut Scope<'_>) -> lakeformation::PrincipalPermissionsRef {
        let principal = principal_permissions::DataLakePrincipal::new()
            .data_lake_principal_identifier(Expression::raw(self.principal));
        let grantable = if self.grantable { self.permissions.clone() } else { Vec::new() };
        let permissions = lakeformation::PrincipalPermissions::new()
            .principal(principal)
            .resource(self.resource)
            .permissions(self.permissions)
            .permissions_with_grant_option(grantable);
        let permissions = self.settings.apply(permissions, lakeformation::PrincipalPermissions::raw);
        scope.add("Default", permissions.with(self.attributes))
    }
}
