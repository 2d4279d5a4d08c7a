#![allow(clippy::unwrap_used, clippy::unnecessary_wraps)]

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::memory::{Content, ManualClock, Memory, ScriptedApi, finish};
use crate::services::Answer;

const KEY: &str = "0123456789abcdef";
const RAW: &str = "raw/location_id=marysville/year=2025/month=03/day=01/hour=05/weather.json";
const GOOD: &str = r#"{"location":{"name":"Marysville"},"current":{"temp_c":21}}"#;

fn input(time: &str) -> RetrieveInput {
    RetrieveInput {
        location_id: "marysville".into(),
        q: "-37.504136,145.744302".into(),
        scheduled_time: time.into(),
        refetch: false,
        backfill: false,
    }
}

fn answer(status: u16, body: &str) -> Result<Answer, String> {
    Ok(Answer { status, retry_after: None, body: body.into() })
}

fn error(status: u16, code: u32) -> Result<Answer, String> {
    answer(status, &json!({"error": {"code": code, "message": "no"}}).to_string())
}

fn timeout() -> Result<Answer, String> {
    Err(format!("GET http://api/current.json?key={KEY}&q=x: timed out"))
}

/// A run for the hour 2025-03-01T05 at a time.
struct Case {
    memory: Memory,
    api: ScriptedApi,
    clock: ManualClock,
    result: Result<RetrieveResult, Failure>,
}

impl Case {
    fn at(now: &str, memory: Memory, input: &RetrieveInput, answers: Vec<Result<Answer, String>>) -> Self {
        let (api, clock) = (ScriptedApi::new(answers), ManualClock::at(now.parse().unwrap()));
        let retrieve = Retrieve {
            base_url: "http://api",
            keys: &KeyCache::default(),
            fetch: &api,
            store: &memory,
            secrets: &memory,
            clock: &clock,
        };
        let result = finish(retrieve.run(input, "arn:execution"));
        Self { memory, api, clock, result }
    }

    fn new(answers: Vec<Result<Answer, String>>) -> Self {
        Self::at("2025-03-01T05:00:03.5Z", Memory::with_key(KEY), &input("2025-03-01T05:00:00Z"), answers)
    }

    fn content(&self) -> Content {
        self.memory.with(|content| content.clone())
    }

    #[track_caller]
    fn fails_with(&self, class: ErrorClass, requests: usize) {
        let failure = self.result.as_ref().unwrap_err();
        assert_eq!((failure.class(), self.api.requests().len()), (Some(class), requests), "{failure}");
        assert_eq!(failure.error_type(), class.name());
        assert!(self.content().raw.is_empty());
        assert!(!failure.to_string().contains(KEY), "{failure}");
        let is_told = |body: &Vec<u8>| String::from_utf8_lossy(body).contains(KEY);
        assert!(!self.content().errors.values().any(is_told));
    }
}

#[test]
fn a_good_body_is_kept_byte_for_byte() {
    let body = format!("{}\n", GOOD.replace(':', " : "));
    let case = Case::new(vec![answer(200, &body)]);
    let expected = RetrieveResult {
        key: RAW.into(),
        version_id: "1".into(),
        source: WeatherSource::Current,
        fetched_at: "2025-03-01T05:00:03Z".into(),
        attempts: 1,
        reused: false,
    };
    assert_eq!(case.result, Ok(expected));
    let (kept, metadata) = &case.content().raw[RAW][0];
    assert_eq!(kept, body.as_bytes());
    let metadata = metadata.as_ref().unwrap();
    let entries = [("fetched-at", "2025-03-01T05:00:03Z"), ("source", "current"), ("execution-id", "arn:execution")];
    assert_eq!(metadata.entries(), entries);
    let read = RawMetadata::from_entries(|name| entries.iter().find(|(key, _)| *key == name).map(|(_, value)| *value));
    assert_eq!(read.as_ref(), Some(metadata));
    assert_eq!(RawMetadata::from_entries(|_| Some("current")), None);
    assert_eq!(case.api.requests(), [format!("http://api/current.json?key={KEY}&q=-37.504136%2C145.744302&aqi=no")]);
}

#[test]
fn an_api_that_comes_back_is_asked_again() {
    let case = Case::new(vec![answer(503, ""), answer(503, ""), answer(200, GOOD)]);
    assert_eq!(case.result.as_ref().unwrap().attempts, 3);
    assert_eq!(case.clock.waits(), [Duration::from_secs(3), Duration::from_secs(9)]);
    assert_eq!(case.result.as_ref().unwrap().fetched_at, "2025-03-01T05:00:15Z");
    for first in [answer(429, ""), error(400, 9999), timeout()] {
        let case = Case::new(vec![first, answer(200, GOOD)]);
        assert_eq!((case.result.unwrap().attempts, case.api.requests().len()), (2, 2));
    }
}

