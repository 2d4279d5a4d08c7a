//! bus-observatory: positions of buses from public feeds, every minute, as a Parquet lake that an HTTP API and Athena read.
//!
//! Which feeds is said in `feeds.json` at the root of the workspace, or in the file that the context value `feeds` names.

mod api;
mod feed;
mod file;
mod functions;
mod lake_formation;
mod store;

use bus_observatory::feeds::{Configuration, Feed, TableFormat};
use stackgen::prelude::*;

use functions::Functions;
use lake_formation::LakeFormation;
use store::Store;

/// Reads the feeds and adds their stack. Whatever is wrong with the file is reported, and then there is no stack.
pub fn bus_observatory(app: &mut App) {
    if let Some(configuration) = file::read(app) {
        if configuration.table_format == TableFormat::Iceberg {
            app.report(no_commits(&configuration));
        }
        observatory(app, &configuration);
    }
}

/// The most resources that CloudFormation takes in a stack.
const RESOURCE_LIMIT: usize = 500;
/// How many resources the stack has at least, beside those of its feeds.
pub const RESOURCES_OF_STACK: usize = 40;

/// How many resources a feed adds to the stack.
pub fn resources_of(feed: &Feed, format: TableFormat) -> usize {
    let kept = match format {
        // The parameter and the table; then the table's three optimizers and their permissions.
        TableFormat::Hive => 2,
        TableFormat::Iceberg => 6,
    };
    // Two schedules and an alarm.
    kept + if feed.enabled { 3 } else { 0 }
}

/// Adds the stack of a configuration. Feeds that are too many for one are reported, and then there is none.
pub fn observatory(app: &mut App, configuration: &Configuration) {
    let resources: usize = configuration.feeds.iter().map(|feed| resources_of(feed, configuration.table_format)).sum();
    if resources + RESOURCES_OF_STACK > RESOURCE_LIMIT {
        app.report(too_many(configuration, resources));
        return;
    }
    let mut stack = app.stack(configuration.stack.clone());
    stack.description("Positions of buses from public feeds: Parquet files, tables over them, and an HTTP API");

    let store = Store::add_to(&mut stack, configuration);
    let functions = Functions::add_to(&mut stack, &store, configuration);
    let guard = match configuration.table_format {
        TableFormat::Hive => None,
        TableFormat::Iceberg => Some(LakeFormation::add_to(&mut stack, &store)),
    };
    let lost = stack.add("DeadLetters", Queue::new().retention(days::<14>()));
    stack.add("DeadLettersAlarm", lost.depth_alarm());
    let role = stack.add("SchedulesRole", Schedule::shared_role());
    let collection = feed::Collection { store, functions, guard, lost, role };
    let mut feeds = stack.scope("Feeds");
    for feed in &configuration.feeds {
        collection.add_feed(&mut feeds, feed, configuration);
    }
    let api = stack.add("Api", api::api(&collection.functions.api, configuration));

    stack.output("LakeBucket", collection.store.lake.name());
    stack.output("ResultsBucket", collection.store.results.name());
    stack.output("Database", collection.store.database.name());
    stack.output("Workgroup", collection.store.workgroup.name());
    stack.output("Grabber", collection.functions.grabber.name());
    stack.output("Compactor", collection.functions.compactor.name());
    stack.output("DeadLettersUrl", collection.lost.url());
    stack.output("ApiUrl", api.url());
}

fn no_commits(configuration: &Configuration) -> Problem {
    let stack = &configuration.stack;
    let problem = Problem::warning(format!("`{stack}`: the functions do not commit rows to Iceberg tables"));
    problem.hint(
        "rows stay in incoming files, which the API reads; let an engine such as Athena insert them, or use `hive`",
    )
}

fn too_many(configuration: &Configuration, resources: usize) -> Problem {
    let message = format!(
        "the {} feeds of `{}` make {resources} resources, and a stack has {RESOURCE_LIMIT} at most, with its own",
        configuration.feeds.len(),
        configuration.stack
    );
    Problem::error(message).hint("move some of the feeds to a file with another `stack`, and name it: `-c feeds=PATH`")
}
