//! Real files of CCHDO give exactly the figures that an independent calculation gave. The files are not part of the
//! repository: without them the tests say so and pass.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::{fs, path::PathBuf};

use data_review::{
    Code, Failure, Finding, Limits, Parameter, Review,
    contract::{FailureKind, FileType, Route, Status},
    identify, review,
};

/// The folder of the files, beside the workspace.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ocean")
}

/// The content of a file; none, with a word about it, if it is not there.
fn content(name: &str) -> Option<Vec<u8>> {
    let path = folder().join(name);
    let content = fs::read(&path).ok();
    if content.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    content
}

fn reviewed(name: &str) -> Option<Review> {
    content(name).map(|content| review(content, &Limits::default()).unwrap())
}

fn parameter<'r>(review: &'r Review, name: &str) -> &'r Parameter {
    review.parameters.iter().find(|parameter| parameter.parameter == name).unwrap()
}

/// Six decimals.
fn mean(review: &Review, name: &str) -> String {
    format!("{:.6}", parameter(review, name).mean.unwrap())
}

fn range(review: &Review, name: &str) -> (f64, f64) {
    let found = parameter(review, name);
    (found.min.unwrap(), found.max.unwrap())
}

fn flags(review: &Review, name: &str) -> Vec<(String, u64)> {
    parameter(review, name).flags.iter().map(|(flag, count)| (flag.clone(), *count)).collect()
}

fn histogram(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(flag, count)| ((*flag).to_owned(), *count)).collect()
}

/// Code, parameter and count of each group.
fn findings(review: &Review) -> Vec<(Code, &str, u64)> {
    review.findings.iter().map(|found| (found.code, found.parameter.as_deref().unwrap_or(""), found.count)).collect()
}

fn finding<'r>(review: &'r Review, code: Code, parameter: &str) -> &'r Finding {
    review.findings.iter().find(|found| found.code == code && found.parameter.as_deref() == Some(parameter)).unwrap()
}

fn dates(review: &Review) -> (u32, u32) {
    (review.summary.date_min.unwrap(), review.summary.date_max.unwrap())
}

/// Name, type, observations, casts, stations, parameters.
const READABLE: [(&str, FileType, u64, u64, u64, u64); 13] = [
    ("33HQ20150809_hy1.csv", FileType::ExchangeBottle, 3193, 126, 62, 34),
    ("33RR20160208_hy1.csv", FileType::ExchangeBottle, 2738, 83, 83, 46),
    ("64PE20050907_hy1.csv", FileType::ExchangeBottle, 6, 3, 3, 11),
    ("a10_33RO20110926_hy1.csv", FileType::ExchangeBottle, 18, 2, 2, 31),
    ("33HQ20150809_ct1.zip", FileType::ExchangeCtdZip, 152_365, 106, 62, 9),
    ("33RR20160208_ct1.zip", FileType::ExchangeCtdZip, 139_804, 83, 83, 11),
    ("i08s_33RR20070204_ct1.zip", FileType::ExchangeCtdZip, 848, 2, 2, 8),
    ("i08s_33RR20070204_nc_ctd.zip", FileType::WhpNetcdfCtdZip, 848, 2, 2, 4),
    ("i08s_33RR20070204_nc_hyd.zip", FileType::WhpNetcdfBottleZip, 2900, 88, 88, 19),
    ("i08s_33RR20070204_00101_ctd.nc", FileType::WhpNetcdfCtd, 221, 1, 1, 4),
    ("i08s_33RR20070204_00001_00001_hy1.nc", FileType::WhpNetcdfBottle, 16, 1, 1, 19),
    ("p03a_00199_00001_hy1.nc", FileType::WhpNetcdfBottle, 36, 1, 1, 18),
    ("cchdo_hydro_test_cf.nc", FileType::CfNetcdf, 135, 17, 17, 7),
];

/// Name and type of files that no handler reads.
const UNSUPPORTED: [(&str, FileType); 3] = [
    ("i08s_33RR20070204ct.zip", FileType::WoceCtdZip),
    ("p01w_1999ahy.txt", FileType::WoceBottleText),
    ("p01w_1999asu.txt", FileType::WoceSummaryText),
];

#[test]
fn every_file_has_its_type_and_its_numbers() {
    for (name, file_type, observations, casts, stations, parameters) in READABLE {
        let Some(review) = reviewed(name) else { continue };
        let found = &review.summary;
        assert_eq!(
            (found.file_type, found.observations, found.casts, found.stations, found.parameter_count),
            (file_type, observations, casts, stations, parameters),
            "{name}"
        );
        assert_eq!(found.rows_rejected, 0, "{name}");
        assert_eq!(review.casts.iter().map(|cast| cast.rows).sum::<u64>(), observations, "{name}");
    }
}

