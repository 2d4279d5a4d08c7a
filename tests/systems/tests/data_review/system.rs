//! The deployed system, and what is in its tables.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Map, Value, json};
use system_tests::{Deployment, Setting, wait_for};

/// How long a file may take from the bucket to the tables. The functions are not optimized, and share the machine.
const LIMIT: Duration = Duration::from_mins(2);

/// Rows of a table by their sort keys.
pub(crate) type Rows = BTreeMap<String, Value>;

/// The system.
pub(crate) struct System {
    pub(crate) deployment: Deployment,
}

/// The system that all tests share; each has keys of its own.
pub(crate) fn system() -> &'static System {
    static SYSTEM: LazyLock<System> =
        LazyLock::new(|| System { deployment: Deployment::of(&["data-review"], &Setting::default()) });
    &SYSTEM
}

impl System {
    pub(crate) fn output(&self, name: &str) -> &str {
        self.deployment.output("data-review", name)
    }

    pub(crate) fn bucket(&self) -> &str {
        self.output("DataBucket")
    }

    /// Writes an object and returns its version.
    pub(crate) fn put(&self, key: &str, content: &[u8]) -> String {
        self.deployment.put(self.bucket(), key, content);
        self.version(key)
    }

    pub(crate) fn upload(&self, file: &Path, key: &str) {
        self.deployment.upload(file, self.bucket(), key);
    }

    pub(crate) fn version(&self, key: &str) -> String {
        let answer = self.deployment.call("s3", "head_object", json!({"Bucket": self.bucket(), "Key": key}));
        answer["VersionId"].as_str().unwrap().to_owned()
    }

    /// All rows of a file in the table of summaries.
    pub(crate) fn stats(&self, key: &str) -> Rows {
        self.rows(self.output("AggregationStatsTable"), "item", key)
    }

    /// All rows of a file in the table of failures.
    pub(crate) fn failures(&self, key: &str) -> Rows {
        self.rows(self.output("FailureLogTable"), "failure_id", key)
    }

    fn rows(&self, table: &str, sort: &str, key: &str) -> Rows {
        let mut rows = Rows::new();
        let mut after = Value::Null;
        loop {
            let mut query = json!({
                "TableName": table,
                "ConsistentRead": true,
                "KeyConditionExpression": "filename = :filename",
                "ExpressionAttributeValues": {":filename": {"S": key}},
            });
            if !after.is_null() {
                query["ExclusiveStartKey"] = after;
            }
            let mut answer = self.deployment.call("dynamodb", "query", query);
            for item in answer["Items"].as_array().unwrap() {
                let item = fields(item.as_object().unwrap());
                rows.insert(item[sort].as_str().unwrap().to_owned(), item);
            }
            after = answer["LastEvaluatedKey"].take();
            if after.is_null() {
                return rows;
            }
        }
    }

    /// Deletes rows of a file in the table of summaries.
    pub(crate) fn forget(&self, key: &str) {
        for (table, sort, rows) in [
            (self.output("AggregationStatsTable"), "item", self.stats(key)),
            (self.output("FailureLogTable"), "failure_id", self.failures(key)),
        ] {
            let requests: Vec<Value> = rows
                .keys()
                .map(|row| json!({"DeleteRequest": {"Key": {"filename": {"S": key}, sort: {"S": row}}}}))
                .collect();
            for batch in requests.chunks(25) {
                self.deployment.call("dynamodb", "batch_write_item", json!({"RequestItems": {table: batch}}));
            }
        }
    }

    /// Waits for the rows of a summary of this version, and until nothing is left of other versions.
    pub(crate) fn summarised(&self, key: &str, version: &str) -> Rows {
        wait_for(&format!("a summary of `{key}`"), LIMIT, || {
            let rows = self.stats(key);
            let is_whole = rows.get("SUMMARY").is_some_and(|summary| summary["object_version"] == version)
                && rows.values().all(|row| row["object_version"] == version);
            is_whole.then_some(rows)
        })
    }

    /// Waits for failures of a file that are as they should be.
    pub(crate) fn failed(&self, key: &str, is_wanted: impl Fn(&Rows) -> bool) -> Rows {
        wait_for(&format!("a failure of `{key}`"), LIMIT, || Some(self.failures(key)).filter(&is_wanted))
    }

    /// Waits for the one failure of a file.
    pub(crate) fn failure(&self, key: &str) -> Value {
        self.failed(key, |rows| !rows.is_empty()).into_values().next().unwrap()
    }

    /// Sweeps the objects of a prefix.
    pub(crate) fn sweep(&self, prefix: &str) -> Value {
        let answer = self.deployment.invoke(self.output("Orchestrator"), &json!({"action": "sweep", "prefix": prefix}));
        assert!(!answer.is_error, "{:?}", answer.payload);
        answer.payload
    }

    /// The URL of the queue with this logical id.
    pub(crate) fn queue(&self, logical_id: &str) -> String {
        self.deployment.physical_id("data-review", logical_id)
    }

    /// Sends a message to a queue.
    pub(crate) fn send(&self, queue: &str, body: &str) {
        self.deployment.call("sqs", "send_message", json!({"QueueUrl": queue, "MessageBody": body}));
    }
}

/// A map of attributes as JSON.
fn fields(attributes: &Map<String, Value>) -> Value {
    attributes.iter().map(|(name, attribute)| (name.clone(), plain(attribute))).collect::<Map<_, _>>().into()
}

/// An attribute as JSON.
fn plain(attribute: &Value) -> Value {
    let (kind, value) = attribute.as_object().unwrap().iter().next().unwrap();
    match kind.as_str() {
        "N" => serde_json::from_str(value.as_str().unwrap()).unwrap(),
        "S" | "BOOL" => value.clone(),
        "NULL" => Value::Null,
        "L" => value.as_array().unwrap().iter().map(plain).collect(),
        "M" => fields(value.as_object().unwrap()),
        other => panic!("attributes of type {other} are not written"),
    }
}

/// The details of a kind, such as `P#`.
pub(crate) fn details<'r>(rows: &'r Rows, kind: &'r str) -> impl Iterator<Item = &'r Value> {
    rows.iter().filter(move |(key, _)| key.starts_with(kind)).map(|(_, row)| row)
}

/// The statistics of a parameter.
#[track_caller]
pub(crate) fn parameter<'r>(rows: &'r Rows, name: &str) -> &'r Value {
    details(rows, "P#").find(|row| row["parameter"] == name).unwrap_or_else(|| panic!("no parameter `{name}`"))
}

/// Code, parameter and count of all groups of findings.
pub(crate) fn findings(rows: &Rows) -> Vec<(String, String, u64)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let holders = rows.get("SUMMARY").into_iter().chain(details(rows, "F#"));
    let groups = holders.flat_map(|row| row["findings"].as_array().unwrap());
    groups.map(|it| (text(&it["code"]), text(&it["parameter"]), it["count"].as_u64().unwrap())).collect()
}
