//! The three functions and what they may do.

use bus_observatory::contract::{self, ApiEnv, CompactorEnv, GrabberEnv, keys};
use bus_observatory::feeds::{Configuration, TableFormat};
use stackgen::prelude::*;

use super::store::Store;

/// The package of the handlers.
const PACKAGE: &str = "bus-observatory";

/// The functions of the stack.
pub(super) struct Functions {
    /// Fetches a feed and writes its rows.
    pub(super) grabber: FunctionHandle,
    /// Merges the files of an hour.
    pub(super) compactor: FunctionHandle,
    /// Answers requests.
    pub(super) api: FunctionHandle,
}

impl Functions {
    pub(super) fn add_to(stack: &mut Scope<'_>, store: &Store, configuration: &Configuration) -> Self {
        Self {
            grabber: stack.add("Grabber", grabber(store)),
            compactor: stack.add("Compactor", compactor(store, configuration.table_format)),
            api: stack.add("ApiFunction", api(store, configuration)),
        }
    }
}

/// May read no key yet: each feed adds its own.
fn grabber(store: &Store) -> Function {
    Function::rust(PACKAGE, contract::GRABBER)
        .memory(mib::<512>())
        .timeout(minutes::<1>())
        .environment(GrabberEnv { lake: store.lake.name() })
        .allow(store.lake.put_prefix(keys::LAKE_PREFIX))
        .allow(store.lake.grant_on_prefix(["s3:GetObject", "s3:PutObject"], keys::STATE_PREFIX))
}

fn compactor(store: &Store, format: TableFormat) -> Function {
    let environment =
        CompactorEnv { lake: store.lake.name(), table_format: format.name(), database: store.database.name() };
    let prefixes = [keys::LAKE_PREFIX, table_prefix(format)];
    let function = Function::rust(PACKAGE, contract::COMPACTOR)
        .memory(mib::<1_024>())
        .timeout(minutes::<10>())
        .environment(environment)
        .allow(list(&store.lake, &prefixes))
        .allow(on_prefixes(&store.lake, &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], &prefixes));
    reading_lake(function, format)
}

fn api(store: &Store, configuration: &Configuration) -> Function {
    let format = configuration.table_format;
    let feeds = keys::feeds_path(&configuration.stack);
    let path = ParameterName::try_from(feeds.clone()).expect("the reader of the feeds checked the name of the stack");
    let environment = ApiEnv {
        lake: store.lake.name(),
        results: store.results.name(),
        feeds,
        table_format: format.name(),
        database: store.database.name(),
    };
    let prefixes = [keys::LAKE_PREFIX, table_prefix(format), keys::STATE_PREFIX];
    let function = Function::rust(PACKAGE, contract::API)
        .memory(mib::<1_024>())
        .timeout(seconds::<29>())
        .environment(environment)
        .allow(SsmParameter::read_by_path(path))
        .allow(list(&store.lake, &prefixes))
        .allow(on_prefixes(&store.lake, &["s3:GetObject"], &prefixes))
        .allow(store.results.grant_on_prefix(["s3:GetObject", "s3:PutObject"], keys::EXPORTS_PREFIX));
    reading_lake(function, format)
}

/// What says which merged files a table has: pointers, or the metadata of Iceberg.
const fn table_prefix(format: TableFormat) -> &'static str {
    match format {
        TableFormat::Hive => keys::POINTER_PREFIX,
        TableFormat::Iceberg => keys::ICEBERG_PREFIX,
    }
}

/// Only Iceberg tables are behind Lake Formation. What is done with a table is allowed as it is added.
fn reading_lake(function: Function, format: TableFormat) -> Function {
    match format {
        TableFormat::Hive => function,
        TableFormat::Iceberg => function.allow(lake_data_access()),
    }
}

fn list(bucket: &BucketHandle, prefixes: &[&str]) -> Grant {
    let patterns: Vec<Value> = prefixes.iter().map(|prefix| format!("{prefix}*").into()).collect();
    bucket.list().when("StringLike", "s3:prefix", patterns)
}

fn on_prefixes(bucket: &BucketHandle, actions: &[&'static str], prefixes: &[&str]) -> Grant {
    let objects = prefixes.iter().map(|prefix| bucket.objects_arn((*prefix).to_owned()));
    Grant::new(actions.iter().copied(), objects, "uses objects of the lake")
}
