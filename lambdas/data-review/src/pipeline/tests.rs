//! The orchestrator and the handlers with services in memory.

#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use handler_runtime::ManualClock;
use handler_runtime::memory::finish;
use jiff::Timestamp;
use serde_json::json;

use super::memory::Memory;
use super::*;
use crate::contract::{
    BucketName, FileMessage, FileType, MAX_RECEIVE_COUNT, ObjectDetail, ObjectFacts, Route, SweepInput, SweepReport,
};
use crate::{Code, Limits};

const HOUR: Duration = Duration::from_hours(1);

fn clock() -> ManualClock {
    ManualClock::at(Timestamp::from_second(1_760_000_000).unwrap())
}

fn orchestrator(memory: &Memory) -> Orchestrator<&Memory, &Memory, &Memory, &Memory, ManualClock> {
    Orchestrator {
        objects: memory,
        stats: memory,
        failures: memory,
        queues: memory,
        clock: clock(),
        bucket: "b".into(),
        limits: Limits::default(),
        origin: Origin::default(),
    }
}

fn analyst(memory: &Memory) -> Analyst<&Memory, &Memory, &Memory, ManualClock> {
    Analyst {
        objects: memory,
        stats: memory,
        failures: memory,
        clock: clock(),
        limits: Limits::default(),
        origin: Origin::default(),
    }
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean").join(name)).unwrap()
}

fn event(key: &str, facts: &Facts) -> ObjectDetail {
    let Facts { version, etag, size, .. } = facts.clone();
    ObjectDetail {
        bucket: BucketName { name: "b".into() },
        object: ObjectFacts { key: key.into(), size, etag, version_id: version },
    }
}

fn sweep(memory: &Memory, input: &SweepInput) -> SweepReport {
    finish(orchestrator(memory).sweep(input, "r", || HOUR)).unwrap()
}

/// Handles a message as it is received for the `count`-th time.
fn handle(memory: &Memory, message: &FileMessage, count: u32) -> Result<(), Refusal> {
    finish(analyst(memory).handle(&serde_json::to_string(message).unwrap(), count, "r"))
}

/// Handles all messages that were sent.
fn drain(memory: &Memory) {
    let sent = std::mem::take(&mut *memory.sent.borrow_mut());
    for (_, message) in sent {
        handle(memory, &message, 1).unwrap();
    }
}

/// A bottle file with one row, whose station has this name.
fn bottle(station: &str) -> Vec<u8> {
    format!(
        "BOTTLE,x\nEXPOCODE,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS\n,,,,,,,,DBAR\n\
         99SG,{station},1,1,20250401,0000,10.0,20.0,5.0\nEND_DATA\n"
    )
    .into_bytes()
}

#[test]
fn a_new_object_is_queued_as_the_version_that_it_is() {
    let memory = Memory::default();
    let key = "a b+c/d%20é.csv";
    let facts = memory.put(key, &sample("bottle_good_hy1.csv"), 1);
    let report = finish(orchestrator(&memory).object_created(&event(key, &facts), "req")).unwrap();
    assert_eq!(report, SweepReport { sent_bottle: 1, complete: true, ..SweepReport::default() });
    let expected = FileMessage { request_id: "req".into(), ..Memory::message(key, &facts) };
    assert_eq!(*memory.sent.borrow(), [(Route::Bottle, expected)]);

    drain(&memory);
    assert_eq!(memory.stat(key, "SUMMARY", "observations"), 8);
    assert_eq!(memory.stat(key, "SUMMARY", "status"), "ok");
    assert_eq!(memory.stat(key, "SUMMARY", "analysed_at"), "2025-10-09T08:53:20.000Z");
    assert_eq!(memory.stat(key, "SUMMARY", "etag"), facts.etag);
    assert_eq!(memory.stat(key, "P#v1#CTDPRS", "n"), 8);
    assert!(memory.items(key).iter().any(|item| item.starts_with("C#v1#") && item.contains('|')));
}

