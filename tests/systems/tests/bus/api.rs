//! The deployed HTTP API, and SQL over the same rows.

use std::time::Duration;

use bus_observatory::contract::api::ROUTES;
use bus_observatory::feeds::FeedType;
use bus_observatory::file::{Compression, File, encode};
use bus_observatory::partition::Hour;
use bus_observatory::storage::{Condition, Storage};
use bus_observatory::table::{Cell, Layout, Table};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use system_tests::wait_for;

use crate::world::{STACK, WORLD, fetch};

/// The vehicles of one route.
const VEHICLES: u64 = 12;

#[test]
fn every_hour_of_special_days_is_told_by_every_clock() {
    let world = &*WORLD;
    // Ends of months and years, a leap day, and both changes of the clocks of New York.
    let days = [("2023/4/30", 24), ("2023/12/31", 24), ("2024/2/29", 24), ("2023/3/12", 23), ("2023/11/5", 25)];
    for (day, hours_of_clocks) in days {
        let [year, month, date] = day.split('/').map(|part| part.parse::<i64>().unwrap()).collect::<Vec<_>>()[..]
        else {
            panic!("{day}");
        };
        let midnight: Timestamp = format!("{year}-{month:02}-{date:02}T00:00:00Z").parse().unwrap();
        // In the middle of each hour, on to the end of the day in New York.
        world.write_grabs("hours", VEHICLES, (0..30).map(|hour| midnight.as_second() + hour * 3600 + 1800).collect());
        if month == 2 {
            world.compact("hours", midnight, midnight + 23.hours());
        }
        let mut told = 0;
        for hour in 0..24 {
            let answer = world.get(&format!("/buses/bulk/hours/M1/{day}/{hour}")).json();
            let start = midnight + hour.hours();
            let limits = (answer["query"]["start (gte)"].as_str(), answer["query"]["end (lt)"].as_str());
            let end = start + 1.hour();
            assert_eq!(limits, (Some(&*start.to_string()), Some(&*end.to_string())), "{day} {hour}");
            assert_eq!(answer["result"].as_array().unwrap().len() as u64, VEHICLES, "{day} {hour}");

            let local = world.get(&format!("/buses/bulk/hours/M1/{day}/{hour}?tz=feed"));
            if (day, hour) == ("2023/3/12", 2) {
                assert_eq!((local.status, &local.json()["error"]["code"]), (400, &json!("skipped_hour")));
                continue;
            }
            let rows = local.json()["result"].as_array().unwrap().len() as u64;
            let is_repeated = (day, hour) == ("2023/11/5", 1);
            assert_eq!(rows, if is_repeated { 2 * VEHICLES } else { VEHICLES }, "{day} {hour}");
            told += rows;
        }
        assert_eq!(told, hours_of_clocks * VEHICLES, "{day}");
    }
    // Half past: two partitions. Rows have the time of the clocks, with its offset.
    let kolkata = world.get("/buses/bulk/hours/M1/2024/2/29/12?tz=Asia/Kolkata").json();
    assert_eq!(kolkata["query"]["start (gte)"], "2024-02-29T12:00:00+05:30");
    let rows = kolkata["result"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["vehicle_timestamp"].as_str().unwrap().ends_with("+05:30")));
    assert_eq!(world.rows("hours", "M1", "2024/2/28/12"), Vec::<Value>::new());
}