#[test]
fn files_that_no_handler_reads_are_unsupported() {
    for (name, file_type) in UNSUPPORTED {
        let Some(content) = content(name) else { continue };
        let Err(Failure { kind, detected_type, .. }) = review(content, &Limits::default()) else { panic!("{name}") };
        assert_eq!((kind, detected_type), (FailureKind::Unsupported, file_type), "{name}");
    }
}

#[test]
fn the_beginnings_of_the_files_send_them_to_their_handlers() {
    let mut routes = Vec::new();
    let names = READABLE.iter().map(|(name, kind, ..)| (*name, *kind)).chain(UNSUPPORTED);
    for (name, file_type) in names {
        let Some(content) = content(name) else { return };
        let found = identify(&content[..], &Limits::default()).unwrap().unwrap();
        assert_eq!((found.file_type, found.route), (file_type, file_type.route()), "{name}");
        routes.push(found.route);
    }
    let count = |route| routes.iter().filter(|found| **found == route).count();
    assert_eq!(
        [Route::Bottle, Route::Ctd, Route::Netcdf, Route::Unsupported, Route::Unrecognised].map(count),
        [4, 3, 6, 3, 0]
    );
}

#[test]
fn ctd_casts_of_33rr20160208() {
    let Some(review) = reviewed("33RR20160208_ct1.zip") else { return };
    let temperature = parameter(&review, "CTDTMP");
    assert_eq!((temperature.good, temperature.flags["3"]), (139_734, 70));
    assert_eq!(range(&review, "CTDTMP"), (-1.8213, 23.9338));
    assert_eq!(mean(&review, "CTDTMP"), "2.657095");
    assert_eq!(flags(&review, "CTDSAL"), histogram(&[("2", 139_711), ("3", 70), ("7", 23)]));
    let area = review.summary.area.unwrap();
    assert_eq!((area.lat_min, area.lat_max, area.lon_west, area.lon_east), (-66.6027, -28.318, 78.0102, 95.0129));
    assert!(!area.crosses_antimeridian);
    assert_eq!(dates(&review), (20_160_219, 20_160_311));
    assert_eq!((findings(&review), review.summary.status), (vec![], Status::Ok));
}

#[test]
fn ctd_casts_of_33hq20150809() {
    let Some(review) = reviewed("33HQ20150809_ct1.zip") else { return };
    assert_eq!(flags(&review, "CTDOXY"), histogram(&[("1", 454), ("2", 146_097), ("4", 5814)]));
    assert_eq!(mean(&review, "CTDOXY"), "295.840654");
    let area = review.summary.area.unwrap();
    assert_eq!((area.lon_west, area.lon_east, area.crosses_antimeridian), (28.8435, -96.8591, true));
    assert_eq!(dates(&review), (20_150_812, 20_151_007));
    assert_eq!(findings(&review), []);
}

#[test]
fn bottles_of_33hq20150809() {
    let Some(review) = reviewed("33HQ20150809_hy1.csv") else { return };
    let nitrate = parameter(&review, "NITRAT");
    assert_eq!((nitrate.good, nitrate.fill), (3143, 42));
    assert_eq!(mean(&review, "NITRAT"), "9.728463");
    assert_eq!(parameter(&review, "TCARBN").good, 893);
    let area = review.summary.area.unwrap();
    assert_eq!((area.lon_west, area.lon_east, area.crosses_antimeridian), (28.8435, -96.8591, true));
    assert_eq!(dates(&review).1, 20_151_008);
    assert_eq!(
        findings(&review),
        [
            (Code::ValueWithNoDataFlag, "REFTMP", 9),
            (Code::ValueWithNoDataFlag, "SBE35", 9),
            (Code::GrossRange, "CTDSAL", 2),
            (Code::GrossRange, "CTDTMP", 16),
        ]
    );
    let content = String::from_utf8(content("33HQ20150809_hy1.csv").unwrap()).unwrap();
    let cells = |line: u64, columns: [usize; 2]| {
        let line = content.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        columns.map(|column| cells[column].to_owned())
    };
    let names = content.lines().find(|line| line.starts_with("EXPOCODE")).unwrap();
    let column = |name: &str| names.split(',').position(|other| other.trim() == name).unwrap();
    let key = [column("STNNBR"), column("SAMPNO")];
    let salinity: Vec<_> = finding(&review, Code::GrossRange, "CTDSAL")
        .places
        .iter()
        .map(|place| (cells(place.line.unwrap(), key), place.value.clone().unwrap()))
        .collect();
    let expected =
        [("4", "0.4299"), ("14", "0.0000")].map(|(station, value)| ([station.to_owned(), "25".to_owned()], value));
    assert_eq!(salinity.len(), 2);
    for ((key, value), (expected_key, expected_value)) in salinity.iter().zip(expected) {
        assert_eq!(*key, expected_key);
        assert_eq!(value.parse::<f64>().unwrap().to_bits(), expected_value.parse::<f64>().unwrap().to_bits());
    }
    for place in &finding(&review, Code::GrossRange, "CTDTMP").places {
        assert_eq!(cells(place.line.unwrap(), key)[0], "52");
    }
}