#[test]
fn only_ranges_of_a_large_archive_are_read_to_identify_it() {
    let memory = Memory::default();
    let mut archive = sample("casts_ct1.zip");
    // Bytes before an archive belong to nothing, but its offsets count from its own beginning.
    let size = archive.len();
    archive.splice(0..0, b"PK\x03\x04".iter().copied().chain(std::iter::repeat_n(0, 10 << 20)));
    let facts = memory.put("big.zip", &archive, 1);
    let report = finish(orchestrator(&memory).object_created(&event("big.zip", &facts), "r")).unwrap();
    let reads = memory.reads.borrow();
    assert!(reads.len() <= 4 && !reads.iter().any(|read| read.ends_with("whole")), "{size} {report:?} {reads:?}");
}

#[test]
fn a_file_without_a_handler_leaves_a_failure_that_repeats_without_a_new_row() {
    let memory = Memory::default();
    for (name, id) in [
        ("fuel log +1.csv", "v1#identification#unrecognised"),
        ("report.pdf", "v2#identification#unsupported"),
        ("nothing_hy1.csv", "v3#identification#empty"),
        ("truncated_ct1.zip", "v4#identification#unreadable"),
        ("bomb_ct1.zip", "v5#identification#too_large"),
    ] {
        let facts = memory.put(name, &sample(name), 1);
        for count in 1..=3 {
            finish(orchestrator(&memory).object_created(&event(name, &facts), "r")).unwrap();
            assert_eq!(memory.failures(name), [(id.to_owned(), true, count)], "{name}");
        }
    }
    assert!(memory.sent.borrow().is_empty());
    let failures = memory.failures.borrow();
    let item = &failures[&("report.pdf".to_owned(), "v2#identification#unsupported".to_owned())];
    // 365 days after it was last seen.
    assert_eq!(item["expires_at"], 1_760_000_000 + 365 * 86_400);
}

#[test]
fn a_netcdf_file_of_another_convention_fails_at_its_handler() {
    let memory = Memory::default();
    let facts = memory.put("tides.nc", &sample("tides.nc"), 1);
    let report = finish(orchestrator(&memory).object_created(&event("tides.nc", &facts), "r")).unwrap();
    assert_eq!(report.sent_netcdf, 1);
    drain(&memory);
    assert_eq!(memory.failures("tides.nc"), [("v1#review#unsupported".to_owned(), true, 1)]);
    assert!(memory.items("tides.nc").is_empty());
}

#[test]
fn a_sweep_of_all_samples_and_the_next_skips_them() {
    let memory = Memory::default();
    memory.page.set(7);
    let mut count = 0;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        memory.put(path.file_name().unwrap().to_str().unwrap(), &fs::read(&path).unwrap(), 1);
        count += 1;
    }
    memory.put("folder/", b"", 1);
    let first = sweep(&memory, &SweepInput::default());
    let sum = first.sent_bottle + first.sent_ctd + first.sent_netcdf + first.unsupported + first.unrecognised;
    assert_eq!((first.listed, first.skipped, first.complete), (count, 0, true), "{first:?}");
    assert_eq!(sum + first.errors, count);
    drain(&memory);
    let second = sweep(&memory, &SweepInput::default());
    assert_eq!(second, SweepReport { listed: count, skipped: count, complete: true, ..SweepReport::default() });

    let forced = SweepInput { force: true, prefix: "bottle".into(), ..SweepInput::default() };
    let third = sweep(&memory, &forced);
    assert_eq!((third.listed, third.sent_bottle, third.unsupported), (8, 7, 1), "{third:?}");
    assert!(memory.sent.borrow().iter().all(|(_, message)| message.force));
    let before = memory.stats.borrow().clone();
    drain(&memory);
    assert_eq!(*memory.stats.borrow(), before);
}