#[test]
fn requests_that_cannot_be_met_say_why() {
    let world = &*WORLD;
    for (path, status, code) in [
        ("/buses/bulk/nowhere/M1/2023/4/30/23", 404, "unknown_system"),
        ("/buses/live/nowhere", 404, "unknown_system"),
        ("/nowhere/schema", 404, "unknown_system"),
        ("/buses/bulk/hours/M1/2023/4/31/0", 400, "bad_day"),
        ("/buses/bulk/hours/M1/2023/2/29/0", 400, "bad_day"),
        ("/buses/bulk/hours/M1/2010/4/30/0", 400, "bad_year"),
        ("/buses/bulk/hours/M1/2051/4/30/0", 400, "bad_year"),
        ("/buses/bulk/hours/M1/2023/13/30/0", 400, "bad_month"),
        ("/buses/bulk/hours/M1/2023/4/30/24", 400, "bad_hour"),
        ("/buses/bulk/hours/M1/2023/4/30/-1", 400, "bad_hour"),
        ("/buses/bulk/hours/M1/2023/4/30/1;DROP", 400, "bad_hour"),
        ("/buses/bulk/hours/M1/2023/4/30/1?tz=Mars/Base", 400, "bad_time_zone"),
        ("/buses/bulk/hours/M1/2023/4/30/1?tz=../../etc/passwd", 400, "bad_time_zone"),
        ("/buses/bulk/hours/M1/2023/4/30/1?format=xml", 406, "not_acceptable"),
    ] {
        let answer = world.get(path);
        let error = answer.json()["error"].take();
        assert_eq!((answer.status, &error["code"]), (status, &json!(code)), "{path}: {error}");
        assert!(error["message"].is_string() && error.get("field").is_some(), "{error}");
        assert_eq!(answer.headers["content-type"], "application/json");
    }
    // What looks like SQL, markup or a path is the name of a route that has no rows.
    for route in ["M1'%20OR%20'1'='1", "M1%22;--", "%3Cscript%3E", "%00", "M1%0d%0aX:y", "é", "*"] {
        let answer = world.get(&format!("/buses/bulk/hours/{route}/2023/4/30/1"));
        // Some do not even get past the server before the function.
        if answer.status != 400 || !answer.body.is_empty() {
            assert_eq!((answer.status, &answer.json()["result"]), (200, &json!([])), "{route}");
        }
        assert!(!answer.headers.contains_key("x"), "{route}");
    }
    let refused = world.get_as("/buses/bulk/hours/M1/2023/4/30/1", Some("image/png"));
    assert_eq!(refused.status, 406);
}

