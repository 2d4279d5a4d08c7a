//! What guards Iceberg tables, and what keeps them small.

use bus_observatory::contract::keys;
use stackgen::prelude::*;
use stackgen::resources::lakeformation::{DataLakeSettingsRef, PrincipalPermissionsRef};

use super::store::Store;

/// Lake Formation for the folder of all Iceberg tables, and the role of their optimizers.
pub(super) struct LakeFormation {
    administrators: DataLakeSettingsRef,
    optimizer: RoleHandle,
    on_location: PrincipalPermissionsRef,
}

impl LakeFormation {
    pub(super) fn add_to(stack: &mut Scope<'_>, store: &Store) -> Self {
        let deployer = Parameter::new(ParameterType::STRING)
            .description(
                "ARN of the role that the stack is deployed under, which gives the permissions of Lake Formation",
            )
            .allowed_pattern("arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+");
        let deployer = stack.parameter("deploymentRoleArn", deployer);
        let administrators = stack.add("LakeAdministrators", LakeAdministrators::new().role(assume(&deployer)));

        let files = store.lake.read_prefix(keys::ICEBERG_PREFIX).and(store.lake.write_prefix(keys::ICEBERG_PREFIX));
        let role = stack.add("LakeRole", Role::for_service("lakeformation.amazonaws.com").allow(files.clone()));
        let folder = S3Location::new(&store.lake, keys::ICEBERG_PREFIX);
        let location = stack.add("LakeLocation", LakeLocation::new(folder, &role).after(&administrators));

        // What Lake Formation allows takes effect with the credentials that it gives out. What is done with a table in the
        // catalogue is allowed as it is added.
        let optimizer = Role::for_service("glue.amazonaws.com");
        let optimizer = optimizer.allow(files).allow(optimizer_logs()).allow(lake_data_access());
        let optimizer = stack.add("OptimizerRole", optimizer);
        let on_location = LakePermissions::on_location(&location, &optimizer).after(&administrators);
        let on_location = stack.add("OptimizerLocation", on_location);
        Self { administrators, optimizer, on_location }
    }

    /// Adds the optimizers of a table and what they may do with it.
    pub(super) fn optimize(&self, scope: &mut Scope<'_>, table: &GlueTableHandle) {
        scope.allow(&self.optimizer, table.grant(["glue:GetTable", "glue:UpdateTable"]));
        let rows = [
            TablePermission::Select,
            TablePermission::Insert,
            TablePermission::Delete,
            TablePermission::Alter,
            TablePermission::Describe,
        ];
        let on_table = LakePermissions::on_table(table, &self.optimizer, rows).after(&self.administrators);
        let on_table = scope.add("OptimizerPermissions", on_table);
        let optimizers = TableOptimizers::new(table, &self.optimizer)
            .compaction()
            .expire_snapshots(days::<7>())
            .delete_orphan_files(days::<3>())
            .after(&on_table)
            .after(&self.on_location);
        scope.add("Optimizers", optimizers);
    }
}