#[test]
fn a_sweep_sends_again_what_another_analysis_saw_or_what_never_ended() {
    let memory = Memory::default();
    let facts = memory.put("a", &bottle("1"), 1);
    sweep(&memory, &SweepInput::default());
    drain(&memory);
    let summary = ("a".to_owned(), "SUMMARY".to_owned());
    memory.stats.borrow_mut().get_mut(&summary).unwrap().insert("analysis_version".into(), 0.into());
    assert_eq!(sweep(&memory, &SweepInput::default()).sent_bottle, 1);
    drain(&memory);
    assert_eq!(memory.stat("a", "SUMMARY", "analysis_version"), crate::ANALYSIS_VERSION);

    let other = memory.put("b", &bottle("1"), 1);
    memory.broken.set(Some("read"));
    assert!(handle(&memory, &Memory::message("b", &other), MAX_RECEIVE_COUNT).is_err());
    memory.broken.set(None);
    assert_eq!(memory.failures("b"), [("v2#review#attempts_exhausted".to_owned(), true, 1)]);
    assert_eq!(sweep(&memory, &SweepInput::default()).sent_bottle, 1);
    drain(&memory);
    assert_eq!(memory.failures("b"), [("v2#review#attempts_exhausted".to_owned(), false, 1)]);
    assert_eq!(facts.version.as_deref(), Some("v1"));
}

#[test]
fn one_object_that_cannot_be_handled_stops_no_other() {
    let memory = Memory::default();
    for name in ["a", "b", "c"] {
        memory.put(name, &bottle(name), 1);
    }
    memory.broken.set(Some("read b"));
    let report = sweep(&memory, &SweepInput::default());
    assert_eq!((report.listed, report.sent_bottle, report.errors, report.complete), (3, 2, 1, true));
    memory.broken.set(Some("list"));
    assert!(finish(orchestrator(&memory).sweep(&SweepInput::default(), "r", || HOUR)).is_err());
}

#[test]
fn a_sweep_ends_before_its_time_is_up() {
    let memory = Memory::default();
    memory.page.set(5);
    for number in 0..20 {
        memory.put(&format!("{number:02}"), &bottle("1"), 1);
    }
    let asked = Cell::new(0);
    let remaining = || {
        asked.set(asked.get() + 1);
        if asked.get() > 9 { Duration::from_secs(59) } else { HOUR }
    };
    let report = finish(orchestrator(&memory).sweep(&SweepInput::default(), "r", remaining)).unwrap();
    assert!(!report.complete && report.sent_bottle < 20 && report.sent_bottle > 0, "{report:?}");
    drain(&memory);
    let rest = sweep(&memory, &SweepInput::default());
    assert_eq!((rest.skipped + rest.sent_bottle, rest.complete), (20, true));
}

#[test]
fn failures_of_objects_that_are_gone_are_resolved() {
    let memory = Memory::default();
    for name in ["in/a", "in/b", "out/c"] {
        memory.put(name, b"nonsense", 1);
    }
    sweep(&memory, &SweepInput::default());
    memory.delete("in/a");
    memory.delete("out/c");
    let input = SweepInput { prefix: "in/".into(), ..SweepInput::default() };
    let report = sweep(&memory, &input);
    assert_eq!((report.listed, report.skipped, report.complete), (1, 1, true));
    assert!(!memory.failures("in/a")[0].1 && memory.failures("in/b")[0].1 && memory.failures("out/c")[0].1);
    let failures = memory.failures.borrow();
    let item = &failures[&("in/a".to_owned(), "v1#identification#unrecognised".to_owned())];
    assert_eq!(item["resolution"], "object removed");
    // 30 days after it was resolved.
    assert_eq!(item["expires_at"], 1_760_000_000 + 30 * 86_400);
}

