//! A data lake: tables over files in S3, queried by Athena, guarded by Lake Formation.

mod column;
mod database;
mod format;
mod iceberg;
mod lake_formation;
mod lake_permissions;
mod location;
mod optimizer;
mod partition;
mod table;
mod workgroup;

pub use self::column::{Column, ColumnType};
pub use self::database::{GlueDatabase, GlueDatabaseHandle};
pub use self::format::TableFormat;
pub use self::iceberg::IcebergTable;
pub use self::lake_formation::{LakeAdministrators, LakeLocation, LakeLocationHandle, lake_data_access};
pub use self::lake_permissions::{DatabasePermission, LakePermissions, TablePermission};
pub use self::location::S3Location;
pub use self::optimizer::{TableOptimizers, TableOptimizersHandle, optimizer_logs};
pub use self::partition::{DateFormat, PartitionKey};
pub use self::table::{GlueTable, GlueTableHandle};
pub use self::workgroup::{AthenaWorkgroup, AthenaWorkgroupHandle, ScanLimit, ScanLimitError};

#[cfg(test)]
mod tests;
