//! The deployed pipeline, as its users and its operator meet it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use system_tests::{Answer, Deployment, Server, Setting, wait_for};

use crate::ncbi::Ncbi;

pub(crate) const STACK: &str = "genome-pipeline";
/// The token of uploads.
pub(crate) const TOKEN: &str = "let-me-in-0123456789";
const SECRET: &str = "genome/token";
/// How long a job may take on a machine that does other things too.
const LIMIT: Duration = Duration::from_mins(2);

/// The pipeline on a local AWS of its own, with a mirror of NCBI.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) deployment: Deployment,
    pub(crate) ncbi: Ncbi,
    functions: BTreeMap<String, String>,
    api: String,
}

/// An answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

impl Pipeline {
    pub(crate) fn deploy() -> Self {
        let ncbi = Ncbi::start();
        let server = Server::start();
        server.try_call("secretsmanager", "create_secret", json!({"Name": SECRET, "SecretString": TOKEN})).unwrap();
        let setting = Setting::default()
            .context("upload_token_secret", SECRET)
            .parameter(STACK, "ncbiApiBase", ncbi.api())
            .parameter(STACK, "ncbiFtpBase", ncbi.files());
        let deployment = Deployment::on(server, &[STACK], &setting);
        let url = deployment.output(STACK, "ApiUrl");
        let id = url.split("//").nth(1).unwrap().split('.').next().unwrap();
        let api = format!("{}/_aws/execute-api/{id}/$default", deployment.server.endpoint);
        let functions = deployment.functions(STACK);
        let pipeline = Self { deployment, ncbi, functions, api };
        // What fails is tried again soon here: in the stack, a minute after the function's time.
        let url = pipeline.queue("Download");
        let attributes = json!({"QueueUrl": url, "Attributes": {"VisibilityTimeout": "3"}});
        pipeline.deployment.call("sqs", "set_queue_attributes", attributes);
        pipeline
    }

    /// The physical name of the function whose logical id begins with `logical`.
    pub(crate) fn function(&self, logical: &str) -> &str {
        let found = self.functions.iter().find(|(id, _)| id.starts_with(logical));
        found.unwrap_or_else(|| panic!("no function {logical}: {:?}", self.functions)).1
    }

    /// The URL of the queue of a stage, or of its lost messages: `Download`, `DownloadQueueDeadLetter`.
    pub(crate) fn queue(&self, logical: &str) -> String {
        let answer = self.deployment.call("cloudformation", "describe_stack_resources", json!({"StackName": STACK}));
        let resources = answer["StackResources"].as_array().unwrap().clone();
        let queues = resources.iter().filter(|resource| resource["ResourceType"] == "AWS::SQS::Queue");
        let mut found: Vec<&Value> =
            queues.filter(|queue| queue["LogicalResourceId"].as_str().unwrap().starts_with(logical)).collect();
        found.sort_by_key(|queue| queue["LogicalResourceId"].as_str().unwrap().len());
        found.first().unwrap_or_else(|| panic!("no queue {logical}"))["PhysicalResourceId"].as_str().unwrap().to_owned()
    }

    fn read(answer: ureq::http::Response<ureq::Body>) -> Reply {
        let location = answer.headers().get("location").map(|url| url.to_str().unwrap().to_owned());
        let status = answer.status().as_u16();
        Reply { status, location, body: answer.into_body().with_config().limit(100 << 20).read_to_vec().unwrap() }
    }

    fn agent() -> ureq::Agent {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        config.into()
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        let (name, value) = self.deployment.server.authorization();
        Self::read(Self::agent().get(format!("{}{path}", self.api)).header(name, value).call().unwrap())
    }

    pub(crate) fn fetch(url: &str) -> Reply {
        Self::read(Self::agent().get(url).call().unwrap())
    }

    pub(crate) fn put(url: &str, body: &[u8]) -> Reply {
        Self::read(Self::agent().put(url).send(body).unwrap())
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        // The local AWS wants to know whose API it is, from a header that uploads have for themselves.
        let (account, _) = self.deployment.server.access_key();
        let url = format!("{}{path}?AWSAccessKeyId={account}", self.api);
        let mut request = Self::agent().post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Self::read(request.send(body).unwrap())
    }

