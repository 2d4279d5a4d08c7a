//! Rules of Exchange text, one at a time.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used)]

use data_review::{Code, Limits, Parameter, Review, contract::Status, review};

const NAMES: &str = "EXPOCODE,STNNBR,CASTNO,SAMPNO,DATE,TIME,LATITUDE,LONGITUDE,CTDPRS,OXYGEN,OXYGEN_FLAG_W";
const UNITS: &str = ",,,,,,,,DBAR,UMOL/KG,";

fn reviewed(text: &str) -> Review {
    review(text.as_bytes().to_vec(), &Limits::default()).unwrap()
}

/// Bottle rows with the usual columns.
fn bottles(rows: &[&str]) -> Review {
    reviewed(&format!("BOTTLE,20250402X\n{NAMES}\n{UNITS}\n{}\nEND_DATA\n", rows.join("\n")))
}

/// A cast with these rows and flags for its temperature.
fn cast(rows: &[&str]) -> Review {
    reviewed(&format!("{HEADERS}CTDPRS,CTDTMP,CTDTMP_FLAG_W\nDBAR,ITS-90,\n{}\nEND_DATA\n", rows.join("\n")))
}

const HEADERS: &str = "CTD,20250402X\nNUMBER_HEADERS = 8\nEXPOCODE = X\nSTNNBR = 1\nCASTNO = 1\nDATE = 20250401\n\
                       LATITUDE = 10\nLONGITUDE = 200.5\nINSTRUMENT_ID = a, b = c\n";

fn findings(review: &Review) -> Vec<(Code, &str, u64)> {
    review.findings.iter().map(|found| (found.code, found.parameter.as_deref().unwrap_or(""), found.count)).collect()
}

fn parameter<'r>(review: &'r Review, name: &str) -> &'r Parameter {
    review.parameters.iter().find(|parameter| parameter.parameter == name).unwrap()
}

#[test]
fn comments_padding_and_what_follows_the_end_do_not_matter() {
    let text = format!(
        "BOTTLE,20250402X\n# one, two = three\n  # four\n {NAMES} \n{UNITS}\n X , 1,1 , 1,20250401,  930, 10.0,20.0, 5.0 ,250.0, 2\n  END_DATA  \nX,1\nBOTTLE,\n"
    );
    let review = reviewed(&text);
    assert_eq!((findings(&review), review.summary.observations), (vec![], 1));
    assert_eq!(review.casts[0].time, Some(930));
    assert_eq!(parameter(&review, "OXYGEN").mean, Some(250.0));
}