#[test]
fn a_throttled_request_waits_as_long_as_it_is_told() {
    let told = |status| Ok(Answer { status, retry_after: Some("14".into()), body: Vec::new() });
    let case = Case::new(vec![told(429), told(503), answer(200, GOOD)]);
    assert_eq!(case.clock.waits(), [Duration::from_secs(14), Duration::from_secs(9)]);
}

#[test]
fn after_three_attempts_the_hour_is_skipped() {
    Case::new(vec![answer(503, "no"); 4]).fails_with(ErrorClass::ApiUnavailable, 3);
    Case::new(vec![timeout(); 4]).fails_with(ErrorClass::ApiUnavailable, 3);
    let case = Case::new(vec![answer(200, "<html>"); 4]);
    case.fails_with(ErrorClass::ApiInvalidBody, 3);
    let told = case.result.as_ref().unwrap_err().to_string();
    assert_eq!(told, "the body is not JSON: expected value at line 1 column 1, the last of 3 times");
    let errors = case.content().errors;
    let folder = "errors/location_id=marysville/year=2025/month=03/day=01/hour=05";
    let keys = ["20250301T050003.500Z-1", "20250301T050006.500Z-2", "20250301T050015.500Z-3"];
    assert_eq!(errors.keys().cloned().collect::<Vec<_>>(), keys.map(|key| format!("{folder}/{key}.json")));
    assert!(errors.values().all(|body| body == b"<html>"));
}

#[test]
fn what_does_not_change_is_asked_once() {
    Case::new(vec![error(401, 2006); 3]).fails_with(ErrorClass::ApiAuth, 1);
    Case::new(vec![error(403, 2007); 3]).fails_with(ErrorClass::ApiQuota, 1);
    Case::new(vec![error(400, 1006); 3]).fails_with(ErrorClass::ApiBadRequest, 1);
}