    /// Submits a job and gives its id.
    #[track_caller]
    pub(crate) fn submit(&self, sequence: &str, genome: &str) -> String {
        let body = json!({"sequence": sequence, "genome": genome}).to_string();
        let reply = self.post("/api/submit", &[], &body);
        assert_eq!(reply.status, 202, "{}", String::from_utf8_lossy(&reply.body));
        assert_eq!(reply.json()["state"], "SUBMITTED");
        reply.json()["job_id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn job(&self, id: &str) -> Value {
        let reply = self.get(&format!("/api/jobs/{id}"));
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// Waits until the job is in the state, and gives it.
    #[track_caller]
    pub(crate) fn wait(&self, id: &str, state: &str) -> Value {
        let begin = Instant::now();
        wait_for(&format!("job {id} {state}"), LIMIT * 2, || {
            let job = self.job(id);
            assert!(begin.elapsed() < LIMIT, "{job} {:#?}", self.trouble());
            let is_over = job["state"] == "FAILED" || job["state"] == "SUCCEEDED";
            assert!(!is_over || job["state"] == state, "{job} {:#?}", self.trouble());
            (job["state"] == state).then_some(job)
        })
    }

    /// What the functions complained about.
    pub(crate) fn trouble(&self) -> Vec<String> {
        let lines = self.functions.values().flat_map(|name| self.deployment.logs(name));
        lines.filter(|line| line.contains("\"ERROR\"") || line.contains("panicked")).collect()
    }

    /// The CSV file of a finished job.
    #[track_caller]
    pub(crate) fn csv(&self, id: &str) -> String {
        let reply = self.get(&format!("/api/results/{id}/targets.csv"));
        assert_eq!(reply.status, 303, "{}", String::from_utf8_lossy(&reply.body));
        let file = Self::fetch(&reply.location.unwrap());
        assert_eq!(file.status, 200, "{}", String::from_utf8_lossy(&file.body));
        String::from_utf8(file.body).unwrap()
    }

    /// All rows of a table, as text, in an order of their own.
    pub(crate) fn rows(&self, output: &str, key: &str, value: &str) -> Vec<String> {
        let mut rows = Vec::new();
        let mut arguments = json!({
            "TableName": self.deployment.output(STACK, output),
            "ConsistentRead": true,
            "KeyConditionExpression": "#k = :v",
            "ExpressionAttributeNames": {"#k": key},
            "ExpressionAttributeValues": {":v": {"S": value}},
        });
        loop {
            let page = self.deployment.call("dynamodb", "query", arguments.clone());
            rows.extend(page["Items"].as_array().unwrap().iter().map(ToString::to_string));
            match page.get("LastEvaluatedKey") {
                Some(next) => arguments["ExclusiveStartKey"] = next.clone(),
                None => return rows,
            }
        }
    }

    /// All that is known of a job and its genome.
    pub(crate) fn snapshot(&self, job: &str, genome: &str) -> BTreeMap<&'static str, Vec<String>> {
        let mut results = Vec::new();
        let bucket = self.bucket();
        for key in self.deployment.keys(&bucket, &format!("results/{job}/")) {
            let content = self.deployment.get(&bucket, &key).unwrap();
            results.push(format!("{key} {content:?}"));
        }
        [
            ("job", self.rows("JobsTable", "JobID", job)),
            ("tasks", self.rows("TasksTable", "JobID", job)),
            ("targets", self.rows("TargetsTable", "JobID", job)),
            ("genome", self.rows("GenomesTable", "Genome", genome)),
            ("results", results),
        ]
        .into()
    }

    pub(crate) fn bucket(&self) -> String {
        self.deployment.output(STACK, "GenomeBucket").to_owned()
    }

    pub(crate) fn table(&self, output: &str) -> &str {
        self.deployment.output(STACK, output)
    }

    /// Gives a function messages, as its queue does, and answers the ids of those that failed.
    #[track_caller]
    pub(crate) fn deliver(&self, function: &str, messages: &[Value], receive_count: u32) -> Vec<String> {
        let record = |(number, body): (usize, &Value)| {
            let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
            json!({"messageId": number.to_string(), "body": body, "receiptHandle": "h", "messageAttributes": {},
                "attributes": {"ApproximateReceiveCount": receive_count.to_string()}, "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:100000000001:q", "awsRegion": "us-east-1"})
        };
        let records: Vec<Value> = messages.iter().enumerate().map(record).collect();
        let Answer { payload, is_error } =
            self.deployment.invoke(self.function(function), &json!({"Records": records}));
        assert!(!is_error, "{payload} {:#?}", self.trouble());
        let failures = payload["batchItemFailures"].as_array().unwrap().clone();
        failures.iter().map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned()).collect()
    }

    /// Invokes the scheduler as the tick does.
    pub(crate) fn tick(&self) -> Answer {
        self.deployment.invoke(self.function("SchedulerFunction"), &json!({"action": "tick"}))
    }

    /// Changes attributes of the row of a job.
    pub(crate) fn set(&self, job: &str, attribute: &str, value: &Value) {
        let arguments = json!({
            "TableName": self.table("JobsTable"),
            "Key": {"JobID": {"S": job}},
            "UpdateExpression": "SET #a = :v",
            "ExpressionAttributeNames": {"#a": attribute},
            "ExpressionAttributeValues": {":v": value},
        });
        self.deployment.call("dynamodb", "update_item", arguments);
    }
}
