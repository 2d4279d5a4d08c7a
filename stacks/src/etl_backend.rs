//! etl-backend: a table of cumulative US covid-19 figures, refreshed once a day from two sources, and a message on each run.

use etl::contract::{self, RefreshEnv, metric, store};
use stackgen::prelude::*;

use crate::mailed_topic::MailedTopic;

/// Adds the stack, and gives the table of figures.
pub fn etl_backend(app: &mut App) -> TableHandle {
    let mut stack = app.stack("etl-backend");
    stack.description("Daily US covid-19 figures: fetched, checked, joined, stored and reported");

    let figures = stack
        .add("Figures", Table::new(Key::string(store::table::PARTITION)).sort_key(Key::string(store::table::DATE)));
    let snapshots = stack
        .add("Snapshots", Bucket::new().versioned().lifecycle(LifecycleRule::new().expire_noncurrent(days::<90>())));
    let reports = stack.add("Reports", MailedTopic::new("Address that gets the report of each run; empty for none"));
    let refresh = refresh(&mut stack, &figures, &snapshots, &reports);
    schedule(&mut stack, &refresh);
    stack.add("MissingRun", missing_run().notify(&reports));

    stack.output("Table", figures.name());
    stack.output("SnapshotBucket", snapshots.name());
    stack.output("Refresh", refresh.name());
    figures
}

/// Fetches the sources, joins them and writes what is new.
fn refresh(
    stack: &mut Scope<'_>,
    figures: &TableHandle,
    snapshots: &BucketHandle,
    reports: &TopicHandle,
) -> FunctionHandle {
    let nyt_url = source(
        stack,
        "nytUrl",
        "Cases and deaths by day, CSV",
        "https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv",
    );
    let jhu_url = source(
        stack,
        "jhuUrl",
        "Recoveries by country and day, CSV",
        "https://raw.githubusercontent.com/datasets/covid-19/master/data/time-series-19-covid-combined.csv",
    );
    let environment = RefreshEnv {
        table: figures.name(),
        snapshots: snapshots.name(),
        topic: reports.arn(),
        nyt_url,
        jhu_url,
        stack: Expression::stack_name(),
    };
    let mut function = Function::rust("etl", contract::REFRESH)
        .memory(mib::<512>())
        .timeout(minutes::<5>())
        .environment(environment)
        .async_retries(int::<2>())
        .max_event_age(hours::<1>())
        .on_failure(reports)
        .allow(figures.grant([
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        ]))
        // Without it a snapshot that is not there yet would be "forbidden", not "not found".
        .allow(snapshots.list())
        .allow(reports.publish());
    for prefix in [store::keys::SNAPSHOTS, store::keys::SOURCES, store::keys::REJECTS] {
        function = function.allow(snapshots.grant_on_prefix(["s3:GetObject", "s3:PutObject"], prefix));
    }
    stack.add("Refresh", function)
}

fn source(stack: &mut Scope<'_>, name: &'static str, description: &'static str, url: &'static str) -> ParameterHandle {
    let parameter = Parameter::new(ParameterType::STRING).description(description).default(url);
    stack.parameter(name, parameter.allowed_pattern("https?://.+"))
}

fn schedule(stack: &mut Scope<'_>, refresh: &FunctionHandle) {
    let expression = Parameter::new(ParameterType::STRING)
        .description("When the figures are refreshed, in UTC")
        .default(cron!("45 18 * * ? *").to_string());
    let expression = stack.parameter("scheduleExpression", expression);
    stack.add("Schedule", Rule::scheduled(&expression).target(refresh));
}

/// Raised when no run came to its end for more than a day.
fn missing_run() -> Alarm {
    let completed = Metric::new(metric::NAMESPACE, metric::REFRESH_COMPLETED)
        .dimension(metric::DIMENSION, Expression::stack_name())
        .period(hours::<1>());
    Alarm::below(completed, 1)
        .periods(int::<26>())
        .datapoints(int::<26>())
        .missing_data(MissingData::Breaching)
        .description("no refresh came to its end for 26 hours: look at the log of the function")
}