#[test]
fn a_duplicate_changes_nothing_and_reads_nothing() {
    let memory = Memory::default();
    let facts = memory.put("a", &bottle("1"), 1);
    let message = Memory::message("a", &facts);
    handle(&memory, &message, 1).unwrap();
    let before = memory.stats.borrow().clone();
    memory.reads.borrow_mut().clear();
    for count in 1..=MAX_RECEIVE_COUNT {
        handle(&memory, &message, count).unwrap();
    }
    assert_eq!(*memory.stats.borrow(), before);
    assert!(memory.reads.borrow().is_empty());
    // The last of them wrote first that it was the last.
    assert_eq!(memory.failures("a"), [("v1#review#attempts_exhausted".to_owned(), false, 1)]);
}

#[test]
fn an_overwritten_object_keeps_only_the_details_of_the_new_version() {
    let memory = Memory::default();
    let old = memory.put("a", &bottle("1"), 1);
    handle(&memory, &Memory::message("a", &old), 1).unwrap();
    let new = memory.put("a", &bottle("2"), 2);
    handle(&memory, &Memory::message("a", &new), 1).unwrap();
    assert_eq!(memory.items("a"), ["C#v2#99SG|2|1", "P#v2#CTDPRS", "SUMMARY"]);
    // Within the same second, too.
    let newer = memory.put("a", &bottle("3"), 2);
    handle(&memory, &Memory::message("a", &newer), 1).unwrap();
    assert_eq!(memory.items("a"), ["C#v3#99SG|3|1", "P#v3#CTDPRS", "SUMMARY"]);
}

#[test]
fn a_newer_version_that_arrives_first_stays() {
    let memory = Memory::default();
    let old = memory.put("a", &bottle("1"), 1);
    let new = memory.put("a", &bottle("2"), 2);
    handle(&memory, &Memory::message("a", &new), 1).unwrap();
    let before = memory.stats.borrow().clone();
    handle(&memory, &Memory::message("a", &old), 1).unwrap();
    assert_eq!(*memory.stats.borrow(), before);

    // An old version that cannot be read is of no interest either, wherever that is found.
    let spoilt = memory.put("b", b"nonsense", 1);
    let good = memory.put("b", &bottle("1"), 2);
    handle(&memory, &Memory::message("b", &good), 1).unwrap();
    finish(orchestrator(&memory).object_created(&event("b", &spoilt), "r")).unwrap();
    handle(&memory, &Memory::message("b", &spoilt), 1).unwrap();
    assert!(memory.failures("b").is_empty());
}

#[test]
fn a_condition_that_is_lost_at_the_end_leaves_no_details() {
    let memory = Memory::default();
    let old = memory.put("a", &bottle("1"), 1);
    let new = memory.put("a", &bottle("2"), 2);
    let (old_review, new_review) =
        (crate::review(bottle("1"), &Limits::default()), crate::review(bottle("2"), &Limits::default()));
    let now = Timestamp::UNIX_EPOCH;
    let items = |facts, review: &Result<crate::Review, crate::Failure>| {
        super::items::Items::of("a", facts, review.as_ref().unwrap(), now)
    };
    let analyst = analyst(&memory);
    // The older one reads the mark, the newer one writes its summary, and only then the older one its own.
    finish(analyst.store("a", items(&new, &new_review), false)).unwrap();
    finish(analyst.store("a", items(&old, &old_review), false)).unwrap();
    assert_eq!(memory.items("a"), ["C#v2#99SG|2|1", "P#v2#CTDPRS", "SUMMARY"]);
    // Two invocations with the same version: the second leaves the details, which are its own, too.
    finish(analyst.store("a", items(&new, &new_review), false)).unwrap();
    assert_eq!(memory.items("a"), ["C#v2#99SG|2|1", "P#v2#CTDPRS", "SUMMARY"]);
}

