//! The stack with an API on loopback, deployed once for all tests. Each test has a location of its own, by which the API
//! knows its requests, so that tests do not wait for each other's waits.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use system_tests::{Deployment, Loopback, Reply, Request, Setting, wait_for};

/// Name of the stack.
pub(crate) const STACK: &str = "weather-ingest";
/// Name of the secret of the key.
pub(crate) const SECRET: &str = "weather-ingest/api-key";
/// The key of the API. It is looked for in all that must not tell it.
pub(crate) const KEY: &str = "PL4NTED0key1of2the3weather4api5";

/// What is deployed.
pub(crate) static WORLD: LazyLock<World> = LazyLock::new(World::start);

/// The stack's own location is of one test at a time.
pub(crate) static MARYSVILLE: Mutex<()> = Mutex::new(());

type Answers = Arc<Mutex<HashMap<String, VecDeque<Reply>>>>;

pub(crate) struct World {
    pub(crate) deployment: Deployment,
    api: Loopback,
    answers: Answers,
    queue: String,
    messages: Mutex<Vec<Value>>,
    pub(crate) machine: String,
    pub(crate) raw: String,
    pub(crate) curated: String,
}

/// How an execution ended.
#[derive(Debug)]
pub(crate) struct Execution {
    pub(crate) arn: String,
    pub(crate) status: String,
    pub(crate) output: Value,
    pub(crate) error: String,
}

impl World {
    fn start() -> Self {
        let answers = Answers::default();
        let shared = Arc::clone(&answers);
        let api = Loopback::start(move |request| answer(&shared, request));
        let setting = Setting::default().parameter(STACK, "apiBaseUrl", api.url.clone());
        let deployment = Deployment::of(&[STACK], &setting);
        let resources = deployment.call("cloudformation", "describe_stack_resources", json!({"StackName": STACK}));
        let resources = resources["StackResources"].as_array().unwrap();
        let topic = resources.iter().find(|resource| resource["ResourceType"] == "AWS::SNS::Topic").unwrap();
        let queue = deployment.subscribed_queue(topic["PhysicalResourceId"].as_str().unwrap(), "failures");
        let output = |name: &str| deployment.output(STACK, name).to_owned();
        let (machine, raw, curated) = (output("StateMachineArn"), output("RawBucket"), output("CuratedBucket"));
        let world = Self { deployment, api, answers, queue, messages: Mutex::default(), machine, raw, curated };
        world.lacks_its_secret();
        world
    }

    /// A stack whose secret was not set yet says so. Then it is set.
    fn lacks_its_secret(&self) {
        let execution = self.run(&Self::input("no-secret", &this_hour(), &json!({})));
        assert_eq!((execution.status.as_str(), execution.error.as_str()), ("FAILED", "SecretMissing"));
        assert!(self.message(&execution)["cause"].as_str().unwrap().contains("set_key.sh"));
        let secret = json!({"Name": SECRET, "SecretString": format!(" {KEY}\n")});
        self.deployment.call("secretsmanager", "create_secret", secret);
    }

