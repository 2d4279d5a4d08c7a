//! The API of the deployed frontend.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::world::{World, file, world};

/// An answer of the API.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
    headers: ureq::http::HeaderMap,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }
}

impl World {
    /// GETs a path of the API.
    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let endpoint = &self.deployment.server.endpoint;
        let mut request = agent.get(format!("{endpoint}/_aws/execute-api/{}/$default{path}", self.api_id));
        let (name, account) = self.deployment.server.authorization();
        request = request.header(name, account);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap();
        let body = response.body_mut().read_to_string().unwrap();
        Response { status: response.status().as_u16(), body, headers: response.headers().clone() }
    }

    /// The rows of a good answer.
    #[track_caller]
    pub(crate) fn rows(&self, path: &str) -> Vec<Value> {
        let response = self.get(path, &[]);
        assert_eq!(response.status, 200, "{path}: {}", response.body);
        response.json()["rows"].as_array().unwrap().clone()
    }
}

/// Both sources for some days from 2020-02-27 on, with figures that grow.
pub(crate) fn some_days(days: u32) -> (String, String) {
    let mut nyt = "date,cases,deaths\n".to_owned();
    let mut jhu = "Date,Country/Region,Province/State,Recovered\n".to_owned();
    let first = jiff::civil::date(2020, 2, 27);
    for day in 0..days {
        let date = first + jiff::Span::new().days(i64::from(day));
        writeln!(nyt, "{date},{},{}", 1_000 + 10 * day * day, 3 * day).unwrap();
        writeln!(jhu, "{date},US,,{}", if day + 3 > days { 0 } else { 5 + day }).unwrap();
    }
    (nyt, jhu)
}

#[test]
fn an_empty_table_has_no_rows() {
    let world = world();
    for granularity in ["data", "daily", "weekly", "monthly"] {
        let response = world.get(&format!("/{granularity}"), &[]);
        let expected = json!({"granularity": granularity, "from": null, "to": null, "updated_at": null, "rows": []});
        assert_eq!((response.status, response.json()), (200, expected));
        assert_eq!(response.header("etag"), None);
    }
}

#[test]
fn answers_are_kept_until_a_run_changes_something() {
    let world = &mut *world();
    let (nyt, jhu) = some_days(12);
    world.serve([file(nyt, "\"a\"")], [file(jhu, "\"b\"")]);
    let message = world.run();
    let response = world.get("/daily?from=2020-03-01&to=2020-03-03", &[]);
    let etag = response.header("etag").unwrap().to_owned();
    assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(response.header("content-type"), Some("application/json"));
    let row = |date: &str, cases: i64| json!({"date": date, "cases": cases, "deaths": 3, "recoveries": 1, "days": 1, "decreases": []});
    let expected = json!({"granularity": "daily", "from": "2020-03-01", "to": "2020-03-03",
        "updated_at": message["started_at"],
        "rows": [row("2020-03-01", 50), row("2020-03-02", 70), row("2020-03-03", 90)]});
    assert_eq!(response.json(), expected);

    let ask = |known: &str| world.get("/daily?from=2020-03-01&to=2020-03-03", &[("if-none-match", known)]);
    let known = ask(&etag);
    assert_eq!((known.status, known.body.as_str(), known.header("etag")), (304, "", Some(etag.as_str())));
    assert_eq!(ask("\"other\"").status, 200);
    // Nothing new is no change.
    assert_eq!(world.run()["outcome"], "NO_CHANGE");
    assert_eq!(ask(&etag).status, 304);
    let (nyt, jhu) = some_days(13);
    world.serve([file(nyt, "\"a2\"")], [file(jhu, "\"b2\"")]);
    assert_eq!(world.run()["outcome"], "SUCCESS");
    let changed = world.get("/daily?from=2020-03-01&to=2020-03-03", &[("if-none-match", &etag)]);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(etag.as_str()));
}

#[test]
fn wrong_requests_are_answered_with_what_is_wrong() {
    let world = world();
    for (path, code) in [
        ("/data?from=2020-02-30", "bad_date"),
        ("/weekly?to=yesterday", "bad_date"),
        ("/daily?from=2020-03-02&to=2020-03-01", "bad_range"),
        ("/monthly?from=2020-03-02&from=2020-03-03", "bad_date"),
    ] {
        let response = world.get(path, &[]);
        assert_eq!((response.status, &response.json()["error"]["code"]), (400, &json!(code)), "{path}");
        assert_eq!(response.header("cache-control"), Some("no-store"));
        assert!(!response.json()["error"]["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(world.get("/elsewhere", &[]).status, 404);
}

#[test]
fn a_fault_inside_is_not_told_outside() {
    let world = world();
    world.set_environment(&world.read, &[("TABLE", "no-such-table")]);
    let response = world.get("/data", &[]);
    world.set_environment(&world.read, &[("TABLE", &world.table)]);
    assert_eq!((response.status, &response.json()["error"]["code"]), (500, &json!("internal")));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert!(!response.body.contains("table"), "{}", response.body);
    let logs = world.deployment.logs(&world.read);
    assert!(logs.iter().any(|line| line.contains("not answered") && line.contains("no-such-table")), "{logs:#?}");
    assert_eq!(world.get("/data", &[]).status, 200);
}
