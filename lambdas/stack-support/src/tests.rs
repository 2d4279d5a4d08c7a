#![allow(clippy::unwrap_used)]

use std::future::Future;
use std::io::{Cursor, Write};
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use stackgen_contract::support::empty_bucket::{TAG_KEY, TAG_VALUE};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::memory::Memory;
use crate::*;

/// An archive of `files`, without the checks of names that a writer makes.
pub(crate) fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Runs a future that never has to wait, as all are whose store is in memory.
fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn plenty() -> Budget {
    Budget::new(|| Duration::from_mins(10))
}

/// A budget that is spent once it was asked `times`.
fn short(times: usize) -> Budget {
    let asked = AtomicUsize::new(0);
    Budget::new(move || Duration::from_secs(if asked.fetch_add(1, Ordering::Relaxed) < times { 600 } else { 5 }))
}

#[expect(clippy::needless_pass_by_value, reason = "the properties are written in the call")]
fn request(kind: &str, resource_type: &str, physical: Option<&str>, properties: Value) -> Request {
    let mut text = json!({
        "RequestType": kind, "ResponseURL": "https://h/secret?X-Amz-Date=20250301T050000Z", "StackId": "arn:stack",
        "RequestId": "r-1", "LogicalResourceId": "Site", "ResourceType": resource_type, "ResourceProperties": properties,
    });
    if let Some(physical) = physical {
        text["PhysicalResourceId"] = physical.into();
    }
    serde_json::from_value(text).unwrap()
}

fn objects(kind: &str, properties: Value) -> Request {
    let physical = (kind != "Create").then_some("bucket-objects:site/");
    request(kind, "Custom::BucketObjects", physical, properties)
}

fn empty_bucket(kind: &str) -> Request {
    request(kind, "Custom::EmptyBucket", (kind != "Create").then_some("empty-bucket:data"), json!({"Bucket": "data"}))
}

#[track_caller]
fn answered(store: &Memory, request: &Request) -> Response {
    match run(handle(request, store, &plenty())) {
        Outcome::Done(response) => response,
        Outcome::Unfinished(step) => panic!("unfinished while {step}"),
    }
}

#[track_caller]
fn succeeds(store: &Memory, request: &Request) -> Response {
    let response = answered(store, request);
    assert_eq!((response.status, response.reason.as_str()), (Status::Success, ""));
    response
}

#[track_caller]
fn fails(store: &Memory, request: &Request) -> String {
    let response = answered(store, request);
    assert_eq!(response.status, Status::Failed);
    response.reason
}

fn plain(key: &str, body: &[u8]) -> NewObject {
    NewObject {
        key: key.to_owned(),
        body: body.to_vec(),
        content_type: "text/plain".into(),
        cache_control: None,
        entry: Entry::default(),
    }
}

/// A site of three files, of which the asset has two.
fn site() -> Memory {
    let store = Memory::default().with_bucket("assets", false).with_bucket("site", false);
    put_asset(&store, "one.zip", &[("index.html", b"<html>"), ("assets/app.js", b"1")]);
    store
}

fn put_asset(store: &Memory, key: &str, files: &[(&str, &[u8])]) {
    store.bucket("assets", |bucket| bucket.put(plain(key, &zip_of(files))));
}

fn site_properties(asset: &str, prune: bool) -> Value {
    json!({
        "SourceBucket": "assets", "SourceKey": asset, "DestinationBucket": "site", "Prune": prune.to_string(),
        "Files": [{"Path": "config.json", "Content": "{\"apiUrl\":\"u\"}"}], "DistributionId": "E1",
        "CacheControl": [
            {"Pattern": "assets/*", "Value": "public, max-age=31536000, immutable"},
            {"Pattern": "*", "Value": "no-cache"},
        ],
    })
}

fn writes(store: &Memory) -> Vec<String> {
    let calls = store.take_calls();
    calls.into_iter().filter(|call| call.starts_with("put") || call.starts_with("delete")).collect()
}

