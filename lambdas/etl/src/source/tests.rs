#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::reject::MAX_KEPT;

const TODAY: Date = date(2021, 3, 16);

#[track_caller]
fn nyt_rejects(text: &str) -> Vec<(u64, RejectReason, String)> {
    let reading = read_nyt(text.as_bytes(), TODAY).unwrap();
    assert_eq!(reading.rejects.count, amount_of(&reading.rejects));
    reading.rejects.kept.into_iter().map(|rejected| (rejected.line, rejected.reason, rejected.text)).collect()
}

fn amount_of(rejects: &Rejects) -> u64 {
    rejects.kept.len().try_into().unwrap()
}

#[test]
fn source_a_is_read_by_the_names_of_its_columns() {
    let first = read_nyt(b"date,cases,deaths\n2020-01-21,1,0\n2020-02-29,70,1\n2020-03-01,88,3\n", TODAY).unwrap();
    let turned = read_nyt(
        b"\xEF\xBB\xBFdeaths,more, date ,cases\r\n0,x,2020-01-21,1\r\n1,x,2020-02-29,70.0\r\n3,x,\"2020-03-01\",88\r\n",
        TODAY,
    );
    assert_eq!(first.values[&date(2020, 2, 29)], (70, 1));
    assert_eq!(first.rows, 3);
    assert_eq!(turned.unwrap(), first);
}

#[test]
fn source_b_is_the_us_only() {
    let text = "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths\r\n\
        2020-02-09,\"Korea, South\",,35.9,127.7,25,3,0\r\n\
        2020-02-09,US,,40.0,-100.0,11,3,0\r\n\
        2020-02-10,US,,40.0,-100.0,11,,0\r\n\
        2020-02-10,\"Bonaire, \"\"US\"\"\",x,1,1,1,t,0\r\n";
    let JhuReading { reading, archive } = read_jhu(text.as_bytes(), TODAY).unwrap();
    assert_eq!(reading.values, [(date(2020, 2, 9), Some(3)), (date(2020, 2, 10), None)].into());
    assert_eq!(reading.rows, 2);
    let archived = "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths\n\
        2020-02-09,US,,40.0,-100.0,11,3,0\n\
        2020-02-10,US,,40.0,-100.0,11,,0\n";
    assert_eq!(String::from_utf8(archive.clone()).unwrap(), archived);
    assert_eq!(read_jhu(&archive, TODAY).unwrap(), JhuReading { reading, archive });
}

#[test]
fn coordinates_may_be_absent() {
    let text = b"Date,Country/Region,Province/State,Confirmed,Recovered,Deaths\n2021-03-15,US,,29494539,0,535628";
    assert_eq!(read_jhu(text, TODAY).unwrap().reading.values, [(date(2021, 3, 15), Some(0))].into());
}

#[test]
fn each_malformed_value_is_rejected_with_its_place() {
    use RejectReason::{BadDate, BadNumber, FutureDate};
    for (row, reason) in [
        ("2020-02-30,1,1", BadDate),
        ("2020-2-3,1,1", BadDate),
        (",1,1", BadDate),
        ("2021-03-18,1,1", FutureDate),
        ("2020-02-03,t,1", BadNumber),
        ("2020-02-03,-5,1", BadNumber),
        ("2020-02-03,12.5,1", BadNumber),
        ("2020-02-03,,1", BadNumber),
        ("2020-02-03,1,", BadNumber),
        ("2020-02-03,1", BadNumber),
    ] {
        for end in ["\n", "\r\n"] {
            let text = format!("date,cases,deaths{end}2021-03-17,1,1{end}{row}{end}2020-02-05,1,1{end}");
            assert_eq!(nyt_rejects(&text), [(3, reason, row.to_owned())]);
        }
    }
}

#[test]
fn a_row_of_the_us_has_no_province() {
    let text = "Date,Country/Region,Province/State,Recovered\n2020-02-09,US,Guam,1\n2020-02-09,US,,2\n2020-02-10,US,,x\n2020-02-11,US\n";
    let rejects = read_jhu(text.as_bytes(), TODAY).unwrap().reading.rejects.kept;
    let told: Vec<_> = rejects.iter().map(|rejected| (rejected.line, rejected.reason)).collect();
    let expected = [(2, RejectReason::UnexpectedProvince), (4, RejectReason::BadNumber), (5, RejectReason::BadNumber)];
    assert_eq!(told, expected);
}

