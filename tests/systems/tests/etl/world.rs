//! Both stacks with sources on loopback, deployed once for all tests, which take turns.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use system_tests::{Deployment, Loopback, Reply, Request, Setting, wait_for};

/// What is deployed, for one test at a time.
static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::start()));

/// What a source answers to a request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// A file, or 304 to who knows it.
    File(Vec<u8>, Option<&'static str>),
    /// Something else.
    Other(Reply),
}

/// A file with an ETag.
pub(crate) fn file(body: impl Into<Vec<u8>>, etag: &'static str) -> Answer {
    Answer::File(body.into(), Some(etag))
}

/// An answer that is no file.
pub(crate) fn status(status: u16) -> Answer {
    Answer::Other(Reply::new(status, "no"))
}

/// Answers of both sources, one after the other, and then the last of them.
type Answers = [VecDeque<Answer>; 2];

/// What is deployed.
pub(crate) struct World {
    pub(crate) deployment: Deployment,
    sources: Loopback,
    answers: Arc<Mutex<Answers>>,
    /// How many requests were made before this test.
    before: usize,
    queue: String,
    pub(crate) table: String,
    pub(crate) bucket: String,
    pub(crate) refresh: String,
    pub(crate) read: String,
    pub(crate) api_id: String,
}

/// The deployed stacks for a test, with nothing in them. Other tests wait.
pub(crate) fn world() -> MutexGuard<'static, World> {
    let mut world = WORLD.lock().unwrap_or_else(PoisonError::into_inner);
    world.clear();
    world
}

/// Path of source A.
pub(crate) const NYT: &str = "/us.csv";
/// Path of source B.
pub(crate) const JHU: &str = "/world.csv";

impl World {
    fn start() -> Self {
        let answers: Arc<Mutex<Answers>> = Arc::default();
        let shared = Arc::clone(&answers);
        let sources = Loopback::start(move |request| answer(&shared, request));
        let url = |path: &str| format!("{}{path}", sources.url);
        let setting = Setting::default().parameter("etl-backend", "nytUrl", url(NYT)).parameter(
            "etl-backend",
            "jhuUrl",
            url(JHU),
        );
        let deployment = Deployment::of(&["etl-backend", "etl-frontend"], &setting);
        let topic = deployment.resource_of_type("etl-backend", "AWS::SNS::Topic");
        let queue = deployment.subscribed_queue(&topic, "reports");
        let output = |name: &str| deployment.output("etl-backend", name).to_owned();
        let (table, bucket, refresh) = (output("Table"), output("SnapshotBucket"), output("Refresh"));
        let functions = deployment.functions("etl-frontend");
        let read = functions.iter().find(|(logical_id, _)| logical_id.starts_with("Read")).unwrap().1.clone();
        let api_id = deployment.resource_of_type("etl-frontend", "AWS::ApiGatewayV2::Api");
        Self { deployment, sources, answers, before: 0, queue, table, bucket, refresh, read, api_id }
    }

    /// Empties table, bucket and queue.
    fn clear(&mut self) {
        let keys: Vec<Value> =
            self.items().iter().map(|item| json!({"pk": item["pk"], "date": item["date"]})).collect();
        for batch in keys.chunks(25) {
            let requests: Vec<Value> = batch.iter().map(|key| json!({"DeleteRequest": {"Key": key}})).collect();
            self.deployment.call("dynamodb", "batch_write_item", json!({"RequestItems": {&self.table: requests}}));
        }
        for key in self.deployment.keys(&self.bucket, "") {
            self.deployment.call("s3", "delete_object", json!({"Bucket": self.bucket, "Key": key}));
        }
        while !self.received().is_empty() {}
        self.serve([status(404)], [status(404)]);
    }

