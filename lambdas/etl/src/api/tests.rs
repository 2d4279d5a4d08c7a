#![allow(clippy::unwrap_used)]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::memory::{Memory, finish};
use crate::services::StoredFigures;

fn figures(cases: u64, deaths: u64, recoveries: Option<u64>) -> Figures {
    Figures { cases, deaths, recoveries }
}

fn table(rows: &[(&str, u64, Option<u64>)]) -> Memory {
    let memory = Memory::default();
    memory.with(|content| {
        content.page = 2;
        for (date, cases, recoveries) in rows {
            let item = StoredFigures {
                date: (*date).to_owned(),
                cases: *cases,
                deaths: 0,
                recoveries: *recoveries,
                updated_at: String::new(),
                run_id: String::new(),
            };
            content.figures.insert(item.date.clone(), item);
        }
        if !rows.is_empty() {
            content.state = Some(State {
                changed_run_id: Some("run-7".into()),
                changed_at: Some("2020-03-10T18:45:00Z".into()),
                row_count: rows.len().try_into().unwrap(),
                ..State::default()
            });
        }
    });
    memory
}

fn ask(memory: &Memory, path: &str, query: &str) -> Response {
    finish(respond(memory, Request { path, query, if_none_match: None })).unwrap()
}

fn body(response: &Response) -> Value {
    assert_eq!(response.header("content-type"), Some("application/json"));
    serde_json::from_str(&response.body).unwrap()
}

fn sample() -> Memory {
    table(&[
        ("2020-02-28", 5, Some(1)),
        ("2020-02-29", 7, Some(2)),
        ("2020-03-02", 6, None),
        ("2020-03-03", 9, Some(4)),
        ("2020-03-04", 9, Some(3)),
    ])
}

#[test]
fn the_stored_figures_are_answered_page_by_page() {
    let response = ask(&sample(), "/data", "from=2020-02-29&to=2020-03-02&other=1");
    assert_eq!((response.status, response.header("cache-control")), (200, Some("public, max-age=300")));
    assert_eq!(response.header("etag"), Some("\"run-7.data.2020-02-29.2020-03-02\""));
    assert_eq!(
        body(&response),
        json!({"granularity": "data", "from": "2020-02-29", "to": "2020-03-02", "updated_at": "2020-03-10T18:45:00Z", "rows": [
            {"date": "2020-02-29", "cases": 7, "deaths": 0, "recoveries": 2},
            {"date": "2020-03-02", "cases": 6, "deaths": 0, "recoveries": null},
        ]})
    );
    assert_eq!(body(&ask(&sample(), "/data", ""))["rows"].as_array().unwrap().len(), 5);
}

#[test]
fn a_day_differs_from_the_one_stored_before_it() {
    let row = |date, cases, recoveries: Value, days, decreases: &[&str]| json!({"date": date, "cases": cases, "deaths": 0, "recoveries": recoveries, "days": days, "decreases": decreases});
    let rows = [
        row("2020-02-28", 0, json!(0), 0, &[]),
        row("2020-02-29", 2, json!(1), 1, &[]),
        row("2020-03-02", -1, Value::Null, 2, &["cases"]),
        row("2020-03-03", 3, Value::Null, 1, &[]),
        row("2020-03-04", 0, json!(-1), 1, &["recoveries"]),
    ];
    assert_eq!(body(&ask(&sample(), "/daily", ""))["rows"], json!(rows));
    assert_eq!(body(&ask(&sample(), "/daily", "from=2020-03-02&to=2020-03-02"))["rows"], json!([rows[2]]));
    let first = Series::from([(date(2020, 2, 28), figures(5, 0, None))]);
    assert_eq!(daily_rows(&first, (Date::MIN, Date::MAX))[0].recoveries, None);
}

#[test]
fn figures_that_fall_are_told() {
    let series = Series::from([
        (date(2021, 6, 3), figures(33_336_811, 2, None)),
        (date(2021, 6, 4), figures(33_312_812, 1, None)),
    ]);
    let row = &daily_rows(&series, (Date::MIN, Date::MAX))[1];
    assert_eq!((row.cases, row.deaths), (-23_999, -1));
    assert_eq!(row.decreases, ["cases", "deaths"]);
}

#[test]
fn a_period_is_whole_and_the_last_one_is_there() {
    let rows = body(&ask(&sample(), "/weekly", "from=2020-03-01&to=2020-03-01"))["rows"].clone();
    assert_eq!(
        rows,
        json!([{"date": "2020-03-01", "from": "2020-02-24", "to": "2020-03-01", "cases": 2, "deaths": 0, "recoveries": 1, "complete": false}])
    );
    let months = body(&ask(&sample(), "/monthly", ""))["rows"].clone();
    assert_eq!(
        months,
        json!([
            {"date": "2020-02-29", "from": "2020-02-01", "to": "2020-02-29", "cases": 2, "deaths": 0, "recoveries": 1, "complete": false},
            {"date": "2020-03-31", "from": "2020-03-01", "to": "2020-03-31", "cases": 2, "deaths": 0, "recoveries": null, "complete": false},
        ])
    );
}

