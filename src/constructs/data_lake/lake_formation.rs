//! Lake Formation: who may use which part of the lake.

use stackgen_resources::typed::{Arg, Arn, Handle};
use stackgen_template::{Expression, ResourceId, Value};

use super::location::S3Location;
use crate::constructs::RoleHandle;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, ResourceExt, Scope};
use crate::resources::kind;
use crate::resources::lakeformation::{self, data_lake_settings};

/// Access to data that Lake Formation guards, by the credentials it gives out. Which data they reach is said by
/// [`LakePermissions`]; the action itself has no resources.
pub fn lake_data_access() -> Grant {
    Grant::new(["lakeformation:GetDataAccess"], ["*"], "ask Lake Formation for credentials")
}

/// A folder whose data Lake Formation guards, beside IAM (hybrid access): making and changing tables whose data is in it
/// takes permissions of Lake Formation. Reading takes them from those only whom an administrator has opted in, for everyone
/// else policies of IAM decide as before.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("buses");
/// let lake = stack.add("Lake", Bucket::new());
/// let database = stack.add("Database", GlueDatabase::named_after_stack());
/// let folder = S3Location::new(lake.name(), "iceberg/sf_muni/");
/// let table = stack.add("Table", IcebergTable::new(&database, catalog_name!("sf_muni"), folder).columns([("id", "string")]));
///
/// let deployer = stack.add("Deployer", Role::for_service("cloudformation.amazonaws.com"));
/// let files = lake.read_prefix("iceberg/").and(lake.write_prefix("iceberg/"));
/// let role = stack.add("LakeRole", Role::for_service("lakeformation.amazonaws.com").allow(files));
/// let administrators = stack.add("Administrators", LakeAdministrators::new().role(deployer.arn()));
/// stack.add("Location", LakeLocation::new(S3Location::new(lake.name(), "iceberg/"), &role).after(&administrators));
/// let reader = stack.add("Reader", Role::for_service("lambda.amazonaws.com").allow(lake_data_access()));
/// let permissions = LakePermissions::on_table(&table, reader.arn(), [TablePermission::Select, TablePermission::Describe]);
/// stack.add("ReaderPermissions", permissions.after(&administrators));
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct LakeLocation {
    location: S3Location,
    role: RoleHandle,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(LakeLocation);

impl LakeLocation {
    /// The folder `location`, which Lake Formation reads and writes under `role`. The role trusts
    /// `lakeformation.amazonaws.com`, and may read, write and list the folder.
    pub fn new(location: S3Location, role: &RoleHandle) -> Self {
        let attributes = Attributes::new().after_grants_of(role.id());
        Self { location, role: role.clone(), settings: Settings::default(), attributes }
    }

    /// Registers the folder after `resource`, such as the administrators.
    pub fn after(mut self, resource: &impl Handle) -> Self {
        self.attributes = self.attributes.depends_on(resource);
        self
    }
}

impl Construct for LakeLocation {
    type Handle = LakeLocationHandle;

    fn build(self, scope: &mut Scope<'_>) -> LakeLocationHandle {
        let resource = lakeformation::Resource::new()
            .resource_arn(Expression::raw(self.location.folder_arn()))
            .use_service_linked_role(false)
            .role_arn(self.role.arn())
            .hybrid_access_enabled(true);
        let resource = self.settings.apply(resource, lakeformation::Resource::raw);
        let resource = scope.add("Default", resource.with(self.attributes));
        LakeLocationHandle { resource, location: self.location }
    }
}

/// The handle of a [`LakeLocation`].
#[derive(Debug, Clone)]
pub struct LakeLocationHandle {
    resource: lakeformation::ResourceRef,
    location: S3Location,
}

impl LakeLocationHandle {
    /// The folder.
    pub fn location(&self) -> &S3Location {
        &self.location
    }
}

impl Handle for LakeLocationHandle {
    fn id(&self) -> &ResourceId {
        self.resource.id()
    }
}

/// Administrators of the account's data lake, beside those it has: only they can give permissions, so the role that deploys
/// the stack must be one of them.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct LakeAdministrators {
    roles: Vec<Value>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(LakeAdministrators);

impl LakeAdministrators {
    /// No administrator yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a role.
    pub fn role(mut self, role: impl Arg<Arn<kind::iam::Role>>) -> Self {
        self.roles.push(role.into_value());
        self
    }
}

impl Construct for LakeAdministrators {
    type Handle = lakeformation::DataLakeSettingsRef;

    fn build(self, scope: &mut Scope<'_>) -> lakeformation::DataLakeSettingsRef {
        let admins = self.roles.into_iter().map(|role| {
            data_lake_settings::DataLakePrincipal::new().data_lake_principal_identifier(Expression::raw(role))
        });
        // Replacing the list, which CloudFormation does otherwise, would take everyone else's rights away.
        let settings =
            lakeformation::DataLakeSettings::new().admins(admins.collect::<Vec<_>>()).mutation_type("APPEND");
        let settings = self.settings.apply(settings, lakeformation::DataLakeSettings::raw);
        scope.add("Default", settings.with(self.attributes))
    }
}