#[test]
fn bottles_of_33rr20160208() {
    let Some(review) = reviewed("33RR20160208_hy1.csv") else { return };
    assert_eq!(findings(&review), [(Code::IllegalFlag, "DELC13", 2235), (Code::IllegalFlag, "DELC14", 2235)]);
    assert!(finding(&review, Code::IllegalFlag, "DELC13").places.iter().all(|p| p.flag.as_deref() == Some("-999")));
    assert_eq!(parameter(&review, "DELC13").good, 498);
    assert_eq!(parameter(&review, "DELC13").flags["-999"], 2235);
}

#[test]
fn bottles_of_64pe20050907() {
    let Some(review) = reviewed("64PE20050907_hy1.csv") else { return };
    assert_eq!(range(&review, "CTDPRS"), (7.0, 1997.0));
    assert_eq!((review.summary.pressure_min, review.summary.pressure_max), (Some(7.0), Some(1997.0)));
    assert_eq!(mean(&review, "CTDTMP"), "8.828667");
    assert_eq!(findings(&review), [(Code::BadTime, "TIME", 2), (Code::KeyFromBtlnbr, "BTLNBR", 1)]);
    let places: Vec<_> = finding(&review, Code::BadTime, "TIME")
        .places
        .iter()
        .map(|place| (place.line.unwrap(), place.value.as_deref().unwrap()))
        .collect();
    assert_eq!(places, [(29, "0081"), (30, "0081")]);
}

#[test]
fn bottles_of_a10() {
    let Some(review) = reviewed("a10_33RO20110926_hy1.csv") else { return };
    let oxygen = parameter(&review, "OXYGEN");
    assert_eq!((oxygen.good, oxygen.fill), (15, 3));
    assert_eq!(mean(&review, "OXYGEN"), "219.573333");
    assert_eq!(findings(&review), [(Code::ValueWithNoDataFlag, "CTDOXY", 3)]);
}

#[test]
fn the_same_casts_in_exchange_and_netcdf_agree() {
    for name in ["i08s_33RR20070204_ct1.zip", "i08s_33RR20070204_nc_ctd.zip"] {
        let Some(review) = reviewed(name) else { return };
        let means = ["CTDTMP", "CTDSAL", "CTDOXY"].map(|parameter| mean(&review, parameter));
        assert_eq!(means, ["-0.471382", "34.476978", "268.170991"], "{name}");
        assert_eq!(findings(&review), [(Code::MemberIgnored, "", 2)], "{name}");
        assert_eq!(review.summary.members, 2);
    }
    let Some(review) = reviewed("i08s_33RR20070204_00101_ctd.nc") else { return };
    // The file holds the double after that of -1.8292.
    let (min, max) = range(&review, "CTDTMP");
    assert_eq!((format!("{min:.6}"), format!("{max:.6}")), ("-1.829200".to_owned(), "-0.558000".to_owned()));
    assert_eq!(mean(&review, "CTDTMP"), "-1.598492");
}

#[test]
fn bottles_in_netcdf() {
    let Some(review) = reviewed("i08s_33RR20070204_nc_hyd.zip") else { return };
    assert_eq!(parameter(&review, "SALNTY").good, 2807);
    assert_eq!(mean(&review, "SALNTY"), "34.597693");
    assert_eq!(findings(&review), [(Code::ValueWithNoDataFlag, "ALKALI", 1), (Code::MemberIgnored, "", 1)]);
    let place = &finding(&review, Code::ValueWithNoDataFlag, "ALKALI").places[0];
    assert_eq!(place.value.as_deref(), Some("2347.1"));
    let cast = review.casts.iter().find(|cast| cast.member == place.member).unwrap();
    assert_eq!(cast.station, "38");

    let Some(review) = reviewed("p03a_00199_00001_hy1.nc") else { return };
    assert_eq!((parameter(&review, "SALNTY").good, parameter(&review, "SALNTY").fill), (33, 3));
    assert_eq!(parameter(&review, "CTDOXY").fill, 36);
}

#[test]
fn profiles_of_the_cf_file() {
    let Some(review) = reviewed("cchdo_hydro_test_cf.nc") else { return };
    assert_eq!(mean(&review, "CTDSAL"), "34.630263");
    assert_eq!(range(&review, "CTDPRS"), (1.3, 3026.8));
    assert_eq!(dates(&review), (20_041_114, 20_041_121));
    assert_eq!(review.summary.expocodes, ["33RBGP604_1"]);
}
