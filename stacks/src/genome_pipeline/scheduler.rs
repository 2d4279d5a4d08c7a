//! The function that starts the work of jobs and ends the overdue.

use genome_pipeline::contract::{self, SchedulerEnv, Tick, keys, tables};
use stackgen::prelude::*;

use super::PACKAGE;
use super::ncbi::Ncbi;
use super::preparation::Preparation;
use super::settings::Settings;
use super::store::Store;
use super::worker::Worker;

/// What the function starts.
#[derive(Debug)]
pub(super) struct Starts<'a> {
    pub(super) preparation: &'a Preparation,
    pub(super) scan: &'a QueueHandle,
    pub(super) worker: &'a Worker,
}

/// Adds the function, which is told of every new job, and of the time every five minutes.
pub(super) fn add_to(stack: &mut Scope<'_>, store: &Store, ncbi: &Ncbi, starts: &Starts<'_>, settings: &Settings) {
    let mut scope = stack.scope("Scheduler");
    let launch = starts.worker.launch(&mut scope);
    let function = scope.add("Function", function(store, ncbi, starts, settings).allow(launch));

    let lost = scope.add("LostRecords", Queue::new().retention(days::<14>()));
    scope.add("LostRecordsAlarm", lost.depth_alarm());
    let records = store
        .jobs
        .feeds(&function, StartingPosition::TrimHorizon)
        .batch_size(int::<10>())
        .bisect_batch_on_error()
        .retries(int::<5>())
        .on_failure(&lost)
        // Only new jobs are work; most records tell of jobs on their way.
        .filter(EventPattern::new().field("eventName", Matcher::equals("INSERT")));
    scope.add("Records", records);

    // The next tick makes good for one that was lost.
    let tick = Schedule::new(Rate::every(minutes::<5>()), &function)
        .input(&Tick::default())
        .retries(int::<2>())
        .max_event_age(minutes::<5>());
    scope.add("Tick", tick);
}

fn function(store: &Store, ncbi: &Ncbi, starts: &Starts<'_>, settings: &Settings) -> Function {
    let Starts { preparation: Preparation { download, index }, scan, worker } = starts;
    let environment = SchedulerEnv {
        jobs: store.jobs.name(),
        genomes: store.genomes.name(),
        bucket: store.bucket.name(),
        download_queue: download.url(),
        index_queue: index.url(),
        scan_queue: scan.url(),
        launch_template: worker.template_id(),
        subnets: worker.subnet_ids(),
        image_parameter: worker.image_parameter(),
        worker_environment: worker.environment(),
        ec2_cutoff_mib: settings.ec2_cutoff_mib,
        ncbi_api: &ncbi.api,
    };
    Function::rust(PACKAGE, contract::SCHEDULER)
        .memory(mib::<256>())
        .timeout(minutes::<1>())
        .environment(environment)
        .async_retries(int::<0>())
        .max_event_age(minutes::<5>())
        .allow(store.jobs.grant(["dynamodb:GetItem", "dynamodb:UpdateItem"]))
        .allow(store.jobs.query_index(tables::jobs::OPEN_INDEX))
        .allow(store.genomes.grant(["dynamodb:GetItem", "dynamodb:UpdateItem"]))
        // The name of an uploaded file is not known beforehand.
        .allow(store.bucket.read_prefix(keys::CUSTOM_PREFIX))
        .allow(download.send())
        .allow(index.send())
        .allow(scan.send())
}
