//! Where rows, answers and tables are kept.

use bus_observatory::contract::keys;
use bus_observatory::feeds::Configuration;
use stackgen::prelude::*;

/// Buckets, database and workgroup.
pub(super) struct Store {
    /// Rows of all feeds.
    pub(super) lake: BucketHandle,
    /// Results of queries and large answers, for a day.
    pub(super) results: BucketHandle,
    /// The tables of all feeds.
    pub(super) database: GlueDatabaseHandle,
    /// Who queries the tables does it here.
    pub(super) workgroup: AthenaWorkgroupHandle,
}

impl Store {
    pub(super) fn add_to(stack: &mut Scope<'_>, configuration: &Configuration) -> Self {
        let lake = match &configuration.bucket {
            None => Bucket::new(),
            Some(name) => Bucket::new()
                .name(BucketName::try_from(name.clone()).expect("the reader of the feeds checked the name")),
        };
        let lake = stack.add("Lake", lake);
        // Pages that may call the API are sent here for large answers.
        let results = Bucket::new()
            .cors(CorsRule::new([BucketMethod::Get], ["*"]))
            .lifecycle(LifecycleRule::new().expire(days::<1>()))
            .empty_on_destroy();
        let results = stack.add("Results", results);
        let name = CatalogName::try_from(keys::database(&configuration.stack))
            .expect("with underscores the name of a stack is one of a database");
        let database = stack.add("Database", GlueDatabase::new(name));
        let workgroup = AthenaWorkgroup::new(S3Location::new(&results, keys::ATHENA_PREFIX))
            .scan_limit(gib::<10>())
            .delete_with_saved_queries();
        let workgroup = stack.add("Workgroup", workgroup);
        Self { lake, results, database, workgroup }
    }
}
