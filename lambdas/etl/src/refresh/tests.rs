#![allow(clippy::unwrap_used, clippy::unnecessary_wraps)]

use super::*;
use crate::contract::store::keys;
use crate::contract::{FailureClass, FetchStatus, Stage};
use crate::memory::{Content, ManualClock, Memory, ScriptedServer, finish};
use crate::services::{FetchError, Fetched};

const NYT: &str = "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,1,0\n2020-01-23,2,0\n2020-01-24,3,1\n";
const JHU: &str = "Date,Country/Region,Province/State,Recovered\r\n2020-01-22,US,,0\r\n2020-01-23,US,,1\r\n\
    2020-01-23,France,,9\r\n2020-01-24,US,,0\r\n";

fn file(body: &str, etag: &str) -> Result<Fetched, FetchError> {
    Ok(Fetched { status: 200, etag: Some(etag.into()), retry_after: None, body: body.into() })
}

fn server(nyt: Result<Fetched, FetchError>, jhu: Result<Fetched, FetchError>) -> ScriptedServer {
    ScriptedServer::new([("a", vec![nyt]), ("b", vec![jhu])])
}

fn good() -> ScriptedServer {
    server(file(NYT, "\"a1\""), file(JHU, "\"b1\""))
}

fn run_with(memory: &Memory, server: &ScriptedServer, event: RefreshEvent, id: &str) -> Result<Ended, RunError> {
    let clock = ManualClock::at("2020-02-01T18:45:00.5Z".parse().unwrap());
    let refresh = Refresh { nyt_url: "a", jhu_url: "b", fetch: server, store: memory, publish: memory, clock: &clock };
    finish(refresh.run(event, id))
}

#[track_caller]
fn run(memory: &Memory, server: &ScriptedServer, id: &str) -> RunMessage {
    match run_with(memory, server, RefreshEvent::default(), id).unwrap() {
        Ended::Published(message) => *message,
        Ended::Locked => panic!("the lock is held"),
    }
}

fn content(memory: &Memory) -> Content {
    memory.with(|content| content.clone())
}

fn object(memory: &Memory, key: &str) -> String {
    String::from_utf8(content(memory).objects[key].clone()).unwrap()
}

#[test]
fn the_first_run_stores_all() {
    let memory = Memory::default();
    let message = run(&memory, &good(), "r1");
    assert_eq!((message.outcome, message.added, message.not_reported), (Outcome::Success, 3, 1));
    assert_eq!((message.started_at.as_str(), message.warnings), ("2020-02-01T18:45:00Z", 0));
    assert_eq!((message.nyt.rows, message.jhu.rows), (4, 3));
    assert_eq!((message.date_min.as_deref(), message.date_max.as_deref()), (Some("2020-01-22"), Some("2020-01-24")));
    let snapshot = "date,cases,deaths,recoveries\n2020-01-22,1,0,0\n2020-01-23,2,0,1\n2020-01-24,3,1,\n";
    assert_eq!(object(&memory, keys::LATEST), snapshot);
    assert_eq!(object(&memory, keys::NYT), NYT);
    assert!(!object(&memory, keys::JHU).contains("France"));
    let content = content(&memory);
    let item = &content.figures["2020-01-24"];
    assert_eq!((item.recoveries, item.run_id.as_str(), item.updated_at.as_str()), (None, "r1", "2020-02-01T18:45:00Z"));
    let state = content.state.unwrap();
    assert_eq!((state.etag_a.as_deref(), state.etag_b.as_deref()), (Some("\"a1\""), Some("\"b1\"")));
    assert_eq!((state.changed_run_id.as_deref(), state.row_count), (Some("r1"), 3));
    assert_eq!((content.lock, content.published.len()), (None, 1));
    let (subject, outcome, body) = &content.published[0];
    assert_eq!((subject.as_str(), *outcome), ("[etl] SUCCESS: 3 added, 0 revised", Outcome::Success));
    assert_eq!(serde_json::from_str::<RunMessage>(body).unwrap(), message);
}