#[test]
fn flags_and_values_must_agree() {
    // No-data flags of samples are 1, 5 and 9; 0 says nothing, and 8 is legal.
    let rows: Vec<String> = [("250", 0), ("-999", 0), ("250", 1), ("-999", 1), ("250", 5), ("-999", 8), ("250", 8)]
        .iter()
        .enumerate()
        .map(|(sample, (value, flag))| format!("X,1,1,{sample},20250401,930,10,20,5,{value},{flag}"))
        .collect();
    let review = bottles(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(findings(&review), [(Code::FillWithValueFlag, "OXYGEN", 1), (Code::ValueWithNoDataFlag, "OXYGEN", 2)]);
    assert_eq!((parameter(&review, "OXYGEN").good, parameter(&review, "OXYGEN").fill), (0, 3));

    // Those of the CTD are 5 and 9, and 8 is not legal.
    let review = cast(&["1,5.0,1", "2,-999,1", "3,5.0,5", "4,5.0,8", "5,-999,9", "6,5.0,2"]);
    assert_eq!(
        findings(&review),
        [
            (Code::IllegalFlag, "CTDTMP", 1),
            (Code::FillWithValueFlag, "CTDTMP", 1),
            (Code::ValueWithNoDataFlag, "CTDTMP", 1)
        ]
    );
}

#[test]
fn a_blank_flag_is_not_legal() {
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,"]);
    assert_eq!(findings(&review), [(Code::IllegalFlag, "OXYGEN", 1)]);
    assert_eq!(parameter(&review, "OXYGEN").flags["blank"], 1);
}

#[test]
fn the_same_number_in_other_digits_does_not_vary() {
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,2", "X,1,1,2,20250401,0930,10.00,20.0,6,250,2"]);
    assert_eq!(findings(&review), []);
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,2", "X,1,1,2,20250401,931,10.01,20.0,6,250,2"]);
    assert_eq!(
        findings(&review),
        [(Code::ProfileMetadataVaries, "LATITUDE", 1), (Code::ProfileMetadataVaries, "TIME", 1)]
    );
}

#[test]
fn a_row_without_a_cast_counts_and_belongs_to_none() {
    let review = bottles(&["X,,1,1,20250401,930,10,20,5,250,2", "X,1,-999,1,20250401,930,10,20,5,250,2"]);
    assert_eq!(findings(&review), [(Code::MissingKey, "CASTNO", 1), (Code::MissingKey, "STNNBR", 1)]);
    assert_eq!((review.summary.observations, review.summary.casts), (2, 0));
    assert_eq!(review.summary.expocodes, ["X"]);
}

#[test]
fn keys_are_compared_as_texts() {
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,2", "X,01,1,1,20250401,930,10,20,5,250,2"]);
    assert_eq!((findings(&review), review.summary.casts, review.summary.stations), (vec![], 2, 2));
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,2", "X,1,1, 1,20250401,930,10,20,5,250,2"]);
    assert_eq!(findings(&review), [(Code::DuplicateKey, "", 1)]);
}

#[test]
fn headers_of_a_cast_are_counted_with_their_number() {
    let review = cast(&["1,5.0,2", "2,5.5,2"]);
    assert_eq!((findings(&review), review.summary.status), (vec![], Status::Ok));
    let place = &review.casts[0];
    assert_eq!((place.longitude, place.time, place.rows), (Some(-159.5), None, 2));
    assert_eq!((place.pressure_min, place.pressure_max), (Some(1.0), Some(2.0)));

    let without = HEADERS.replace("NUMBER_HEADERS = 8\n", "");
    let review = reviewed(&format!("{without}CTDPRS\nDBAR\n1\nEND_DATA\n"));
    assert_eq!(findings(&review), [(Code::RequiredHeaderMissing, "NUMBER_HEADERS", 1)]);
    let wrong = HEADERS.replace("= 8", "= eight");
    let review = reviewed(&format!("{wrong}CTDPRS\nDBAR\n1\nEND_DATA\n"));
    assert_eq!(findings(&review), [(Code::NumberHeadersMismatch, "", 1)]);
    assert_eq!(review.findings[0].places[0].value.as_deref(), Some("eight, and there are 8"));
}

#[test]
fn a_text_that_ends_anywhere_is_told_to() {
    let all_missing = ["CASTNO", "DATE", "EXPOCODE", "LATITUDE", "LONGITUDE", "STNNBR"];
    let review = reviewed("CTD");
    let missing: Vec<_> = findings(&review)
        .into_iter()
        .filter(|(code, name, _)| *code == Code::RequiredHeaderMissing && *name != "NUMBER_HEADERS")
        .map(|(_, name, _)| name)
        .collect();
    assert_eq!(missing, all_missing);
    let codes: Vec<_> = review.findings.iter().map(|found| found.code).collect();
    assert!(codes.contains(&Code::EndDataMissing) && codes.contains(&Code::NoRows));

    let review = reviewed(&format!("BOTTLE\n{NAMES}"));
    assert_eq!(
        findings(&review),
        [(Code::EndDataMissing, "", 1), (Code::UnitCountMismatch, "", 1), (Code::NoRows, "", 1)]
    );
    let review = reviewed(&format!("BOTTLE\n{NAMES}\nEND_DATA\n"));
    assert_eq!(findings(&review), [(Code::UnitCountMismatch, "", 1), (Code::NoRows, "", 1)]);
}

#[test]
fn good_values_outside_of_the_sea_are_told_and_bad_ones_are_not() {
    let review = cast(&["1,41.0,2", "2,41.0,4", "3,-2.5,2", "4,40,6"]);
    assert_eq!(findings(&review), [(Code::GrossRange, "CTDTMP", 1)]);
    let place = &review.findings[0].places[0];
    assert_eq!((place.line, place.value.as_deref(), place.flag.as_deref()), (Some(12), Some("41.0"), Some("2")));
}

#[test]
fn a_pressure_must_rise() {
    let review = cast(&["1,5,2", "1,5,2", "3,5,2", "-999,5,2", "2,5,2", "4,5,2"]);
    assert_eq!(findings(&review), [(Code::PressureNotIncreasing, "CTDPRS", 2)]);
    let review = bottles(&["X,1,1,1,20250401,930,10,20,9,250,2", "X,1,1,2,20250401,930,10,20,5,250,2"]);
    assert_eq!(findings(&review), []);
}

#[test]
fn a_summary_is_json_under_the_names_of_the_table() {
    let review = bottles(&["X,1,1,1,20250401,930,10,20,5,250,2"]);
    assert_eq!(
        serde_json::to_value(&review.summary).unwrap(),
        serde_json::json!({
            "file_type": "exchange_bottle", "status": "ok", "expocodes": ["X"], "sections": [], "casts": 1, "stations": 1,
            "observations": 1, "rows_rejected": 0, "members": 1, "date_min": 20_250_401, "date_max": 20_250_401,
            "lat_min": 10.0, "lat_max": 10.0, "lon_west": 20.0, "lon_east": 20.0, "crosses_antimeridian": false,
            "pressure_min": 5.0, "pressure_max": 5.0, "parameter_count": 2,
            "finding_counts": {"error": 0, "warning": 0, "info": 0},
        })
    );
}