    /// Lets the sources answer so from now on: each with its answers one after the other, and then with the last one.
    pub(crate) fn serve(&mut self, nyt: impl IntoIterator<Item = Answer>, jhu: impl IntoIterator<Item = Answer>) {
        let answers = [nyt.into_iter().collect(), jhu.into_iter().collect()];
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner) = answers;
        self.before = self.sources.requests().len();
    }

    /// The requests since the sources were told how to answer, of one of them.
    pub(crate) fn requests(&self, path: &str) -> Vec<Request> {
        let requests = self.sources.requests().split_off(self.before);
        requests.into_iter().filter(|request| request.path == path).collect()
    }

    /// Runs the refresh, and gives its message, which the topic must have sent to the queue too.
    #[track_caller]
    pub(crate) fn run(&self) -> Value {
        self.run_with(&json!({}))
    }

    /// Runs the refresh with an event.
    #[track_caller]
    pub(crate) fn run_with(&self, event: &Value) -> Value {
        let answer = self.deployment.invoke(&self.refresh, event);
        assert!(!answer.is_error, "{:?}\n{:#?}", answer.payload, self.deployment.logs(&self.refresh));
        let (_, message) = self.message();
        assert_eq!(message, answer.payload);
        message
    }

    /// The next message of the queue: its subject, and its body.
    #[track_caller]
    pub(crate) fn message(&self) -> (String, Value) {
        let mut received = wait_for("a message", Duration::from_mins(1), || {
            let received = self.received();
            (!received.is_empty()).then_some(received)
        });
        assert_eq!(received.len(), 1, "one run, one message");
        let envelope = received.remove(0);
        let body: Value = serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
        if let Some(outcome) = body.get("outcome") {
            assert_eq!(&envelope["MessageAttributes"]["outcome"]["Value"], outcome, "{envelope}");
        }
        (envelope["Subject"].as_str().unwrap_or_default().to_owned(), body)
    }

    /// What is in the queue, which has it no more.
    pub(crate) fn received(&self) -> Vec<Value> {
        let ask = json!({"QueueUrl": self.queue, "MaxNumberOfMessages": 10});
        let answer = self.deployment.call("sqs", "receive_message", ask);
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        for message in &messages {
            let handle = json!({"QueueUrl": self.queue, "ReceiptHandle": message["ReceiptHandle"]});
            self.deployment.call("sqs", "delete_message", handle);
        }
        messages.iter().map(|message| serde_json::from_str(message["Body"].as_str().unwrap()).unwrap()).collect()
    }

    /// All items of the table.
    pub(crate) fn items(&self) -> Vec<Value> {
        let mut items = Vec::new();
        let mut arguments = json!({"TableName": self.table, "ConsistentRead": true});
        loop {
            let answer = self.deployment.call("dynamodb", "scan", arguments.clone());
            items.extend(answer["Items"].as_array().unwrap().iter().cloned());
            match answer.get("LastEvaluatedKey") {
                Some(key) => arguments["ExclusiveStartKey"] = key.clone(),
                None => return items,
            }
        }
    }

    /// The stored figures by date: cases, deaths, recoveries.
    pub(crate) fn figures(&self) -> BTreeMap<String, (u64, u64, Option<u64>)> {
        let number = |value: &Value| value["N"].as_str().map(|text| text.parse().unwrap());
        let items = self.items();
        let cases = items.iter().filter(|item| item["pk"]["S"] == "CASES");
        let figures = cases.map(|item| {
            let date = item["date"]["S"].as_str().unwrap().to_owned();
            (date, (number(&item["cases"]).unwrap(), number(&item["deaths"]).unwrap(), number(&item["recoveries"])))
        });
        figures.collect()
    }

    /// All that is stored: items, and objects with their versions. Two that are equal mean that nothing was written.
    pub(crate) fn stored(&self) -> (Vec<String>, Value) {
        let mut items: Vec<String> = self.items().iter().map(ToString::to_string).collect();
        items.sort_unstable();
        let versions = self.deployment.call("s3", "list_object_versions", json!({"Bucket": self.bucket}));
        let kept = |version: &Value| json!([version["Key"], version["VersionId"]]);
        let versions = versions["Versions"].as_array().map(|all| all.iter().map(kept).collect());
        (items, versions.unwrap_or_default())
    }

    /// Sets environment variables of a function, and leaves the others.
    pub(crate) fn set_environment(&self, function: &str, changes: &[(&str, &str)]) {
        let named = json!({"FunctionName": function});
        let configuration = self.deployment.call("lambda", "get_function_configuration", named);
        let mut variables = configuration["Environment"]["Variables"].clone();
        for (name, value) in changes {
            variables[name] = json!(value);
        }
        let arguments = json!({"FunctionName": function, "Environment": {"Variables": variables}});
        self.deployment.call("lambda", "update_function_configuration", arguments);
    }
}

fn answer(answers: &Mutex<Answers>, request: &Request) -> Reply {
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    let of_source = match request.path.as_str() {
        NYT => &mut answers[0],
        JHU => &mut answers[1],
        _ => return Reply::new(404, "no"),
    };
    let answer = if of_source.len() > 1 { of_source.pop_front() } else { of_source.front().cloned() };
    match answer {
        Some(Answer::File(_, Some(etag))) if request.header("if-none-match") == Some(etag) => {
            Reply::new(304, "").header("etag", etag)
        }
        Some(Answer::File(body, Some(etag))) => Reply::new(200, body).header("etag", etag),
        Some(Answer::File(body, None)) => Reply::new(200, body),
        Some(Answer::Other(reply)) => reply,
        None => Reply::new(404, "no"),
    }
}