#[test]
fn sources_that_did_not_change_are_not_read() {
    let memory = Memory::default();
    run(&memory, &good(), "r1");
    let before = content(&memory);
    let server = good();
    let message = run(&memory, &server, "r2");
    assert_eq!((message.outcome, message.unchanged), (Outcome::NoChange, 3));
    assert_eq!((message.nyt.status, message.jhu.status), (FetchStatus::NotModified, FetchStatus::NotModified));
    assert_eq!(message.nyt.etag.as_deref(), Some("\"a1\""));
    assert_eq!(server.requests()[0], ("a".to_owned(), Some("\"a1\"".to_owned())));
    let after = content(&memory);
    assert_eq!((after.figures, after.state, after.objects), (before.figures, before.state, before.objects));
    assert_eq!(after.published[1].0, "[etl] NO_CHANGE: 3 dates");

    let ended = run_with(&memory, &server, RefreshEvent { ignore_etag: true }, "r3").unwrap();
    assert_eq!(ended.outcome(), Outcome::NoChange);
    assert_eq!(server.requests()[2], ("a".to_owned(), None));
    let state = content(&memory).state.unwrap();
    assert_eq!((state.last_run_id.as_str(), state.changed_run_id.as_deref()), ("r3", Some("r1")));
}

#[test]
fn one_source_of_before_is_taken_from_the_archive() {
    let memory = Memory::default();
    run(&memory, &good(), "r1");
    let revised = NYT.replace("2020-01-23,2,0", "2020-01-23,5,0");
    let message = run(&memory, &server(file(&revised, "\"a2\""), file(JHU, "\"b1\"")), "r2");
    assert_eq!((message.outcome, message.revised, message.unchanged), (Outcome::Success, 1, 2));
    assert_eq!((message.jhu.status, message.jhu.rows, message.warnings), (FetchStatus::NotModified, 3, 1));
    assert_eq!(content(&memory).state.unwrap().etag_b.as_deref(), Some("\"b1\""));

    memory.with(|content| content.objects.remove(keys::JHU));
    let server = server(file(NYT, "\"a3\""), file(JHU, "\"b1\""));
    let message = run(&memory, &server, "r3");
    assert_eq!((message.revised, message.jhu.status), (1, FetchStatus::Fetched));
    let tags: Vec<_> = server.requests().into_iter().map(|(_, tag)| tag).collect();
    assert_eq!(tags, [Some("\"a2\"".to_owned()), Some("\"b1\"".to_owned()), None]);
    assert!(content(&memory).objects.contains_key(keys::JHU));
}

#[test]
fn a_lost_snapshot_is_made_again_from_the_table() {
    let memory = Memory::default();
    run(&memory, &good(), "r1");
    let snapshot = object(&memory, keys::LATEST);
    for damaged in [None, Some(b"date,cas".to_vec())] {
        memory.with(|content| {
            content.page = 2;
            content.objects.remove(keys::LATEST);
            content.objects.extend(damaged.map(|damaged| (keys::LATEST.to_owned(), damaged)));
        });
        let message = run(&memory, &good(), "r2");
        assert_eq!((message.outcome, message.unchanged), (Outcome::NoChange, 3));
        assert_eq!(object(&memory, keys::LATEST), snapshot);
    }
}

#[test]
fn who_has_no_lock_does_nothing() {
    let memory = Memory::default();
    let now = "2020-02-01T18:45:00Z".parse::<Timestamp>().unwrap().as_second();
    let held = |expires| Lock { expires, run_id: "r0".into() };
    memory.with(|content| content.lock = Some(held(now + 1)));
    assert_eq!(run_with(&memory, &good(), RefreshEvent::default(), "r1").unwrap(), Ended::Locked);
    assert_eq!(content(&memory), Content { lock: Some(held(now + 1)), ..Content::default() });
    memory.with(|content| content.lock = Some(held(now)));
    assert_eq!(run(&memory, &good(), "r2").outcome, Outcome::Success);
}