#[test]
fn the_key_is_nowhere() {
    let told = format!(r#"{{"error":{{"code":2006,"message":"the key {KEY} is invalid"}}}}"#);
    let case = Case::new(vec![answer(401, &told)]);
    case.fails_with(ErrorClass::ApiAuth, 1);
    let told = case.result.as_ref().unwrap_err().to_string();
    assert_eq!(told, "the API answered with status 401, code 2006: the key *** is invalid");
    let good = GOOD.replace("Marysville", KEY);
    Case::new(vec![answer(200, &good); 3]).fails_with(ErrorClass::ApiInvalidBody, 3);
    let long = format!("{}{KEY}", "x".repeat((64 << 10) - 8));
    let case = Case::new(vec![answer(404, &long)]);
    case.fails_with(ErrorClass::ApiBadRequest, 1);
    let kept = case.content().errors.into_values().next().unwrap();
    assert!(kept.len() <= 64 << 10 && kept.ends_with(b"x***"));
}

#[test]
fn an_error_that_cannot_be_kept_does_not_hide_the_failure() {
    let memory = Memory::with_key(KEY);
    memory.with(|content| content.errors_broken = true);
    let case = Case::at("2025-03-01T05:00:03Z", memory, &input("2025-03-01T05:00:00Z"), vec![answer(404, "")]);
    let failure = case.result.unwrap_err();
    assert_eq!(failure.class(), Some(ErrorClass::ApiBadRequest));
    assert!(failure.to_string().ends_with("(its body could not be kept: write an error: the service is gone)"));
}

#[test]
fn an_hour_is_fetched_once() {
    let first = Case::new(vec![answer(200, GOOD)]);
    let stored = first.content();
    let time = "2025-03-01T05:59:59Z";
    let again = Case::at("2025-03-09T00:00:00Z", first.memory, &input(time), vec![answer(200, "{}")]);
    let RetrieveResult { key, version_id, source, fetched_at, attempts, reused } = again.result.clone().unwrap();
    assert_eq!((key.as_str(), version_id.as_str(), attempts, reused), (RAW, "1", 0, true));
    assert_eq!((source, fetched_at.as_str()), (WeatherSource::Current, "2025-03-01T05:00:03Z"));
    assert_eq!(again.api.requests().len(), 0);
    assert_eq!(again.content().raw, stored.raw);

    let refetch = RetrieveInput { refetch: true, ..input(time) };
    let failed = Case::at("2025-03-01T05:10:00Z", again.memory, &refetch, vec![answer(200, "<html>"); 3]);
    assert_eq!(failed.result.as_ref().unwrap_err().class(), Some(ErrorClass::ApiInvalidBody));
    assert_eq!(failed.content().raw, stored.raw);
    let renewed = Case::at("2025-03-01T05:10:00Z", failed.memory, &refetch, vec![answer(200, GOOD)]);
    assert_eq!(renewed.result.unwrap().version_id, "2");

    renewed.memory.with(|content| content.raw.get_mut(RAW).unwrap().push((b"by hand".to_vec(), None)));
    let foreign = Case::at("2025-03-01T05:10:00Z", renewed.memory, &input(time), vec![answer(200, GOOD)]);
    assert_eq!(foreign.result.unwrap().version_id, "4");
}

fn day(epochs: &[&str]) -> Result<Answer, String> {
    let hour = |time: &&str| json!({"time_epoch": time.parse::<Timestamp>().unwrap().as_second()});
    let hours: Vec<_> = epochs.iter().map(hour).collect();
    answer(200, &json!({"location": {}, "forecast": {"forecastday": [{"hour": hours}]}}).to_string())
}

fn asked_days(case: &Case) -> Vec<String> {
    let requests = case.api.requests();
    assert!(requests.iter().all(|url| url.starts_with("http://api/history.json?")));
    requests.iter().map(|url| url.rsplit_once("&dt=").unwrap().1.to_owned()).collect()
}

#[test]
fn a_past_hour_comes_from_history() {
    let past = |now: &str, refetch: bool| {
        let input = RetrieveInput { refetch, ..input("2025-03-01T05:00:00Z") };
        let answers = vec![day(&["2025-03-01T05:00:00Z"])];
        Case::at(now, Memory::with_key(KEY), &input, answers)
    };
    for (now, refetch) in
        [("2025-03-01T06:15:00Z", false), ("2025-03-01T06:00:00Z", true), ("2026-01-01T00:00:00Z", false)]
    {
        let case = past(now, refetch);
        assert_eq!(asked_days(&case), ["2025-03-01"]);
        assert_eq!(case.result.unwrap().source, WeatherSource::History);
    }
    for (now, refetch) in [("2025-03-01T06:14:59Z", false), ("2025-03-01T05:59:59Z", true)] {
        assert!(past(now, refetch).api.requests()[0].starts_with("http://api/current.json?"), "{now}");
    }
}

#[test]
fn the_local_day_may_be_another_one() {
    let run = |time: &str, answers| Case::at("2026-01-01T00:00:00Z", Memory::with_key(KEY), &input(time), answers);
    // In Melbourne, 20:00 UTC is the next day.
    let time = "2025-03-01T20:00:00Z";
    let case = run(time, vec![day(&["2025-03-01T12:00:00Z"]), answer(500, ""), day(&[time])]);
    assert_eq!(asked_days(&case), ["2025-03-01", "2025-03-02", "2025-03-02"]);
    assert_eq!(case.result.as_ref().unwrap().attempts, 3);
    assert_eq!(case.content().errors.len(), 2);
    let case = run(time, vec![day(&[]), day(&[]), day(&["2025-03-01T19:30:00Z"])]);
    assert_eq!(asked_days(&case), ["2025-03-01", "2025-03-02", "2025-02-28"]);
    assert!(case.result.is_ok());
    run(time, vec![day(&[]), day(&["2025-03-01T19:29:59Z"]), day(&[])]).fails_with(ErrorClass::HourNotAvailable, 3);
    run(time, vec![answer(200, GOOD); 3]).fails_with(ErrorClass::ApiInvalidBody, 3);
}

#[test]
fn bad_input_asks_for_nothing() {
    let good = input("2025-03-01T05:00:00Z");
    for bad in [
        input("yesterday"),
        input("2025-03-01T06:00:00Z"),
        RetrieveInput { location_id: "../a".into(), ..good.clone() },
        RetrieveInput { q: " ".into(), ..good.clone() },
    ] {
        let case = Case::at("2025-03-01T05:00:03Z", Memory::with_key(KEY), &bad, vec![]);
        case.fails_with(ErrorClass::BadInput, 0);
    }
    let case = Case::at("2025-03-01T05:00:03Z", Memory::default(), &good, vec![]);
    case.fails_with(ErrorClass::SecretMissing, 0);
}
