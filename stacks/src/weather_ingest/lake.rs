//! The table over the rows of all hours, and the workgroup to query it with.

use stackgen::prelude::*;
use weather_ingest::contract::{COLUMNS, Location, keys};

/// Adds database, table and workgroup, and says what they are called.
pub(super) fn add_to(stack: &mut Scope<'_>, curated: &BucketHandle, locations: &[Location]) {
    let database = stack.add("Database", GlueDatabase::named_after_stack());
    let table = stack.add("Observations", observations(&database, curated, locations));
    let results = S3Location::new(curated, keys::ATHENA_RESULTS_PREFIX);
    let workgroup = AthenaWorkgroup::new(results).scan_limit(gib::<1>()).delete_with_saved_queries();
    let workgroup = stack.add("Workgroup", workgroup);

    stack.output("Database", database.name());
    stack.output("Table", table.name());
    stack.output("Workgroup", workgroup.name());
}

/// One row an hour and location. Partitions are computed from the keys, so nothing has to crawl.
fn observations(database: &GlueDatabaseHandle, curated: &BucketHandle, locations: &[Location]) -> GlueTable {
    let [location, year, month, day, hour] = keys::PARTITIONS;
    let ids = locations.iter().map(|location| location.id().to_owned());
    let rows = S3Location::new(curated, keys::CURATED_PREFIX);
    GlueTable::new(database, catalog_name!("observations"), TableFormat::parquet(), rows)
        .columns(COLUMNS.map(|column| (column.name, column.kind.glue_type())))
        .partition(PartitionKey::values(location, ids))
        .partition(PartitionKey::integers(year, 2022..=2040))
        .partition(PartitionKey::integers(month, 1..=12).digits(2))
        .partition(PartitionKey::integers(day, 1..=31).digits(2))
        .partition(PartitionKey::integers(hour, 0..=23).digits(2))
        .partition_folders(keys::projection_folder())
}