#[test]
fn a_failure_is_resolved_by_the_file_that_replaces_it() {
    let memory = Memory::default();
    let spoilt = memory.put("a", &sample("truncated_ctd.nc"), 1);
    handle(&memory, &Memory::message("a", &spoilt), 1).unwrap();
    assert_eq!(memory.failures("a"), [("v1#review#unreadable".to_owned(), true, 1)]);
    let fixed = memory.put("a", &sample("cast_00101_ctd.nc"), 2);
    handle(&memory, &Memory::message("a", &fixed), 1).unwrap();
    assert_eq!(memory.failures("a"), [("v1#review#unreadable".to_owned(), false, 1)]);
    assert_eq!(memory.stat("a", "SUMMARY", "file_type"), "whp_netcdf_ctd");
}

#[test]
fn an_attempt_that_ends_halfway_is_finished_by_the_next() {
    for broken in ["mark", "read", "put_details", "put_summary", "details", "delete_details", "open_of", "resolve"] {
        let memory = Memory::default();
        let spoilt = memory.put("a", b"nonsense", 1);
        handle(&memory, &Memory::message("a", &spoilt), 1).unwrap();
        let old = memory.put("a", &bottle("1"), 2);
        handle(&memory, &Memory::message("a", &old), 1).unwrap();
        finish((&memory).record(&FailureRecord {
            filename: "a",
            object_version: "v9".into(),
            etag: "e",
            last_modified: None,
            stage: Stage::Review,
            kind: crate::contract::FailureKind::Unreadable,
            detected_type: FileType::Unknown,
            message: "",
            request_id: "r",
            origin: &Origin::default(),
            now: Timestamp::UNIX_EPOCH,
        }))
        .unwrap();
        let new = memory.put("a", &bottle("2"), 3);
        memory.broken.set(Some(broken));
        let refused = handle(&memory, &Memory::message("a", &new), 1);
        assert!(matches!(refused, Err(Refusal::Service(_))), "{broken}: {refused:?}");
        memory.broken.set(None);
        handle(&memory, &Memory::message("a", &new), 2).unwrap();
        assert_eq!(memory.items("a"), ["C#v3#99SG|2|1", "P#v3#CTDPRS", "SUMMARY"], "{broken}");
        assert!(memory.failures("a").iter().all(|(_, open, _)| !open), "{broken}");
    }
}

#[test]
fn a_message_of_someone_else_goes_back() {
    let memory = Memory::default();
    let facts = memory.put("a", &bottle("1"), 1);
    let future = FileMessage { schema: 2, ..Memory::message("a", &facts) };
    assert!(matches!(handle(&memory, &future, 1), Err(Refusal::NoMessage(reason)) if reason.contains('2')));
    for body in ["", "{}", "hello", "[1]", "{\"schema\":1}"] {
        let refused = finish(analyst(&memory).handle(body, 1, "r"));
        assert!(matches!(refused, Err(Refusal::NoMessage(_))), "{body}");
    }
    assert!(memory.failures.borrow().is_empty() && memory.stats.borrow().is_empty());
}

#[test]
fn an_object_that_is_gone_or_was_replaced_needs_nothing() {
    let memory = Memory::default();
    let mut facts = memory.put("a", &bottle("1"), 1);
    facts.version = Some("v77".into());
    handle(&memory, &Memory::message("a", &facts), MAX_RECEIVE_COUNT).unwrap();
    assert_eq!(memory.failures("a"), [("v77#review#attempts_exhausted".to_owned(), false, 1)]);
    assert!(memory.items("a").is_empty());
    // An event without a version names the object by its ETag; there is another one now.
    facts.version = None;
    facts.etag = "other".into();
    let report = finish(orchestrator(&memory).object_created(&event("a", &facts), "r")).unwrap();
    assert_eq!((report.skipped, memory.sent.borrow().len()), (1, 0));
}

