//! The way of a genome: its files are downloaded, part by part, and indexed.

use genome_pipeline::contract::{self, DownloaderEnv, IndexBuilderEnv, PartLoaderEnv, keys};
use stackgen::prelude::*;

use super::store::Store;
use super::{PACKAGE, line};

/// The queues that take genomes.
#[derive(Debug)]
pub(super) struct Preparation {
    /// Genomes to download.
    pub(super) download: QueueHandle,
    /// Genomes whose files are all there.
    pub(super) index: QueueHandle,
}

/// Adds the queues and functions. Jobs whose genome is ready go to the queue `scan`.
pub(super) fn add_to(
    stack: &mut Scope<'_>,
    store: &Store,
    scan: &QueueHandle,
    ncbi_files: &ParameterHandle,
) -> Preparation {
    let index = line::add_to(stack, "Index", minutes::<16>(), index_builder(store, scan), line::single);
    let parts = line::add_to(stack, "Parts", minutes::<16>(), part_loader(store, &index), line::single);
    let downloader = downloader(store, &parts, ncbi_files);
    let download = line::add_to(stack, "Download", minutes::<6>(), downloader, line::single);
    Preparation { download, index }
}

/// Finds the files of a genome.
fn downloader(store: &Store, parts: &QueueHandle, ncbi_files: &ParameterHandle) -> Function {
    let environment = DownloaderEnv {
        jobs: store.jobs.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        parts_queue: parts.url(),
        ncbi_files,
    };
    let function = Function::rust(PACKAGE, contract::DOWNLOADER)
        .memory(mib::<512>())
        .timeout(minutes::<5>())
        .environment(environment)
        .allow(store.genomes.grant(["dynamodb:GetItem", "dynamodb:UpdateItem"]))
        .allow(store.bucket.put_prefix(keys::FASTA_PATTERN))
        .allow(parts.send());
    end_jobs(function, store)
}

/// Fetches a part of a file. Whoever fetches the last completes the file, for which all parts are looked up.
fn part_loader(store: &Store, index: &QueueHandle) -> Function {
    let environment = PartLoaderEnv {
        jobs: store.jobs.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        index_queue: index.url(),
    };
    let function = Function::rust(PACKAGE, contract::PART_LOADER)
        .memory(gib::<1>())
        .timeout(minutes::<15>())
        .environment(environment)
        .allow(store.genomes.grant(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]))
        .allow(store.bucket.grant_on_prefix(["s3:GetObject", "s3:PutObject"], keys::FASTA_PATTERN))
        .allow(index.send());
    end_jobs(function, store)
}

/// Builds the index of a genome from its files, which are rows of its own.
fn index_builder(store: &Store, scan: &QueueHandle) -> Function {
    let environment = IndexBuilderEnv {
        jobs: store.jobs.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        scan_queue: scan.url(),
    };
    let function = Function::rust(PACKAGE, contract::INDEX_BUILDER)
        .memory(gib::<10>())
        .timeout(minutes::<15>())
        .ephemeral_storage(gib::<10>())
        .environment(environment)
        .allow(store.genomes.grant(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]))
        .allow(store.bucket.get_prefix(keys::FASTA_PATTERN))
        .allow(store.bucket.put_prefix(keys::INDEX_PATTERN))
        .allow(scan.send());
    end_jobs(function, store)
}

/// Allows to move on, or to fail, the jobs that wait for a genome.
fn end_jobs(function: Function, store: &Store) -> Function {
    function.allow(store.jobs.grant(["dynamodb:UpdateItem"]))
}
