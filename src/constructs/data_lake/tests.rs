use stackgen_resources::typed::{Handle, literal};

use super::*;
use crate::constructs::Role;
use crate::constructs::catalog_name;
use crate::constructs::testing::template_of;
use crate::core::days;

#[test]
fn an_iceberg_table_with_its_optimizers_under_lake_formation() {
    let template = template_of(|stack| {
        let lake = || literal("lake-of-buses");
        let database = stack.add("Database", GlueDatabase::named_after_stack());
        let table = IcebergTable::new(&database, catalog_name!("sf_muni"), S3Location::new(lake(), "iceberg/sf_muni/"))
            .columns([("id", ColumnType::String), ("fetched_at", ColumnType::Timestamp)]);
        let table = stack.add("Table", table);

        let deployer = stack.add("Deployer", Role::for_service("cloudformation.amazonaws.com"));
        let administrators = stack.add("Administrators", LakeAdministrators::new().role(deployer.arn()));
        let guard = stack.add("LakeRole", Role::for_service("lakeformation.amazonaws.com").allow(table.read()));
        let location = LakeLocation::new(S3Location::new(lake(), "iceberg/"), &guard).after(&administrators);
        let location = stack.add("Location", location);

        let role = Role::for_service("glue.amazonaws.com").allow(table.optimize()).allow(lake_data_access());
        let role = stack.add("Optimizer", role);
        let rows = [
            TablePermission::Select,
            TablePermission::Insert,
            TablePermission::Delete,
            TablePermission::Alter,
            TablePermission::Describe,
        ];
        let on_table = LakePermissions::on_table(&table, role.arn(), rows).after(&administrators);
        let on_table = stack.add("TablePermissions", on_table);
        let on_location = LakePermissions::on_location(&location, role.arn()).after(&administrators);
        let on_location = stack.add("LocationPermissions", on_location);
        let on_database = LakePermissions::on_database(&database, role.arn(), [DatabasePermission::Describe]);
        stack.add("DatabasePermissions", on_database.after(&administrators));
        let reader = stack.add("Reader", Role::for_service("lambda.amazonaws.com").allow(lake_data_access()));
        let on_all = LakePermissions::on_all_tables(&database, reader.arn(), [TablePermission::Select]).grantable();
        stack.add("ReaderPermissions", on_all.after(&administrators));
        let optimizers = TableOptimizers::new(&table, &role)
            .compaction()
            .expire_snapshots(days::<7>())
            .delete_orphan_files(days::<3>())
            .after(&on_table)
            .after(&on_location);
        let optimizers = stack.add("Optimizers", optimizers);
        assert!(optimizers.retention.is_some_and(|retention| retention.id().logical_id() == "OptimizersRetention"));
    });
    for (expected, count) in [
        (r#""MetadataOperation": "CREATE""#, 1),
        (r#""MutationType": "APPEND""#, 1),
        (r#""HybridAccessEnabled": true"#, 1),
        (r#""Type": "AWS::Glue::TableOptimizer""#, 3),
        (r#""SnapshotRetentionPeriodInDays": 7"#, 1),
        (r#""OrphanFileRetentionPeriodInDays": 3"#, 1),
        ("DATA_LOCATION_ACCESS", 1),
    ] {
        assert_eq!(template.matches(expected).count(), count, "{expected} in {template}");
    }
    insta::assert_snapshot!(template);
}
