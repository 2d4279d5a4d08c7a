//! The app that the tests of the command line run. The context value `fault` makes something go wrong.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use stackgen::prelude::*;
use stackgen::resources::{s3, sqs};

fn main() -> ExitCode {
    stackgen::cli::run(build)
}

fn build(app: &mut App) -> Result<(), Box<dyn Error>> {
    let fault = app.context("fault").unwrap_or_default().to_owned();

    let mut data = app.stack("data");
    data.description("What is kept");
    let raw = data.add("Raw", s3::Bucket::new());
    let mut jobs = data.scope("Jobs");
    let dead = jobs.add("DeadLetters", sqs::Queue::new());
    let queue = jobs.add(
        "Default",
        sqs::Queue::new().redrive_policy(Map::from([
            ("deadLetterTargetArn", Value::from(dead.arn())),
            ("maxReceiveCount", 5.into()),
        ])),
    );

    let mut web = app.stack("web");
    web.environment(Environment::new().account("123456789012").region("eu-west-1"));
    web.add("Alerts", RawResource::new("AWS::SNS::Topic"));

    let mut work = app.stack("work-nightly");
    work.add(
        "Start",
        RawResource::new("AWS::Events::Rule").set("ScheduleExpression", "rate(1 day)").set(
            "Targets",
            vec![Map::from([("Id", Value::from("Jobs")), ("Arn", queue.arn().into()), ("Input", "{}".into())])],
        ),
    );
    work.output("Bucket", raw.reference());

    match fault.as_str() {
        "build" => return Err(Box::new(Fault)),
        "report" => {
            work.add("Bad/Name", sqs::Queue::new());
            work.add("Start", sqs::Queue::new());
            work.asset(AssetSource::File("sampels.csv".into()));
            work.report(Problem::warning("the samples are old").hint("fetch them again"));
        }
        "schema" => {
            work.add(
                "Table",
                RawResource::new("AWS::DynamoDB::Table")
                    .set("BillingMod", "PAY_PER_REQUEST")
                    .set("TableClass", "COLD")
                    .set("KeySchema", vec![Map::from([("AttributeName", "id"), ("KeyType", "HASH")])])
                    .set("AttributeDefinitions", vec![Map::from([("AttributeName", "id"), ("AttributeType", "S")])]),
            );
        }
        "asset" => {
            work.asset(AssetSource::File("samples.csv".into()));
        }
        _ => {}
    }
    Ok(())
}

/// An error with a cause.
#[derive(Debug)]
struct Fault;

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the feeds cannot be read")
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&fmt::Error)
    }
}
