//! The way of a job whose genome is ready: its guides are found and scored.

use genome_pipeline::contract::{self, ConsensusEnv, OffTargetScorerEnv, TargetScanEnv, keys};
use stackgen::prelude::*;

use super::store::Store;
use super::{PACKAGE, line};

/// Adds the queues and functions, and gives the queue that takes jobs.
pub(super) fn add_to(stack: &mut Scope<'_>, store: &Store) -> QueueHandle {
    let consensus = line::add_to(stack, "Consensus", minutes::<6>(), consensus(store), line::single);
    let offtarget = line::add_to(stack, "OffTarget", minutes::<16>(), off_target_scorer(store), |events| {
        events.batch_size(int::<10>()).batch_window(seconds::<5>())
    });
    line::add_to(stack, "Scan", minutes::<3>(), target_scan(store, &consensus, &offtarget), line::single)
}

/// Finds the guides of a job.
fn target_scan(store: &Store, consensus: &QueueHandle, offtarget: &QueueHandle) -> Function {
    let environment = TargetScanEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        targets: store.targets.name(),
        consensus_queue: consensus.url(),
        offtarget_queue: offtarget.url(),
    };
    let mut function = Function::rust(PACKAGE, contract::TARGET_SCAN)
        .memory(mib::<512>())
        .timeout(minutes::<2>())
        .environment(environment)
        .allow(consensus.send())
        .allow(offtarget.send());
    for table in [&store.jobs, &store.tasks, &store.targets] {
        function = function.allow(table.grant(["dynamodb:GetItem", "dynamodb:UpdateItem"]));
    }
    function
}

/// Predicts the efficiency of guides.
fn consensus(store: &Store) -> Function {
    let environment = ConsensusEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        targets: store.targets.name(),
        bucket: store.bucket.name(),
    };
    let function = Function::rust(PACKAGE, contract::CONSENSUS).memory(mib::<1_769>()).timeout(minutes::<5>());
    write_scores(function.environment(environment), store)
}

/// Scores the off-target risk of guides. The index of a genome is kept in the storage of the function.
fn off_target_scorer(store: &Store) -> Function {
    let environment = OffTargetScorerEnv {
        jobs: store.jobs.name(),
        tasks: store.tasks.name(),
        targets: store.targets.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
    };
    let function = Function::rust(PACKAGE, contract::OFF_TARGET_SCORER)
        .memory(gib::<10>())
        .timeout(minutes::<15>())
        .ephemeral_storage(gib::<10>())
        .environment(environment)
        .allow(store.genomes.grant(["dynamodb:GetItem"]))
        .allow(store.bucket.get_prefix(keys::INDEX_PATTERN));
    write_scores(function, store)
}

/// Allows to write scores, and, for whoever writes the last, the results.
fn write_scores(function: Function, store: &Store) -> Function {
    function
        .allow(store.targets.grant(["dynamodb:Query", "dynamodb:UpdateItem"]))
        .allow(store.tasks.grant(["dynamodb:UpdateItem"]))
        // Options are those of the job, and what is finished is not scored.
        .allow(store.jobs.grant(["dynamodb:GetItem", "dynamodb:UpdateItem"]))
        .allow(store.bucket.put_prefix(keys::RESULTS_PREFIX))
}
