//! Defects of netCDF files: samples with single values changed in place.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used)]

use std::{fs, path::PathBuf};

use data_review::{
    Code, Limits, Review,
    contract::{FailureKind, FileType},
    review,
};

fn sample(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean").join(name)).unwrap()
}

/// Replaces the one occurrence of some bytes by as many others.
fn replace(content: &mut [u8], from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> =
        content.windows(from.len()).enumerate().filter(|(_, window)| *window == from).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 1, "{}", from.escape_ascii());
    content[places[0]..places[0] + to.len()].copy_from_slice(to);
}

fn changed(name: &str, changes: &[(&[u8], &[u8])]) -> Review {
    let mut content = sample(name);
    for (from, to) in changes {
        replace(&mut content, from, to);
    }
    review(content, &Limits::default()).unwrap()
}

fn findings(review: &Review) -> Vec<(Code, &str, u64)> {
    review.findings.iter().map(|found| (found.code, found.parameter.as_deref().unwrap_or(""), found.count)).collect()
}

#[test]
fn dates_times_and_positions_are_checked() {
    let review = changed(
        "station_1_hy1.nc",
        &[
            (&20_250_401_i32.to_be_bytes(), &20_250_431_i32.to_be_bytes()),
            (&930_i32.to_be_bytes(), &961_i32.to_be_bytes()),
            (&179.5_f64.to_be_bytes(), &f64::NAN.to_be_bytes()),
            (&10.0_f64.to_be_bytes(), &(-999.0_f64).to_be_bytes()),
        ],
    );
    assert_eq!(
        findings(&review),
        [
            (Code::MissingCoordinate, "LATITUDE", 1),
            (Code::MissingCoordinate, "LONGITUDE", 1),
            (Code::BadDate, "DATE", 1),
            (Code::BadTime, "TIME", 1)
        ]
    );
    assert_eq!((review.summary.area, review.summary.date_min, review.summary.casts), (None, None, 1));
}

#[test]
fn values_and_flags_are_checked() {
    let review = changed(
        "station_1_hy1.nc",
        &[
            (&250.0_f64.to_be_bytes(), &f64::NAN.to_be_bytes()),
            (&249.0_f64.to_be_bytes(), &700.0_f64.to_be_bytes()),
            (&[0, 2, 0, 2, 0, 9, 0, 6], &[0, 2, 0, 2, 0, 3, 0, 11]),
        ],
    );
    assert_eq!(
        findings(&review),
        [
            (Code::NonNumericValue, "OXYGEN", 1),
            (Code::IllegalFlag, "OXYGEN", 1),
            (Code::FillWithValueFlag, "OXYGEN", 1),
            (Code::GrossRange, "OXYGEN", 1)
        ]
    );
    let oxygen = review.parameters.iter().find(|parameter| parameter.parameter == "OXYGEN").unwrap();
    assert_eq!((oxygen.n, oxygen.fill, oxygen.invalid, oxygen.good, oxygen.unit.as_str()), (4, 1, 1, 1, "UMOL/KG"));
    let place = &review.findings[3].places[0];
    assert_eq!((place.level, place.value.as_deref(), place.flag.as_deref()), (Some(2), Some("700"), Some("2")));
}

#[test]
fn keys_and_variables_must_be_there() {
    let review = changed(
        "station_1_hy1.nc",
        &[(b"99SG20250401", b"            "), (b"CTDPRS", b"XTDPRS"), (b"OBS_QC_VARIABLE", b"OBS_QC_VARIABLX")],
    );
    assert_eq!(
        findings(&review),
        [
            (Code::RequiredHeaderMissing, "EXPOCODE", 1),
            (Code::RequiredColumnMissing, "CTDPRS", 1),
            (Code::OrphanFlagColumn, "bottle_oxygen_QC", 1)
        ]
    );
    assert_eq!((review.summary.casts, review.summary.observations), (0, 4));
}

#[test]
fn a_ctd_cast_has_the_flags_of_the_ctd_and_a_pressure_that_rises() {
    let review = changed("cast_00101_ctd.nc", &[(&58.0_f64.to_be_bytes(), &6.0_f64.to_be_bytes())]);
    assert_eq!(findings(&review), [(Code::PressureNotIncreasing, "CTDPRS", 1)]);
}

#[test]
fn another_kind_of_data_is_not_read() {
    let mut content = sample("station_1_hy1.nc");
    replace(&mut content, b"WOCE BOT", b"WOCE XXX");
    let failure = review(content, &Limits::default()).unwrap_err();
    assert_eq!((failure.kind, failure.detected_type), (FailureKind::Unsupported, FileType::OtherNetcdf));
}

#[test]
fn cf_times_positions_and_levels() {
    let review = review(sample("profiles_cf.nc"), &Limits::default()).unwrap();
    assert_eq!(findings(&review), []);
    let casts: Vec<_> =
        review.casts.iter().map(|cast| (cast.station.as_str(), cast.date, cast.time, cast.rows)).collect();
    assert_eq!(casts, [("1", Some(20_250_401), Some(600), 4), ("2", Some(20_250_401), Some(1800), 2)]);
    let oxygen = review.parameters.iter().find(|parameter| parameter.parameter == "OXYGEN").unwrap();
    assert_eq!(
        (oxygen.n, oxygen.fill, oxygen.good, oxygen.mean),
        (6, 1, 4, Some((250.0 + 249.0 + 210.5 + 251.0) / 4.0))
    );

    let review = changed(
        "profiles_cf.nc",
        &[(&27484.25_f64.to_le_bytes(), &f64::NAN.to_le_bytes()), (&11.25_f64.to_le_bytes(), &91.0_f64.to_le_bytes())],
    );
    assert_eq!(findings(&review), [(Code::MissingCoordinate, "LATITUDE", 1), (Code::BadDate, "DATE", 1)]);
    let places: Vec<_> = review.findings.iter().map(|found| found.places[0].profile).collect();
    assert_eq!(places, [Some(2), Some(1)]);
}