#[test]
fn a_failure_before_the_load_writes_nothing() {
    let memory = Memory::default();
    run(&memory, &good(), "r1");
    let before = content(&memory);
    let status = |status| Ok(Fetched { status, ..Fetched::default() });
    let html = "<html><body>error</body></html>";
    for (nyt, jhu, stage, class) in [
        (status(404), file(JHU, "2"), Stage::Extract, FailureClass::FetchFailed),
        (file(NYT, "2"), status(500), Stage::Extract, FailureClass::FetchFailed),
        (Err(FetchError::Network("cut".into())), file(JHU, "2"), Stage::Extract, FailureClass::FetchFailed),
        (file(NYT, "2"), Err(FetchError::TooLarge), Stage::Extract, FailureClass::TooLarge),
        (file(html, "2"), file(JHU, "2"), Stage::Transform, FailureClass::MissingColumn),
        (file(NYT, "2"), file("Date,Recovered\n2020-01-22,1\n", "2"), Stage::Transform, FailureClass::MissingColumn),
        (file("date,cases,deaths\n", "2"), file(JHU, "2"), Stage::Transform, FailureClass::NoRows),
        (file("date,cases,deaths\n2020-01-21,1,0\n", "2"), file(JHU, "2"), Stage::Transform, FailureClass::JoinEmpty),
        (
            file("date,cases,deaths\n2020-01-22,1,0\n", "2"),
            file(JHU, "2"),
            Stage::Transform,
            FailureClass::SourceShrunk,
        ),
    ] {
        let message = run(&memory, &server(nyt, jhu), "r2");
        let failure = message.failure.clone().unwrap();
        assert_eq!((message.outcome, failure.stage, failure.error_class), (Outcome::Failed, stage, class));
        assert_eq!(
            (message.date_min.as_deref(), message.date_max.as_deref()),
            (Some("2020-01-22"), Some("2020-01-24"))
        );
        let after = content(&memory);
        assert_eq!((&after.figures, &after.state, &after.objects), (&before.figures, &before.state, &before.objects));
        let (subject, outcome, _) = after.published.last().unwrap();
        assert_eq!(*outcome, Outcome::Failed);
        assert!(subject.starts_with("[etl] FAILED: "), "{subject}");
        assert_eq!(after.lock, None);
    }
    assert_eq!(content(&memory).published[1].0, "[etl] FAILED: fetch_failed in extract");
}

#[test]
fn rejected_rows_are_kept_and_the_first_are_told() {
    let memory = Memory::default();
    let message = run(&memory, &server(file(&format!("{NYT}2020-01-25,t,0\n"), "1"), file(JHU, "2")), "r1");
    assert_eq!((message.outcome, message.rejected), (Outcome::Success, 1));
    assert_eq!(message.rejects, ["nyt line 6: bad_number: 2020-01-25,t,0"]);
    let kept: serde_json::Value = serde_json::from_str(&object(&memory, "rejects/r1.json")).unwrap();
    let row = serde_json::json!({"source": "nyt", "line": 6, "text": "2020-01-25,t,0", "reason": "bad_number"});
    assert_eq!(kept, serde_json::json!({"count": 1, "left_out": 0, "rows": [row]}));

    let many = format!("{NYT}{}", "x,1,1\n".repeat(20));
    let message = run(&memory, &server(file(&many, "3"), file(JHU, "2")), "r2");
    assert_eq!(message.failure.unwrap().error_class, FailureClass::TooManyRejected);
    assert_eq!((message.rejected, message.rejects.len()), (20, 10));
    assert!(content(&memory).objects.contains_key("rejects/r2.json"));
}

#[test]
fn what_the_table_does_not_take_at_once_is_written_again() {
    let memory = Memory::default();
    memory.with(|content| content.unprocessed = 2);
    assert_eq!(run(&memory, &good(), "r1").outcome, Outcome::Success);
    assert_eq!((content(&memory).figures.len(), content(&memory).item_writes), (3, 5));
}

