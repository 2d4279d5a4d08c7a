//! Archived files of Johns Hopkins University give exactly the figures that are known of them. The files are not part of
//! the repository: without them the tests say so and pass.
#![cfg(feature = "figures")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fmt::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use etl::contract::api::{Answer, DailyRow, DataRow, PeriodRow};
use etl::contract::{FailureClass, Outcome, RunMessage};
use etl::memory::{Memory, finish};
use etl::replay::{ArchivedDay, archived_days, replay_day};
use etl::{Request, respond};
use serde::de::DeserializeOwned;

/// The archived days, if they are there.
fn days() -> Option<Vec<ArchivedDay>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/covid");
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(archived_days(&folder).unwrap())
}

#[track_caller]
fn check(message: &RunMessage, outcome: Outcome, counts: [u64; 3]) {
    assert_eq!(message.failure, None);
    assert_eq!((message.outcome, [message.added, message.revised, message.unchanged]), (outcome, counts));
    assert_eq!((message.vanished, message.rejected), (0, 0));
}

fn rows<Row: DeserializeOwned>(memory: &Memory, path: &str, query: &str) -> Vec<Row> {
    let response = finish(respond(memory, Request { path, query, if_none_match: None })).unwrap();
    assert_eq!(response.status, 200);
    serde_json::from_str::<Answer<Row>>(&response.body).unwrap().rows
}

/// A store after the last of the days.
fn latest() -> Option<Memory> {
    let days = days()?;
    let memory = Memory::default();
    check(&replay_day(&memory, days.last()?).unwrap(), Outcome::Success, [419, 0, 0]);
    Some(memory)
}

#[test]
fn one_day_after_the_other() {
    let Some(days) = days() else { return };
    let dates: Vec<_> = days.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(dates, ["2020-06-24", "2020-08-03", "2020-09-03", "2021-03-16"]);
    let memory = Memory::default();
    check(&replay_day(&memory, &days[0]).unwrap(), Outcome::Success, [154, 0, 0]);
    check(&replay_day(&memory, &days[1]).unwrap(), Outcome::Success, [40, 103, 51]);
    memory.with(|content| assert_eq!(content.published[1].0, "[etl] SUCCESS: 40 added, 103 revised"));
    check(&replay_day(&memory, &days[2]).unwrap(), Outcome::Success, [31, 153, 41]);
    let of_the_day = |memory: &Memory| -> (u64, u64, Option<u64>) {
        let row = &rows::<DataRow>(memory, "/data", "from=2020-09-02&to=2020-09-02")[0];
        (row.cases, row.deaths, row.recoveries)
    };
    assert_eq!(of_the_day(&memory), (6_113_510, 185_720, Some(2_231_757)));
    let message = replay_day(&memory, &days[3]).unwrap();
    check(&message, Outcome::Success, [194, 213, 12]);
    assert_eq!((message.not_reported, message.warnings), (92, 2));
    assert_eq!((message.nyt.rows, message.jhu.rows), (420, 419));
    assert_eq!(of_the_day(&memory), (6_109_630, 185_849, Some(2_231_757)));

    check(&replay_day(&memory, &days[3]).unwrap(), Outcome::NoChange, [0, 0, 419]);
    let before = memory.with(|content| (content.figures.clone(), content.state.clone(), content.objects.clone()));
    let shrunk = replay_day(&memory, &days[0]).unwrap();
    assert_eq!(shrunk.failure.unwrap().error_class, FailureClass::SourceShrunk);
    assert_eq!(
        memory.with(|content| (content.figures.clone(), content.state.clone(), content.objects.clone())),
        before
    );
}

#[test]
fn from_the_first_day_to_the_last() {
    let Some(days) = days() else { return };
    let memory = Memory::default();
    check(&replay_day(&memory, &days[0]).unwrap(), Outcome::Success, [154, 0, 0]);
    check(&replay_day(&memory, &days[3]).unwrap(), Outcome::Success, [265, 142, 12]);
}

#[test]
fn differences_of_days() {
    let Some(memory) = latest() else { return };
    let recoveries = |query: &str| -> Vec<Option<i64>> {
        rows::<DailyRow>(&memory, "/daily", query).iter().map(|row| row.recoveries).collect()
    };
    assert_eq!(
        recoveries("from=2020-10-25&to=2020-10-31"),
        [16222, 37577, 27211, 30474, 36196, 24116, 34026].map(Some)
    );
    assert_eq!(recoveries("from=2020-05-12&to=2020-05-12"), [Some(-2446)]);
    assert_eq!(recoveries("from=2020-11-22&to=2020-11-22"), [Some(-3187)]);
    assert_eq!(recoveries("from=2020-12-13&to=2020-12-14"), [Some(51477), None]);
    let fallen: Vec<_> = rows::<DailyRow>(&memory, "/daily", "")
        .into_iter()
        .filter(|row| !row.decreases.is_empty())
        .map(|row| (row.date, row.decreases.join(" ")))
        .collect();
    let day = |date: &str| (date.to_owned(), "recoveries".to_owned());
    assert_eq!(fallen, [day("2020-05-12"), day("2020-11-22")]);
}