#[test]
fn a_period_is_complete_with_all_its_days_and_the_one_before() {
    let days = |from: Date, count: i64| -> Series {
        (0..count).map(|day| (from + jiff::Span::new().days(day), figures(1, 1, Some(1)))).collect()
    };
    let complete = |series: &Series| weekly_rows(series, (Date::MIN, Date::MAX)).last().unwrap().complete;
    assert!(complete(&days(date(2020, 3, 1), 8)));
    assert!(!complete(&days(date(2020, 3, 2), 7)));
    assert!(!complete(&days(date(2020, 3, 1), 7)));
    let mut gap = days(date(2020, 3, 1), 8);
    gap.remove(&date(2020, 3, 4));
    assert!(!complete(&gap));
}

#[test]
fn an_empty_table_has_no_rows() {
    for granularity in Granularity::ALL {
        let response = ask(&table(&[]), granularity.path(), "");
        assert_eq!((response.status, response.header("etag")), (200, None));
        assert_eq!((&body(&response)["rows"], &body(&response)["updated_at"]), (&json!([]), &Value::Null));
    }
}

#[test]
fn a_known_answer_is_not_sent_again() {
    let memory = sample();
    let known = |tag: &str| {
        let request = Request { path: "/daily", query: "to=2020-03-04", if_none_match: Some(tag) };
        finish(respond(&memory, request)).unwrap()
    };
    for tag in
        ["\"run-7.daily..2020-03-04\"", "W/\"run-7.daily..2020-03-04\"", "\"x\", \"run-7.daily..2020-03-04\"", "*"]
    {
        let response = known(tag);
        assert_eq!((response.status, response.body.as_str()), (304, ""), "{tag}");
        assert_eq!(response.header("etag"), Some("\"run-7.daily..2020-03-04\""));
        assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
    }
    for tag in ["\"run-6.daily..2020-03-04\"", "\"run-7.daily..\"", ""] {
        assert_eq!(known(tag).status, 200, "{tag}");
    }
}

#[test]
fn a_bad_request_says_what_is_bad() {
    for (query, code, message) in [
        ("from=2020-02-30", "bad_date", "`from` is not a date YYYY-MM-DD: `2020-02-30`"),
        ("to=", "bad_date", "`to` is not a date YYYY-MM-DD: ``"),
        ("from", "bad_date", "`from` is not a date YYYY-MM-DD: ``"),
        ("from=2020-03-02&to=2020-03-01", "bad_range", "`from` (2020-03-02) is after `to` (2020-03-01)"),
        ("from=2020-03-02&from=2020-03-02", "bad_date", "`from` is given twice"),
        ("from=2020-03-02,2020-03-03", "bad_date", "`from` is not a date YYYY-MM-DD: `2020-03-02,2020-03-03`"),
    ] {
        let response = ask(&sample(), "/data", query);
        assert_eq!((response.status, response.header("cache-control")), (400, Some("no-store")), "{query}");
        assert_eq!(body(&response), json!({"error": {"code": code, "message": message}}));
    }
    assert_eq!(ask(&sample(), "/data", "from=2020%2D03%2d02").status, 200);
    assert_eq!(ask(&sample(), "/yearly", "").status, 404);
}

#[test]
fn what_goes_wrong_inside_stays_inside() {
    let broken = table(&[("2020-02-28", 1, None), ("yesterday", 1, None)]);
    let error = finish(respond(&broken, Request { path: "/data", query: "", if_none_match: None })).unwrap_err();
    assert_eq!(error.to_string(), "read the table: `yesterday` is not a date");
    let response = Response::internal_error();
    assert_eq!((response.status, response.header("cache-control")), (500, Some("no-store")));
    assert!(!response.body.contains("yesterday"));
}

proptest! {
    #[test]
    fn no_request_panics(path in "/(data|daily|weekly|monthly|.*)", query: String, tag: Option<String>) {
        let request = Request { path: &path, query: &query, if_none_match: tag.as_deref() };
        prop_assert!(finish(respond(&sample(), request)).is_ok());
    }

    #[test]
    fn periods_sum_up_to_the_whole(
        days in prop::collection::btree_map(0..4_000_000_i64, (0..=1_u64 << 53, prop::option::of(0..=1_u64 << 53)), 1..60)
    ) {
        let series: Series = days
            .into_iter()
            .filter_map(|(day, (cases, recoveries))| {
                Some((date(-1, 1, 1).checked_add(jiff::Span::new().days(day)).ok()?, figures(cases, 0, recoveries)))
            })
            .collect();
        let all = (Date::MIN, Date::MAX);
        if let (Some((_, first)), Some((_, last))) = (series.first_key_value(), series.last_key_value()) {
            let grown = last.cases.cast_signed() - first.cases.cast_signed();
            prop_assert_eq!(daily_rows(&series, all).iter().map(|row| row.cases).sum::<i64>(), grown);
            prop_assert_eq!(weekly_rows(&series, all).iter().map(|row| row.cases).sum::<i64>(), grown);
            prop_assert_eq!(monthly_rows(&series, all).iter().map(|row| row.cases).sum::<i64>(), grown);
        }
    }
}