/// Wherever a run dies, the next one brings all to the same end, and tells of the change wherever the API shows it.
#[test]
fn a_run_that_dies_is_repeated_by_the_next_one() {
    let revised = || {
        let nyt = NYT.replace("2020-01-23,2,0", "2020-01-23,5,0") + "2020-01-25,9,1\n";
        let jhu = JHU.to_owned() + "2020-01-25,US,,4\r\n";
        server(file(&nyt, "\"a2\""), file(&jhu, "\"b2\""))
    };
    let start = Memory::default();
    run(&start, &good(), "r1");
    let whole = Memory::default();
    whole.with(|content| *content = start.with(|start| start.clone()));
    assert_eq!(run(&whole, &revised(), "r2").outcome, Outcome::Success);
    let whole = content(&whole);

    for writes in 0..12 {
        let memory = Memory::default();
        memory.with(|content| {
            *content = start.with(|start| start.clone());
            content.writes_left = Some(writes);
        });
        let died = run_with(&memory, &revised(), RefreshEvent::default(), "r2");
        if writes == 0 {
            assert!(matches!(died, Err(RunError::Lock(_))));
        } else {
            let outcome = died.unwrap().outcome();
            assert!(outcome == Outcome::Failed || writes >= 7, "{writes}");
        }
        memory.with(|content| {
            content.writes_left = None;
            content.lock = None;
        });
        let message = run(&memory, &revised(), "r3");
        assert_ne!(message.outcome, Outcome::Failed, "{writes}");
        let after = content(&memory);
        assert_eq!(after.objects, whole.objects, "{writes}");
        let figures = |content: &Content| -> Vec<_> {
            content.figures.values().map(|item| (item.date.clone(), item.cases, item.deaths, item.recoveries)).collect()
        };
        assert_eq!(figures(&after), figures(&whole), "{writes}");
        let state = after.state.unwrap();
        assert_eq!(state.etag_a.as_deref(), Some("\"a2\""));
        assert_ne!(state.changed_run_id.as_deref(), Some("r1"), "{writes}");
    }
}

#[test]
fn a_failed_write_is_a_failure_of_its_stage() {
    let memory = Memory::default();
    memory.with(|content| content.writes_left = Some(1));
    let failure = run(&memory, &good(), "r1").failure.unwrap();
    assert_eq!((failure.stage, failure.error_class), (Stage::Load, FailureClass::StorageFailed));
    assert_eq!(failure.message, "write items: the service is gone");
}

#[test]
fn the_metric_is_for_runs_that_came_to_their_end() {
    let completed = [Outcome::Success, Outcome::NoChange, Outcome::Failed, Outcome::Locked].map(Outcome::is_completed);
    assert_eq!(completed, [true, true, false, false]);
}

#[test]
fn the_retry_of_a_run_that_died_goes_on_at_once() {
    let memory = Memory::default();
    let lock = |run_id: &str| Lock { expires: 1_580_582_701, run_id: run_id.into() };
    memory.with(|content| content.lock = Some(lock("r1")));
    assert_eq!(run_with(&memory, &good(), RefreshEvent::default(), "r2"), Ok(Ended::Locked));
    assert_eq!(run(&memory, &good(), "r1").outcome, Outcome::Success);
    assert_eq!(content(&memory).lock, None);
}

#[test]
fn an_event_of_another_kind_asks_for_nothing_special() {
    let asked = |event: serde_json::Value| crate::services::event(event).ignore_etag;
    assert!(asked(serde_json::json!({"ignoreEtag": true, "more": 1})));
    for event in ["null", "[]", "7", r#"{"ignoreEtag":"yes"}"#, r#"{"version":"0","source":"aws.events","detail":{}}"#]
    {
        assert!(!asked(serde_json::from_str(event).unwrap()), "{event}");
    }
}