    /// Lets the API answer so for a location: with one answer after the other, and then with the last one.
    pub(crate) fn serve(&self, location: &str, replies: impl IntoIterator<Item = Reply>) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(location.to_owned(), replies.into_iter().collect());
    }

    /// The requests of a location: paths with queries.
    pub(crate) fn requests(&self, location: &str) -> Vec<String> {
        let requests = self.api.requests().into_iter().map(|request| request.path);
        requests.filter(|path| location_of(path) == Some(location.to_owned())).collect()
    }

    /// An input as the schedule gives it, with more.
    pub(crate) fn input(location: &str, time: &str, more: &Value) -> Value {
        let mut input = json!({"location_id": location, "q": format!("at {location}"), "scheduled_time": time});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    }

    /// Runs the state machine once.
    pub(crate) fn run(&self, input: &Value) -> Execution {
        let arguments = json!({"stateMachineArn": self.machine, "input": input.to_string()});
        let started = self.deployment.call("stepfunctions", "start_execution", arguments);
        let arn = started["executionArn"].as_str().unwrap().to_owned();
        let ended = wait_for("the end of an execution", Duration::from_mins(2), || {
            let found = self.deployment.call("stepfunctions", "describe_execution", json!({"executionArn": arn}));
            (found["status"] != "RUNNING").then_some(found)
        });
        let text = |name: &str| ended[name].as_str().unwrap_or_default().to_owned();
        let output = serde_json::from_str(&text("output")).unwrap_or_default();
        Execution { arn, status: text("status"), output, error: text("error") }
    }

    /// The message on a failed execution.
    #[track_caller]
    pub(crate) fn message(&self, execution: &Execution) -> Value {
        wait_for("the message of a failure", Duration::from_secs(30), || self.messages(execution).pop())
    }

    /// The messages on an execution so far.
    pub(crate) fn messages(&self, execution: &Execution) -> Vec<Value> {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let ask = json!({"QueueUrl": self.queue, "MaxNumberOfMessages": 10});
        let answer = self.deployment.call("sqs", "receive_message", ask);
        for received in answer["Messages"].as_array().into_iter().flatten() {
            let handle = json!({"QueueUrl": self.queue, "ReceiptHandle": received["ReceiptHandle"]});
            self.deployment.call("sqs", "delete_message", handle);
            let envelope: Value = serde_json::from_str(received["Body"].as_str().unwrap()).unwrap();
            assert_eq!(envelope["Subject"], "weather-ingest failed");
            messages.push(serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap());
        }
        messages.iter().filter(|message| message["execution"] == execution.arn.as_str()).cloned().collect()
    }

    /// The version and the metadata of a raw object.
    pub(crate) fn raw_head(&self, key: &str) -> Option<(String, Value)> {
        let arguments = json!({"Bucket": self.raw, "Key": key});
        let head = self.deployment.server.try_call("s3", "head_object", arguments).ok()?;
        Some((head["VersionId"].as_str().unwrap().to_owned(), head["Metadata"].clone()))
    }
}

/// A good body of the present, or with one entry of history a minute after the hour.
pub(crate) fn current() -> Reply {
    Reply::new(200, CURRENT)
}

/// A good body of the present.
pub(crate) const CURRENT: &str = "{ \"location\": {\"name\":\"Somewhere\",\"lat\":-37.504136}, \"current\":{\"temp_c\":21, \
    \"last_updated_epoch\":1740805200, \"snow_prob\":3} }\n";

/// A day of history with entries at these seconds since 1970.
pub(crate) fn day(epochs: &[i64]) -> Reply {
    let hours: Vec<Value> = epochs.iter().map(|epoch| json!({"time_epoch": epoch, "temp_c": 7.5})).collect();
    Reply::new(200, json!({"location": {"name": "S"}, "forecast": {"forecastday": [{"hour": hours}]}}).to_string())
}

/// An error of the API.
pub(crate) fn error(status: u16, code: u32) -> Reply {
    Reply::new(status, json!({"error": {"code": code, "message": "no"}}).to_string())
}

/// The start of the present hour.
pub(crate) fn this_hour() -> String {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now - now % 3_600).unwrap().to_string()
}

/// The folder of the keys of an hour.
pub(crate) fn folder(location: &str, time: &str) -> String {
    let (date, hour) = (&time[..10], &time[11..13]);
    let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { panic!("{time}") };
    format!("location_id={location}/year={year}/month={month}/day={day}/hour={hour}/")
}

fn answer(answers: &Answers, request: &Request) -> Reply {
    if !request.path.contains(&format!("key={KEY}&")) {
        return error(401, 2006);
    }
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    let replies = location_of(&request.path).and_then(|location| answers.get_mut(&location));
    let next =
        replies.and_then(|replies| if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() });
    next.unwrap_or_else(|| error(400, 1006))
}

/// The location of a request: `q` is `at LOCATION`, or the coordinates of the stack's own.
fn location_of(path: &str) -> Option<String> {
    let q = path.split(['?', '&']).find_map(|part| part.strip_prefix("q="))?;
    Some(q.strip_prefix("at%20").unwrap_or("marysville").to_owned())
}