#[test]
fn a_date_that_is_there_twice_must_say_the_same() {
    use RejectReason::DuplicateConflict;
    let header = "date,cases,deaths\n";
    assert_eq!(nyt_rejects(&format!("{header}2020-02-03,1,1\n2020-02-03,1,1.0\n")), []);
    let text = format!("{header}2020-02-03,1,1\n2020-02-04,1,1\n2020-02-03,2,1\n\n2020-02-03,1,1\n");
    let row = |line, text: &str| (line, DuplicateConflict, text.to_owned());
    assert_eq!(nyt_rejects(&text), [row(2, "2020-02-03,1,1"), row(4, "2020-02-03,2,1"), row(6, "2020-02-03,1,1")]);
    assert_eq!(read_nyt(text.as_bytes(), TODAY).unwrap().values.len(), 1);
}

#[track_caller]
fn refused(body: &[u8]) -> Refused {
    *read_nyt(body, TODAY).unwrap_err()
}

#[test]
fn a_page_of_an_error_is_not_taken_for_figures() {
    let failure = refused(b"<!DOCTYPE html>\n<html><body>Sorry</body></html>\n").failure;
    assert_eq!(failure.error_class, FailureClass::MissingColumn);
    assert_eq!(
        failure.message,
        "source A (New York Times) has no column `date` in line 1, which is `<!DOCTYPE html>`: that is a web page, not CSV"
    );
    let failure = refused(b"date,cases\n2020-01-21,1\n").failure;
    assert_eq!(failure.message, "source A (New York Times) has no column `deaths` in line 1, which is `date,cases`");
}

#[test]
fn a_source_has_rows() {
    for body in ["", "\n\n", "date,cases,deaths\n"] {
        assert_eq!(refused(body.as_bytes()).failure.error_class, FailureClass::NoRows, "{body:?}");
    }
    let abroad = b"Date,Country/Region,Province/State,Recovered\n2020-02-09,France,,1\n";
    assert_eq!(read_jhu(abroad, TODAY).unwrap_err().failure.error_class, FailureClass::NoRows);
}

#[test]
fn a_few_bad_rows_do_no_harm() {
    let text = |good: usize, bad: usize| {
        let mut text = "date,cases,deaths\n".to_owned();
        for day in 0..good {
            writeln!(text, "{},1,1", date(2020, 1, 1) + jiff::Span::new().days(i64::try_from(day).unwrap())).unwrap();
        }
        text + &"2020-01-01,x,1\n".repeat(bad)
    };
    assert!(read_nyt(text(1, 4).as_bytes(), TODAY).is_ok());
    assert!(read_nyt(text(95, 5).as_bytes(), TODAY).is_ok());
    let refused = refused(text(94, 5).as_bytes());
    assert_eq!(refused.failure.error_class, FailureClass::TooManyRejected);
    assert_eq!((refused.rows, refused.rejects.count), (99, 5));
}

#[test]
fn rejected_rows_take_little_room() {
    let long = format!("date,cases,deaths\n{}", format!("{},1,1\n", "é".repeat(5_000)).repeat(1_500));
    let rejects = refused(long.as_bytes()).rejects;
    assert_eq!((rejects.count, rejects.kept.len()), (1_500, MAX_KEPT));
    assert!(rejects.kept.iter().all(|rejected| rejected.text.chars().count() == 200));
    let unclosed = format!("date,cases,deaths\n2020-01-01,1,1\n\"{}", "x,y\n".repeat(100_000));
    assert_eq!(read_nyt(unclosed.as_bytes(), TODAY).unwrap().rejects.count, 1);
}

#[test]
fn a_quote_that_is_never_closed_is_archived_as_it_was_read() {
    let body = b"Date,Country/Region,Province/State,Recovered\n2020-01-22,US,,1\n,\"US";
    let JhuReading { reading, archive } = read_jhu(body, TODAY).unwrap();
    assert_eq!((reading.rows, reading.rejects.count), (2, 1));
    let again = read_jhu(&archive, TODAY).unwrap().reading;
    assert_eq!((again.rows, again.rejects.count, again.values), (2, 1, reading.values));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = (read_nyt(&bytes, TODAY), read_jhu(&bytes, TODAY));
    }

    #[test]
    fn no_rows_panic(text in "(2020-0[1-4]-[0-3][0-9]|US|[0-9]{1,3}|,|\"|\r|\n|é| ){0,60}") {
        let nyt = format!("date,cases,deaths\n{text}");
        if let Ok(reading) = read_nyt(nyt.as_bytes(), TODAY) {
            prop_assert!(reading.rejects.count + reading.values.len() as u64 <= reading.rows);
        }
        let jhu = format!("Date,Country/Region,Province/State,Recovered\n{text}");
        if let Ok(JhuReading { reading, archive }) = read_jhu(jhu.as_bytes(), TODAY) {
            let again = read_jhu(&archive, TODAY).unwrap();
            prop_assert_eq!(again.reading.values, reading.values);
        }
    }
}