#[test]
fn pages_and_formats_are_those_of_the_description() {
    let world = &*WORLD;
    let listed = world.get("/feeds").json();
    let listed = listed.as_array().unwrap();
    // More than a page of the parameter store.
    assert_eq!(listed.len(), world.feeds.len());
    assert!(listed.len() > 10 && listed.iter().all(|feed| feed.get("url").is_none() && feed.get("auth").is_none()));
    let index = world.get("/");
    assert_eq!((index.status, index.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert!(index.text().contains("CC BY-NC 4.0") && index.text().contains("wmata_bus"));
    assert_eq!(world.get("/hours/schema").json()["columns"].as_array().unwrap().len(), 24);
    let document = world.get("/openapi.json").json();
    assert_eq!(document, bus_observatory::answer::document());
    let described: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(described.len(), ROUTES.len());

    let time: Timestamp = "2022-07-01T10:30:00Z".parse().unwrap();
    world.write_grabs("hours", VEHICLES, vec![time.as_second()]);
    let path = "/buses/bulk/hours/M1/2022/7/1/10";
    let csv = world.get_as(path, Some("text/csv"));
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.text().lines().count() as u64, 1 + VEHICLES);
    let parquet = world.get(&format!("{path}?format=parquet"));
    assert_eq!(parquet.headers["content-type"], "application/vnd.apache.parquet");
    assert_eq!(File::open(parquet.body.into()).unwrap().len() as u64, VEHICLES);
}

#[test]
fn a_large_answer_is_in_the_bucket_of_results() {
    const ROWS: i64 = 8_000;
    let world = &*WORLD;
    let hour: Timestamp = "2024-06-01T07:00:00Z".parse().unwrap();
    world.with_lake(move |lake| {
        let layout = Layout::standard(FeedType::Gtfsrt);
        let mut table = Table::new(FeedType::Gtfsrt);
        for row in 0..ROWS {
            let mut cells = vec![Cell::Null; FeedType::Gtfsrt.columns().len()];
            cells[0] = Cell::Text(format!("vehicle {}", row % 100));
            cells[layout.route()] = Cell::Text("M1".to_owned());
            cells[layout.timestamp()] = Cell::Timestamp(hour.as_microsecond() + row * 400_000);
            table.push(cells);
        }
        let content = encode(layout, layout.sorted(&table), Compression::Snappy, &[]).unwrap();
        let key = Hour::of(hour.as_microsecond()).incoming_key("large", hour, &content);
        lake.put(&key, content.into(), &Condition::Always).unwrap();
    });
    let answer = world.get("/buses/bulk/large/M1/2024/6/1/7");
    assert_eq!(answer.status, 303, "{}", answer.text());
    let export = answer.json();
    let url = export["url"].as_str().unwrap();
    assert_eq!((answer.headers["location"].as_str(), &export["rows"]), (url, &json!(ROWS)));
    let left = export["expires_at"].as_str().unwrap().parse::<Timestamp>().unwrap().duration_since(Timestamp::now());
    assert!((3_500..=3_600).contains(&left.as_secs()), "{export}");
    let results = world.deployment.output(STACK, "ResultsBucket");
    assert!(url.contains(results) && url.contains("/exports/") && url.contains("X-Amz-Expires=3600"), "{url}");
    let exported = fetch(url, &[]);
    assert_eq!(exported.body.len() as u64, export["bytes"].as_u64().unwrap());
    assert_eq!(exported.headers["content-type"], "application/json");
    assert_eq!(exported.json()["result"].as_array().unwrap().len(), usize::try_from(ROWS).unwrap());
    // In another format it is small enough.
    assert_eq!(world.get("/buses/bulk/large/M1/2024/6/1/7?format=parquet").status, 200);
}

/// The rows of a query by Athena, as texts.
fn athena(query: &str) -> Vec<Vec<String>> {
    let deployment = &WORLD.deployment;
    let arguments = json!({
        "QueryString": query,
        "WorkGroup": deployment.output(STACK, "Workgroup"),
        "QueryExecutionContext": {"Database": deployment.output(STACK, "Database")},
    });
    let id = deployment.call("athena", "start_query_execution", arguments)["QueryExecutionId"].take();
    wait_for("the query", Duration::from_secs(30), || {
        let answer = deployment.call("athena", "get_query_execution", json!({"QueryExecutionId": id}));
        let status = &answer["QueryExecution"]["Status"];
        assert_ne!(status["State"], "FAILED", "{query}: {status}");
        (status["State"] == "SUCCEEDED").then_some(())
    });
    let answer = deployment.call("athena", "get_query_results", json!({"QueryExecutionId": id}));
    let rows = answer["ResultSet"]["Rows"].as_array().unwrap();
    let cell = |cell: &Value| cell["VarCharValue"].as_str().unwrap_or_default().to_owned();
    // The first row has the names of the columns.
    rows[1..].iter().map(|row| row["Data"].as_array().unwrap().iter().map(cell).collect()).collect()
}

#[test]
fn sql_over_the_tables_counts_the_same_rows() {
    let world = &*WORLD;
    let hour: Timestamp = "2024-06-01T05:00:00Z".parse().unwrap();
    let minutes = |minutes: std::ops::Range<i64>| minutes.map(|minute| hour.as_second() + 60 * minute).collect();
    world.write_grabs("tables", VEHICLES, minutes(1..70));
    assert_eq!(athena("SELECT count(*) FROM tables"), [["0"]], "nothing was merged yet");
    world.compact("tables", hour, hour + 1.hour());
    let told = |hour: i64| {
        let rows = world.rows("tables", "M1", &format!("2024/6/1/{hour}")).len();
        vec!["2024-06-01".to_owned(), format!("{hour:02}"), rows.to_string()]
    };
    let counted = "SELECT dt, hr, count(*) FROM tables WHERE route = 'M1' GROUP BY dt, hr ORDER BY hr";
    assert_eq!(athena(counted), [told(5), told(6)]);
    // Rows that come late are there once they are merged, and those from before once.
    world.write_grabs("tables", VEHICLES, minutes(30..32));
    world.with_lake(move |lake| {
        // What the grabber remembers is gone, so that some rows are there twice.
        lake.delete(&["state/feed=tables/last.parquet".to_owned()]).unwrap();
    });
    world.write_grabs("tables", VEHICLES, minutes(40..43));
    world.compact("tables", hour, hour + 1.hour());
    assert_eq!(athena(counted), [told(5), told(6)]);
    let columns = "SELECT count(DISTINCT vehicle_id), min(\"timestamp\") >= TIMESTAMP '2024-06-01 05:00:00', \
                   avg(lat) BETWEEN 40 AND 42 FROM tables WHERE dt = '2024-06-01' AND hr = '05'";
    assert_eq!(athena(columns), [["12", "true", "true"]]);
}