#[test]
fn a_message_without_a_version_is_about_the_latest() {
    let memory = Memory::default();
    memory.put("a", &bottle("1"), 1);
    let new = memory.put("a", &bottle("2"), 2);
    let message = FileMessage { version_id: None, etag: "seen".into(), ..Memory::message("a", &new) };
    handle(&memory, &message, 1).unwrap();
    assert_eq!(memory.items("a"), ["C#v2#99SG|2|1", "P#v2#CTDPRS", "SUMMARY"]);
    let before = memory.stats.borrow().clone();
    handle(&memory, &message, 1).unwrap();
    assert_eq!(*memory.stats.borrow(), before);
}

#[test]
fn an_object_over_the_limit_is_not_fetched() {
    let memory = Memory::default();
    let facts = memory.put("a", &bottle("1"), 1);
    let mut analyst = analyst(&memory);
    analyst.limits.object_bytes = 10;
    finish(analyst.handle(&serde_json::to_string(&Memory::message("a", &facts)).unwrap(), 1, "r")).unwrap();
    assert_eq!(memory.failures("a"), [("v1#review#too_large".to_owned(), true, 1)]);
}

#[test]
fn findings_beyond_the_summary_have_items_of_their_own() {
    let memory = Memory::default();
    let names: Vec<String> = (0..80).map(|number| format!("X{number:02}")).collect();
    let text = format!(
        "BOTTLE,x\nEXPOCODE,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS,{}\n,,,,,,,,DBAR{}\n\
         99SG,1,1,1,20250401,0000,10.0,20.0,5.0{}\nEND_DATA\n",
        names.join(","),
        ",".repeat(80),
        ",?".repeat(80)
    );
    let facts = memory.put("a", text.as_bytes(), 1);
    handle(&memory, &Memory::message("a", &facts), 1).unwrap();
    let groups = |item: &str| memory.stat("a", item, "findings").as_array().map_or(0, Vec::len);
    assert_eq!((groups("SUMMARY"), groups("F#v1#0000"), groups("F#v1#0001")), (50, 25, 5));
    let first = memory.stat("a", "SUMMARY", "findings")[0].clone();
    assert_eq!(first["code"], Code::NonNumericValue.name());
    assert_eq!((&first["parameter"], &first["count"]), (&json!("X00"), &json!(1)));
    assert_eq!(memory.stat("a", "SUMMARY", "finding_counts")["error"], 80);
}

#[test]
fn items_stay_within_the_limits_of_the_table() {
    let memory = Memory::default();
    // Names of the greatest length, of characters that take the most room, each with findings in five places.
    let wide = |number: usize| format!("{number:03}{}", "\u{1f30a}".repeat(125));
    let names: Vec<String> = (0..300).map(wide).collect();
    let cells = format!(",{}", "\u{1f30a}".repeat(64)).repeat(300);
    let rows: Vec<String> = (0..400)
        .map(|row| {
            format!("{}{row},{}|{row},1|2,{row},20250401,0000,10.0,20.0,5.0{cells}\n", "\u{1f30a}".repeat(60), "%")
        })
        .collect();
    let rows = rows.concat();
    let text = format!(
        "BOTTLE,x\nEXPOCODE,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS,{}\n,,,,,,,,DBAR{}\n{rows}END_DATA\n",
        names.join(","),
        ",".repeat(300),
    );
    let facts = memory.put("a", text.as_bytes(), 1);
    handle(&memory, &Memory::message("a", &facts), 1).unwrap();
    let stats = memory.stats.borrow();
    let mut groups = 0;
    for ((_, key), item) in stats.iter() {
        assert!(key.len() <= 1_024, "{key}");
        assert!(serde_json::to_string(item).unwrap().len() < 400 << 10, "{key}");
        groups += item.get("findings").map_or(0, |findings| findings.as_array().unwrap().len());
    }
    assert_eq!(groups, 300);
    assert_eq!(stats.keys().filter(|(_, key)| key.starts_with("C#")).count(), 400);
    assert!(stats.keys().any(|(_, key)| key.contains("|%25%7C1|1%7C2")));
}
