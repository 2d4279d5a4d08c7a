//! Archived files of Johns Hopkins University give exactly the figures that are known of them, through the deployed
//! system.

use std::fs;

use etl::replay::generated_nyt;
use serde_json::{Value, json};
use system_tests::sample_data;

use crate::world::{World, file, world};

const DATES: [&str; 4] = ["2020-06-24", "2020-08-03", "2020-09-03", "2021-03-16"];

/// Serves both sources as they were on a day, and runs the refresh. None without sample data.
pub(crate) fn run_day(world: &mut World, date: &'static str) -> Option<Value> {
    let jhu = fs::read(sample_data(&format!("covid/jhu_us_{date}.csv"))?).unwrap();
    world.serve([file(generated_nyt(&jhu).unwrap(), date)], [file(jhu, date)]);
    Some(world.run())
}

#[track_caller]
fn check(message: &Value, outcome: &str, counts: [u64; 3]) {
    let found = ["added", "revised", "unchanged"].map(|name| message[name].as_u64().unwrap());
    assert_eq!((message["outcome"].as_str(), found), (Some(outcome), counts), "{message}");
    assert_eq!((&message["rejected"], &message["vanished"]), (&json!(0), &json!(0)));
}

#[test]
fn one_day_after_the_other() {
    let world = &mut *world();
    for (date, counts) in DATES.into_iter().zip([[154, 0, 0], [40, 103, 51], [31, 153, 41], [194, 213, 12]]) {
        let Some(message) = run_day(world, date) else { return };
        check(&message, "SUCCESS", counts);
        if date == "2020-09-03" {
            assert_eq!(world.figures()["2020-09-02"], (6_113_510, 185_720, Some(2_231_757)));
        }
        if date == "2021-03-16" {
            assert_eq!((&message["not_reported"], &message["warnings"]), (&json!(92), &json!(2)));
            assert_eq!((&message["date_min"], &message["date_max"]), (&json!("2020-01-22"), &json!("2021-03-15")));
            assert_eq!((&message["nyt"]["rows"], &message["jhu"]["rows"]), (&json!(420), &json!(419)));
        }
    }
    assert_eq!(world.figures()["2020-09-02"], (6_109_630, 185_849, Some(2_231_757)));
    assert_eq!(world.figures().len(), 419);

    // The snapshot is the table.
    let snapshot = world.deployment.get(&world.bucket, "snapshots/latest.csv").unwrap();
    let lines = world.figures().into_iter().map(|(date, (cases, deaths, recoveries))| {
        format!("{date},{cases},{deaths},{}\n", recoveries.map(|value| value.to_string()).unwrap_or_default())
    });
    let expected: String = lines.collect();
    assert_eq!(String::from_utf8(snapshot).unwrap(), format!("date,cases,deaths,recoveries\n{expected}"));

    let before = world.stored();
    check(&world.run(), "NO_CHANGE", [0, 0, 419]);
    assert_eq!(world.stored(), before);
    let shrunk = run_day(world, DATES[0]).unwrap();
    assert_eq!((&shrunk["outcome"], &shrunk["error_class"]), (&json!("FAILED"), &json!("source_shrunk")));
    assert_eq!(world.stored(), before);
    the_api(world);
}

/// The API's answers after the last day.
fn the_api(world: &World) {
    let rows = |path: &str| world.rows(path);
    let of = |rows: &[Value], name: &str| -> Vec<Option<i64>> { rows.iter().map(|row| row[name].as_i64()).collect() };
    let days = rows("/daily?from=2020-10-25&to=2020-10-31");
    assert_eq!(of(&days, "recoveries"), [16222, 37577, 27211, 30474, 36196, 24116, 34026].map(Some));
    assert_eq!(of(&rows("/daily?from=2020-12-13&to=2020-12-14"), "recoveries"), [Some(51477), None]);
    let fall = &rows("/daily?from=2020-05-12&to=2020-05-12")[0];
    assert_eq!((&fall["recoveries"], &fall["decreases"]), (&json!(-2446), &json!(["recoveries"])));
    let weeks = rows("/weekly?from=2020-09-06&to=2020-10-25");
    let cases = [287_211, 244_208, 287_932, 308_532, 300_980, 351_559, 393_976, 496_128];
    assert_eq!(of(&weeks, "cases"), cases.map(Some));
    assert_eq!(of(&weeks, "deaths"), [5855, 5124, 5348, 5439, 4939, 5172, 5222, 5812].map(Some));
    let months = rows("/monthly?from=2020-04-30&to=2020-09-01");
    assert_eq!(of(&months, "recoveries"), [146_923, 290_811, 275_873, 717_529, 746_665, 655_863].map(Some));
    let last = rows("/monthly").pop().unwrap();
    let expected = json!({"date": "2021-03-31", "from": "2021-03-01", "to": "2021-03-31", "cases": 848_166,
        "deaths": 22_011, "recoveries": null, "complete": false});
    assert_eq!(last, expected);
    assert_eq!(rows("/data").len(), 419);
}

#[test]
fn from_the_first_day_to_the_last() {
    let world = &mut *world();
    let Some(message) = run_day(world, DATES[0]) else { return };
    check(&message, "SUCCESS", [154, 0, 0]);
    check(&run_day(world, DATES[3]).unwrap(), "SUCCESS", [265, 142, 12]);
}