#[test]
fn files_are_copied_with_their_headers_and_pages_last() {
    let store = site();
    let response = succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    assert_eq!(response.physical_resource_id, "bucket-objects:site/");
    assert_eq!((response.data["Bucket"].as_str(), response.data["FileCount"].as_str()), ("site", "3"));
    assert_eq!(writes(&store), ["put site/assets/app.js", "put site/config.json", "put site/index.html"]);
    store.bucket("site", |site| {
        let script = site.latest("assets/app.js").unwrap();
        assert_eq!(script.content_type, "text/javascript; charset=utf-8");
        assert_eq!(script.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
        let config = site.latest("config.json").unwrap();
        assert_eq!(
            (config.body.as_slice(), config.content_type.as_str()),
            (b"{\"apiUrl\":\"u\"}".as_slice(), "application/json")
        );
        assert_eq!(config.cache_control.as_deref(), Some("no-cache"));
    });
    store.state(|state| assert_eq!(state.invalidations, [("E1".into(), vec!["/*".into()], "r-1".into())]));
}

#[test]
fn the_same_event_twice_writes_once() {
    let store = site();
    let first = succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    store.take_calls();
    let second = succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    assert_eq!(first, second);
    assert!(writes(&store).is_empty());
    store.state(|state| assert_eq!(state.invalidations.len(), 1, "the request is the reference of the invalidation"));
}

#[test]
fn an_update_writes_what_changed_and_prunes_what_is_gone() {
    let store = site();
    succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    put_asset(&store, "two.zip", &[("index.html", b"<html>"), ("assets/app2.js", b"2")]);
    store.bucket("site", |site| site.put(plain("stray.txt", b"x")));
    store.take_calls();
    succeeds(&store, &objects("Update", site_properties("two.zip", true)));
    assert_eq!(writes(&store), ["put site/assets/app2.js", "delete site 2"]);
    store.bucket("site", |site| assert_eq!(site.keys(), ["assets/app2.js", "config.json", "index.html"]));
}

#[test]
fn a_changed_header_is_a_change() {
    let store = site();
    succeeds(&store, &objects("Create", site_properties("one.zip", false)));
    store.take_calls();
    let mut properties = site_properties("one.zip", false);
    properties["CacheControl"] = json!([{"Pattern": "assets/*", "Value": "public, max-age=31536000, immutable"}]);
    properties["ContentTypes"] = json!([{"Pattern": "index.html", "Value": "text/html"}]);
    succeeds(&store, &objects("Update", properties));
    assert_eq!(writes(&store), ["put site/config.json", "put site/index.html"]);
}

#[test]
fn without_pruning_nothing_is_ever_deleted() {
    let store = site();
    succeeds(&store, &objects("Create", site_properties("one.zip", false)));
    put_asset(&store, "two.zip", &[("other.txt", b"2")]);
    succeeds(&store, &objects("Update", site_properties("two.zip", false)));
    succeeds(&store, &objects("Delete", site_properties("two.zip", false)));
    store.bucket("site", |site| {
        assert_eq!(site.keys(), ["assets/app.js", "config.json", "index.html", "other.txt"]);
    });
    assert!(!store.take_calls().iter().any(|call| call.starts_with("delete")));
}

#[test]
fn pruning_stays_below_its_prefix() {
    let store = site();
    store.bucket("site", |site| {
        for key in ["site/old.txt", "site-archive/kept.txt", "kept.txt"] {
            site.put(plain(key, b"x"));
        }
    });
    let mut properties = site_properties("one.zip", true);
    properties["DestinationPrefix"] = "site/".into();
    let response = succeeds(&store, &objects("Create", properties));
    assert_eq!(response.physical_resource_id, "bucket-objects:site/site/");
    store.bucket("site", |site| {
        let keys = ["kept.txt", "site-archive/kept.txt", "site/assets/app.js", "site/config.json", "site/index.html"];
        assert_eq!(site.keys(), keys);
    });
}

#[test]
fn deleting_takes_only_what_the_resource_wrote() {
    let store = site();
    store.state(|state| state.page = 2);
    succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    store.bucket("site", |site| site.put(plain("export.csv", b"x")));
    let mut other = objects("Create", json!({"DestinationBucket": "site", "Files": [{"Path": "a", "Content": ""}]}));
    other.logical_resource_id = "Other".into();
    succeeds(&store, &other);
    succeeds(&store, &objects("Delete", site_properties("one.zip", true)));
    store.bucket("site", |site| assert_eq!(site.keys(), ["a", "export.csv"]));
    succeeds(&store, &objects("Delete", site_properties("one.zip", true)));
}

#[test]
fn a_resource_that_moved_to_another_id_keeps_its_files() {
    let store = site();
    succeeds(&store, &objects("Create", site_properties("one.zip", true)));
    // CloudFormation makes the new one before it deletes the old one.
    let mut moved = objects("Create", site_properties("one.zip", true));
    moved.logical_resource_id = "Moved".into();
    succeeds(&store, &moved);
    succeeds(&store, &objects("Delete", site_properties("one.zip", true)));
    store.bucket("site", |site| assert_eq!(site.keys().len(), 3));
}

#[test]
fn failures_say_why_and_keep_the_identifier() {
    let store = site();
    assert_eq!(fails(&store, &objects("Create", site_properties("none.zip", true))), "no object `none.zip`");
    store.bucket("assets", |assets| assets.put(plain("bad.zip", b"no zip")));
    let reason = fails(&store, &objects("Update", site_properties("bad.zip", true)));
    assert!(reason.starts_with("the asset `bad.zip`: it is damaged"), "{reason}");
    let response = answered(&store, &objects("Update", json!({})));
    assert_eq!(response.physical_resource_id, "bucket-objects:site/");
    assert!(response.reason.starts_with("wrong properties: "), "{}", response.reason);
    let reason = fails(&store, &request("Create", "Custom::Other", None, json!({})));
    assert_eq!(reason, "the resource type `Custom::Other` is unknown");
}

#[test]
fn what_was_never_created_is_deleted_with_ease() {
    let store = Memory::default();
    let created = answered(&store, &objects("Create", json!({"Wrong": "1"})));
    assert_eq!(created.status, Status::Failed);
    let delete = request("Delete", "Custom::BucketObjects", Some(&created.physical_resource_id), json!({"Wrong": "1"}));
    succeeds(&store, &delete);
    // And a bucket that is gone already has nothing left to delete.
    succeeds(&store, &objects("Delete", site_properties("one.zip", true)));
    succeeds(&store, &empty_bucket("Delete"));
}

#[test]
fn killed_at_any_call_and_run_again_it_ends_the_same() {
    let update = objects("Update", site_properties("two.zip", true));
    let prepared = || {
        let store = site();
        succeeds(&store, &objects("Create", site_properties("one.zip", true)));
        put_asset(&store, "two.zip", &[("index.html", b"<new>"), ("assets/app2.js", b"2")]);
        store.take_calls();
        store
    };
    let whole = prepared();
    succeeds(&whole, &update);
    let calls = whole.take_calls().len();
    assert!(calls > 8);
    for dies_after in 0..calls {
        let store = prepared();
        store.state(|state| state.dies_after = Some(dies_after));
        assert!(fails(&store, &update).starts_with("killed before"));
        store.state(|state| state.dies_after = None);
        succeeds(&store, &update);
        store.bucket("site", |site| {
            assert_eq!(site.keys(), ["assets/app2.js", "config.json", "index.html"]);
            assert_eq!(site.latest("index.html").unwrap().body, b"<new>");
        });
        store.state(|state| assert!(!state.invalidations.is_empty()));
    }
}

#[test]
fn copying_that_runs_out_of_time_goes_on_in_the_next_attempt() {
    let store = site();
    let create = objects("Create", site_properties("one.zip", true));
    let Outcome::Unfinished(step) = run(handle(&create, &store, &short(2))) else { panic!("finished") };
    assert_eq!(step, "writing 1 of 3 files");
    succeeds(&store, &create);
    store.bucket("site", |site| assert_eq!(site.keys().len(), 3));
}

fn data(versioned: bool, objects: usize) -> Memory {
    let store = Memory::default().with_bucket("data", versioned);
    store.bucket("data", |data| {
        data.tags.insert(TAG_KEY.into(), TAG_VALUE.into());
        for number in 0..objects {
            data.put(plain(&format!("k{number:05}"), b"x"));
        }
    });
    store
}

#[test]
fn a_bucket_is_emptied_with_all_versions_and_markers() {
    let store = data(true, 3);
    store.bucket("data", |data| data.put(plain("k00000", b"newer")));
    let marker = vec![ObjectId { key: "k00001".into(), version: None }];
    run(store.delete("data", marker)).unwrap();
    let response = succeeds(&store, &empty_bucket("Create"));
    assert_eq!(response.physical_resource_id, "empty-bucket:data");
    succeeds(&store, &empty_bucket("Update"));
    store.bucket("data", |data| assert_eq!(data.objects.len(), 3, "only a deletion empties it"));
    let response = succeeds(&store, &empty_bucket("Delete"));
    assert_eq!(response.physical_resource_id, "empty-bucket:data");
    store.bucket("data", |data| assert!(data.objects.is_empty()));
    succeeds(&store, &empty_bucket("Delete"));
}

#[test]
fn large_buckets_are_emptied_by_pages() {
    let store = data(false, 2_500);
    succeeds(&store, &empty_bucket("Delete"));
    let deletions: Vec<_> = store.take_calls().into_iter().filter(|call| call.starts_with("delete")).collect();
    assert_eq!(deletions, ["delete data 1000", "delete data 1000", "delete data 500"]);
    store.bucket("data", |data| assert!(data.objects.is_empty()));
}

#[test]
fn a_bucket_without_the_tag_is_kept() {
    let store = data(false, 1);
    store.bucket("data", |data| data.tags.clear());
    let response = answered(&store, &empty_bucket("Delete"));
    assert_eq!(response.status, Status::Success);
    assert_eq!(response.reason, "`data` was left as it is, since it has no tag `stackgen:empty-on-delete` = `true`");
    store.bucket("data", |data| assert_eq!(data.objects.len(), 1));
}

#[test]
fn emptying_that_runs_out_of_time_goes_on_in_the_next_attempt() {
    let store = data(true, 2_500);
    let delete = empty_bucket("Delete");
    let outcome = run(handle(&delete, &store, &short(2)));
    let step = "emptying the bucket `data`, 2000 versions deleted";
    assert_eq!(outcome, Outcome::Unfinished(step.into()));
    assert_eq!(answer(&delete, outcome.clone(), false), None);
    let last = answer(&delete, outcome, true).unwrap();
    assert_eq!(last.status, Status::Failed);
    assert_eq!(last.reason, format!("time ran out while {step}; delete the stack again to go on"));
    succeeds(&store, &delete);
    store.bucket("data", |data| assert!(data.objects.is_empty()));
}

#[test]
fn a_version_that_cannot_be_deleted_fails_the_deletion() {
    let store = data(true, 2);
    store.bucket("data", |data| data.objects.get_mut("k00001").unwrap()[0].locked = true);
    assert_eq!(
        fails(&store, &empty_bucket("Delete")),
        "versions that could not be deleted: 1, the first: `k00001` is locked"
    );
}

#[test]
fn the_last_attempt_is_known_by_the_time_since_the_request() {
    let url = empty_bucket("Delete").response_url;
    let at = |minutes: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(url.signed_at().unwrap() + minutes * 60);
    let timeout = Duration::from_mins(15);
    // Attempts end after 15, 31 and 48 minutes.
    assert!(!is_last_attempt(&url, at(15), timeout));
    assert!(!is_last_attempt(&url, at(31), timeout));
    assert!(is_last_attempt(&url, at(48), timeout));
    let mut unsigned = empty_bucket("Delete");
    unsigned.response_url = serde_json::from_value(json!("https://h/")).unwrap();
    assert!(is_last_attempt(&unsigned.response_url, at(0), timeout));
}

#[test]
fn a_long_reason_fits_into_an_answer() {
    let request = empty_bucket("Delete");
    let response = failed(&request, "é".repeat(5_000));
    assert!(response.reason.ends_with('…'));
    assert!(serde_json::to_vec(&response).unwrap().len() < 4_096);
    let text = serde_json::to_value(failed(&request, "r".into())).unwrap();
    let expected = json!({
        "Status": "FAILED", "Reason": "r", "PhysicalResourceId": "empty-bucket:data", "StackId": "arn:stack",
        "RequestId": "r-1", "LogicalResourceId": "Site",
    });
    assert_eq!(text, expected);
}

/// Answers with the given results, one after another.
struct Scripted {
    results: Mutex<Vec<Result<u16, String>>>,
    waited: Mutex<Vec<Duration>>,
}

impl Transport for Scripted {
    async fn put(&self, url: &str, body: Vec<u8>) -> Result<u16, String> {
        assert!(url.contains("secret") && body.starts_with(b"{\"Status\""));
        self.results.lock().unwrap().remove(0)
    }

    async fn wait(&self, duration: Duration) {
        self.waited.lock().unwrap().push(duration);
    }
}

fn sent(results: &[Result<u16, &str>]) -> (Result<(), SendError>, usize) {
    let request = empty_bucket("Delete");
    let results = results.iter().map(|result| result.map_err(str::to_owned)).collect();
    let transport = Scripted { results: Mutex::new(results), waited: Mutex::default() };
    let result = run(send(&Response::success(&request, "p"), &request.response_url, &transport));
    assert!(transport.results.lock().unwrap().is_empty());
    (result, transport.waited.into_inner().unwrap().len())
}

#[test]
fn the_answer_is_sent_until_it_arrives() {
    assert_eq!(sent(&[Ok(200)]), (Ok(()), 0));
    assert_eq!(sent(&[Err("connection reset"), Ok(503), Ok(429), Ok(200)]), (Ok(()), 3));
    let (result, waits) = sent(&[Ok(500), Ok(500), Ok(500), Ok(500), Err("timed out")]);
    assert_eq!(waits, 4);
    let error = result.unwrap_err().to_string();
    assert_eq!(error, "the answer did not reach CloudFormation in 5 attempts: timed out");
    assert_eq!(sent(&[Ok(403)]), (Err(SendError { attempts: 1, last: "status 403".into() }), 0));
}