#[test]
fn differences_of_weeks() {
    let Some(memory) = latest() else { return };
    let weeks: Vec<PeriodRow> = rows(&memory, "/weekly", "from=2020-09-06&to=2020-10-25");
    let of = |value: fn(&PeriodRow) -> i64| -> Vec<i64> { weeks.iter().map(value).collect() };
    assert_eq!((weeks[0].date.as_str(), weeks[7].date.as_str()), ("2020-09-06", "2020-10-25"));
    assert!(weeks.iter().all(|week| week.complete));
    assert_eq!(
        of(|week| week.recoveries.unwrap()),
        [162_056, 135_411, 139_265, 175_609, 145_419, 163_378, 159_061, 188_740]
    );
    assert_eq!(of(|week| week.cases), [287_211, 244_208, 287_932, 308_532, 300_980, 351_559, 393_976, 496_128]);
    assert_eq!(of(|week| week.deaths), [5855, 5124, 5348, 5439, 4939, 5172, 5222, 5812]);

    let all: Vec<PeriodRow> = rows(&memory, "/weekly", "");
    let week = |date: &str| {
        let week = all.iter().find(|week| week.date == date).unwrap();
        (week.cases, week.deaths, week.recoveries, week.complete)
    };
    assert_eq!(week("2020-01-26"), (4, 0, Some(0), false));
    assert_eq!(week("2020-12-20"), (1_521_713, 19_238, None, true));
    assert_eq!(week("2021-03-21"), (55_764, 740, None, false));
    assert_eq!(all.last().unwrap().date, "2021-03-21");
}

#[test]
fn differences_of_months() {
    let Some(memory) = latest() else { return };
    let months: Vec<PeriodRow> = rows(&memory, "/monthly", "from=2020-04-30&to=2020-09-01");
    let of = |value: fn(&PeriodRow) -> i64| -> Vec<i64> { months.iter().map(value).collect() };
    assert_eq!(of(|month| month.recoveries.unwrap()), [146_923, 290_811, 275_873, 717_529, 746_665, 655_863]);
    assert_eq!(of(|month| month.cases), [888_719, 717_698, 843_456, 1_925_246, 1_459_476, 1_208_476]);
    let all: Vec<PeriodRow> = rows(&memory, "/monthly", "");
    let last = all.last().unwrap();
    assert_eq!((last.date.as_str(), last.from.as_str()), ("2021-03-31", "2021-03-01"));
    assert_eq!((last.cases, last.deaths, last.recoveries, last.complete), (848_166, 22_011, None, false));
}

#[test]
fn the_last_day_as_the_page_shows_it() {
    let Some(memory) = latest() else { return };
    let days: Vec<DailyRow> = rows(&memory, "/daily", "");
    let [.., before, last] = days.as_slice() else { panic!("two days") };
    assert_eq!(last.date, "2021-03-15");
    assert_eq!((last.cases, last.cases - before.cases), (55_764, 17_542));
    assert_eq!((last.deaths, last.deaths - before.deaths, last.recoveries), (740, 168, None));
}

/// What a day's refresh has to read within three seconds in a function.
#[test]
fn a_source_of_the_whole_world() {
    let mut jhu = "Date,Country/Region,Province/State,Confirmed,Recovered,Deaths\r\n".to_owned();
    let mut nyt = "date,cases,deaths\n".to_owned();
    let first = jiff::civil::date(2020, 1, 22);
    for day in 0..1_000_u32 {
        let date = first + jiff::Span::new().days(day);
        writeln!(nyt, "{date},{day},0").unwrap();
        for place in 0..249 {
            write!(jhu, "{date},\"Place, {place}\",,{day},0,0\r\n").unwrap();
        }
        write!(jhu, "{date},US,,{day},{day},0\r\n").unwrap();
    }
    let day = ArchivedDay { date: first + jiff::Span::new().days(1_000), nyt: nyt.into(), jhu: jhu.into() };
    let start = Instant::now();
    let message = replay_day(&Memory::default(), &day).unwrap();
    check(&message, Outcome::Success, [1_000, 0, 0]);
    // Without optimization the time says nothing.
    assert!(cfg!(debug_assertions) || start.elapsed() < Duration::from_secs(3));
    eprintln!("250,000 rows in {:?}", start.elapsed());
}
