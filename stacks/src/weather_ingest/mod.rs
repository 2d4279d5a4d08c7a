//! weather-ingest: every hour the weather of each location as raw JSON and as one row of a table, queried with SQL.
//!
//! The key of the API is in a secret that the stack does not create: `set_key.sh` beside this file does.

mod lake;
mod machine;
mod watch;

use stackgen::prelude::*;
use weather_ingest::contract::{self, CurateEnv, Location, RetrieveEnv, RetrieveInput, keys};

use crate::mailed_topic::MailedTopic;

/// Adds the stack, with a schedule for each of the locations.
pub fn weather_ingest(app: &mut App, locations: &[Location]) {
    let mut stack = app.stack("weather-ingest");
    stack.description("Hourly weather observations: raw JSON, Parquet, and a table over it");

    let raw = stack.add("Raw", raw_bucket());
    let curated = stack.add("Curated", curated_bucket());
    let retrieve = retrieve(&mut stack, &raw);
    let curate = stack.add("Curate", curate(&raw, &curated));
    let failures = stack.add("Failures", MailedTopic::new("Address that is told of failures; empty for none"));
    let machine = stack.add("Machine", machine::hour(&retrieve, &curate, &failures));
    let lost = schedules(&mut stack, &machine, locations);
    watch::alarms(&mut stack, &failures, &machine, &lost);
    watch::limit(&mut stack, &failures, &machine);
    lake::add_to(&mut stack, &curated, locations);

    stack.output("RawBucket", raw.name());
    stack.output("CuratedBucket", curated.name());
    stack.output(contract::STATE_MACHINE_OUTPUT, machine.arn());
}

/// Bodies as they came from the API.
fn raw_bucket() -> Bucket {
    Bucket::new()
        .versioned()
        .lifecycle(LifecycleRule::new().to_infrequent_access(days::<30>()).expire_noncurrent(days::<90>()))
        .lifecycle(LifecycleRule::new().prefix(keys::ERRORS_PREFIX).expire(days::<90>()))
        .empty_on_destroy()
}

/// Rows, and what queries give.
fn curated_bucket() -> Bucket {
    Bucket::new()
        .versioned()
        .lifecycle(LifecycleRule::new().expire_noncurrent(days::<90>()))
        .lifecycle(LifecycleRule::new().prefix(keys::ATHENA_RESULTS_PREFIX).expire(days::<14>()))
        .empty_on_destroy()
}

/// Asks the API for an hour and keeps the body.
fn retrieve(stack: &mut Scope<'_>, raw: &BucketHandle) -> FunctionHandle {
    let secret_name = stack.parameter(
        "apiKeySecretName",
        Parameter::new(ParameterType::STRING)
            .description("Name of the secret that holds the key of the weather API")
            .default("weather-ingest/api-key"),
    );
    let base_url = stack.parameter(
        "apiBaseUrl",
        Parameter::new(ParameterType::STRING)
            .description("URL of the weather API, without a slash at its end")
            .default("https://api.weatherapi.com/v1")
            .allowed_pattern("https?://.*[^/]"),
    );
    let api_key = Secret::from_name(&secret_name);
    let environment =
        RetrieveEnv { raw_bucket: raw.name(), api_key_secret: api_key.identifier(), api_base_url: base_url };
    let function = Function::rust("weather-ingest", contract::RETRIEVE)
        .memory(mib::<256>())
        .timeout(minutes::<3>())
        .environment(environment)
        .allow(raw.grant_on_prefix(["s3:GetObject", "s3:PutObject"], keys::RAW_PREFIX))
        .allow(raw.put_prefix(keys::ERRORS_PREFIX))
        .allow(raw.list())
        .allow(api_key.read());
    stack.add("Retrieve", function)
}

/// Makes the body of an hour a row.
fn curate(raw: &BucketHandle, curated: &BucketHandle) -> Function {
    Function::rust("weather-ingest", contract::CURATE)
        .memory(mib::<256>())
        .timeout(minutes::<1>())
        .environment(CurateEnv { raw_bucket: raw.name(), curated_bucket: curated.name() })
        .allow(raw.grant_on_prefix(["s3:GetObject", "s3:GetObjectVersion"], keys::RAW_PREFIX))
        .allow(curated.put_prefix(keys::CURATED_PREFIX))
}

/// Starts an execution for each location at the beginning of each hour. Gives the queue of those that could not start.
fn schedules(stack: &mut Scope<'_>, machine: &StateMachineHandle, locations: &[Location]) -> QueueHandle {
    let lost = stack.add("LostSchedules", Queue::new().retention(days::<14>()));
    let role = stack.add("SchedulesRole", Schedule::shared_role());
    let mut schedules = stack.scope("Schedules");
    for location in locations {
        let schedule = Schedule::new(cron!("0 * * * ? *"), machine)
            .input(&hour_of(location))
            .retries(int::<3>())
            .max_event_age(minutes::<15>())
            .dead_letter(&lost)
            .role(&role);
        schedules.add(location.id().to_owned(), schedule);
    }
    lost
}

/// The input of an execution for the hour in which the schedule fires.
fn hour_of(location: &Location) -> RetrieveInput {
    RetrieveInput {
        location_id: location.id().to_owned(),
        q: location.q().to_owned(),
        scheduled_time: stackgen::contract::scheduler::SCHEDULED_TIME.to_owned(),
        refetch: false,
        backfill: false,
    }
}
