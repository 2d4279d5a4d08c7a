//! Where jobs, guides and genomes are kept.

use genome_pipeline::contract::tables::{self, genomes, jobs, targets, tasks};
use genome_pipeline::contract::{keys, limits};
use stackgen::prelude::*;
use stackgen::resources::s3::bucket::{CorsConfiguration, CorsRule};

/// The tables and the bucket.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) jobs: TableHandle,
    pub(super) tasks: TableHandle,
    pub(super) targets: TableHandle,
    pub(super) genomes: TableHandle,
    pub(super) bucket: BucketHandle,
}

impl Store {
    pub(super) fn add_to(stack: &mut Scope<'_>) -> Self {
        // Keys only, or every change of a job would write its sequence a second time.
        let open =
            Index::global(jobs::OPEN_INDEX, Key::string(jobs::OPEN)).sort_key(Key::number(jobs::DEADLINE)).keys_only();
        let jobs = Table::new(Key::string(jobs::JOB_ID))
            .index(open)
            .stream(StreamViewType::NewAndOldImages)
            .ttl(tables::EXPIRES);
        let targets = Table::new(Key::string(targets::JOB_ID)).sort_key(Key::number(targets::TARGET_ID));
        Self {
            jobs: stack.add("Jobs", jobs),
            tasks: stack.add("Tasks", Table::new(Key::string(tasks::JOB_ID)).ttl(tables::EXPIRES)),
            targets: stack.add("Targets", targets.ttl(tables::EXPIRES)),
            genomes: stack
                .add("Genomes", Table::new(Key::string(genomes::GENOME)).sort_key(Key::string(genomes::ITEM))),
            bucket: stack.add("GenomeBucket", genome_bucket()),
        }
    }

    /// Lets the page, and no other, upload genomes to the bucket.
    ///
    /// The page has an address only once its distribution exists, which knows the API, which knows the functions, which
    /// know the bucket: so the bucket is told at last.
    pub(super) fn accept_uploads_of(&self, stack: &mut Scope<'_>, page: &WebsiteHandle) {
        let rule = CorsRule::new()
            .allowed_methods([BucketMethod::Put])
            .allowed_origins([page.url()])
            .allowed_headers(["content-type"]);
        let rules = CorsConfiguration::new().cors_rules([rule]);
        stack.modify(&self.bucket, |properties, _| {
            properties.insert("CorsConfiguration", Arg::<CorsConfiguration>::into_value(rules));
        });
    }
}

/// Genomes and their indexes, which stay, and results, which expire as the rows of their jobs do.
fn genome_bucket() -> Bucket {
    let results = LifecycleRule::new().prefix(keys::RESULTS_PREFIX).expire(days::<{ limits::RETENTION_DAYS }>());
    Bucket::new()
        .lifecycle(results)
        .lifecycle(LifecycleRule::new().abort_incomplete_uploads(days::<1>()))
        .removal(RemovalPolicy::Retain)
}
