//! Every file of `test_data/ocean` is what it was made to be, and every defect that there is a name for occurs in one.
#![cfg(feature = "review")]
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::PathBuf};

use data_review::{
    Code, Limits, Place, Review,
    contract::{FailureKind, FileType, Route},
    identify, review,
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../test_data/ocean")
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn reviewed(name: &str) -> Review {
    review(sample(name), &Limits::default()).unwrap()
}

/// Code, parameter and count of a group of findings.
type Group = (Code, &'static str, u64);

/// Name, kind, observations, casts, findings.
const READABLE: [(&str, FileType, u64, u64, &[Group]); 16] = [
    ("bottle_good_hy1.csv", FileType::ExchangeBottle, 8, 2, &[]),
    (
        "bottle_defects_hy1.csv",
        FileType::ExchangeBottle,
        4,
        1,
        &[
            (Code::EndDataMissing, "", 1),
            (Code::IllegalFlag, "OXYGEN", 1),
            (Code::FillWithValueFlag, "OXYGEN", 1),
            (Code::ValueWithNoDataFlag, "OXYGEN", 1),
            (Code::DuplicateKey, "", 1),
            (Code::BadTime, "TIME", 4),
        ],
    ),
    (
        "bottle_cells_hy1.csv",
        FileType::ExchangeBottle,
        8,
        1,
        &[
            (Code::RowWidth, "", 1),
            (Code::NonNumericValue, "CTDTMP", 1),
            (Code::MissingCoordinate, "LATITUDE", 1),
            (Code::MissingKey, "SAMPNO", 1),
            (Code::ProfileMetadataVaries, "DATE", 1),
            (Code::ProfileMetadataVaries, "LATITUDE", 1),
            (Code::ProfileMetadataVaries, "LONGITUDE", 1),
            (Code::ProfileMetadataVaries, "TIME", 1),
            (Code::BadDate, "DATE", 1),
            (Code::BadTime, "TIME", 1),
            (Code::BlankValue, "CTDSAL", 1),
            (Code::GrossRange, "CTDTMP", 1),
        ],
    ),
    (
        "bottle_columns_hy1.csv",
        FileType::ExchangeBottle,
        1,
        1,
        &[
            (Code::RequiredColumnMissing, "CTDPRS", 1),
            (Code::DuplicateColumn, "CTDTMP", 1),
            (Code::EmptyColumnName, "", 1),
            (Code::UnitCountMismatch, "", 1),
            (Code::OrphanFlagColumn, "NITRAT_FLAG_W", 1),
            (Code::IllegalFlag, "BTLNBR", 1),
            (Code::FlagColumnWithUnit, "OXYGEN_FLAG_W", 1),
            (Code::LegacyHeader, "SECT", 1),
            (Code::KeyFromBtlnbr, "BTLNBR", 1),
        ],
    ),
    (
        "bottle_bytes_hy1.csv",
        FileType::ExchangeBottle,
        8,
        2,
        &[(Code::ByteOrderMark, "", 1), (Code::NotUtf8, "", 1), (Code::Crlf, "", 1), (Code::BlankLine, "", 1)],
    ),
    ("bottle_no_rows_hy1.csv", FileType::ExchangeBottle, 0, 0, &[(Code::NoRows, "", 1)]),
    ("bottles_hy1.zip", FileType::ExchangeBottleZip, 8, 2, &[]),
    ("cast_00101_ct1.csv", FileType::ExchangeCtd, 31, 1, &[]),
    (
        "cast_defects_ct1.csv",
        FileType::ExchangeCtd,
        11,
        0,
        &[
            (Code::NumberHeadersMismatch, "", 1),
            (Code::RequiredHeaderMissing, "STNNBR", 1),
            (Code::MissingCoordinate, "LATITUDE", 1),
            (Code::PressureNotIncreasing, "CTDPRS", 1),
            (Code::LegacyHeader, "SECT", 1),
        ],
    ),
    ("casts_ct1.zip", FileType::ExchangeCtdZip, 52, 2, &[(Code::MemberIgnored, "", 1)]),
    (
        "casts_defects_ct1.zip",
        FileType::ExchangeCtdZip,
        33,
        2,
        &[
            (Code::DuplicateKey, "", 1),
            (Code::MemberUnreadable, "", 1),
            (Code::NestedArchive, "", 1),
            (Code::MixedArchive, "", 1),
            (Code::UnitVaries, "CTDTMP", 1),
            (Code::MemberIgnored, "", 1),
        ],
    ),
    ("station_1_hy1.nc", FileType::WhpNetcdfBottle, 4, 1, &[]),
    ("stations_nc_hyd.zip", FileType::WhpNetcdfBottleZip, 8, 2, &[]),
    ("cast_00101_ctd.nc", FileType::WhpNetcdfCtd, 31, 1, &[]),
    ("casts_nc_ctd.zip", FileType::WhpNetcdfCtdZip, 52, 2, &[]),
    ("profiles_cf.nc", FileType::CfNetcdf, 6, 2, &[]),
];

/// Name, kind of file and of failure.
const FAILING: [(&str, FileType, FailureKind); 15] = [
    ("station_hy.txt", FileType::WoceBottleText, FailureKind::Unsupported),
    ("cast_00101.ctd", FileType::WoceCtdText, FailureKind::Unsupported),
    ("casts_ct.zip", FileType::WoceCtdZip, FailureKind::Unsupported),
    ("stations_su.txt", FileType::WoceSummaryText, FailureKind::Unsupported),
    ("sections.mat", FileType::Matlab5, FailureKind::Unsupported),
    ("cast.cnv", FileType::SeabirdCnv, FailureKind::Unsupported),
    ("report.pdf", FileType::Pdf, FailureKind::Unsupported),
    ("bottle_good_hy1.csv.gz", FileType::Gzip, FailureKind::Unsupported),
    ("inventory.xlsx", FileType::OfficeDocument, FailureKind::Unsupported),
    ("tides.nc", FileType::OtherNetcdf, FailureKind::Unsupported),
    ("fuel log +1.csv", FileType::Unknown, FailureKind::Unrecognised),
    ("nothing_hy1.csv", FileType::Unknown, FailureKind::Empty),
    ("truncated_ct1.zip", FileType::Unknown, FailureKind::Unreadable),
    ("truncated_ctd.nc", FileType::WhpNetcdfCtd, FailureKind::Unreadable),
    ("bomb_ct1.zip", FileType::Unknown, FailureKind::TooLarge),
];

#[test]
fn every_file_is_expected_here() {
    let files: BTreeSet<String> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected: BTreeSet<String> =
        READABLE.iter().map(|file| file.0).chain(FAILING.iter().map(|file| file.0)).map(ToOwned::to_owned).collect();
    assert_eq!(files, expected);
}

#[test]
fn readable_files_have_their_findings() {
    for (name, file_type, observations, casts, findings) in READABLE {
        let review = reviewed(name);
        let found: Vec<_> = review
            .findings
            .iter()
            .map(|found| (found.code, found.parameter.as_deref().unwrap_or(""), found.count))
            .collect();
        assert_eq!(found, findings, "{name}");
        let summary = &review.summary;
        assert_eq!(
            (summary.file_type, summary.observations, summary.casts),
            (file_type, observations, casts),
            "{name}"
        );
    }
}

#[test]
fn files_without_a_summary_fail_as_they_should() {
    for (name, file_type, kind) in FAILING {
        let failure = review(sample(name), &Limits::default()).unwrap_err();
        assert_eq!((failure.detected_type, failure.kind), (file_type, kind), "{name}: {failure}");
    }
}

#[test]
fn every_code_and_every_readable_kind_occurs() {
    let codes: BTreeSet<Code> = READABLE.iter().flat_map(|file| file.4).map(|group| group.0).collect();
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !codes.contains(code)).collect();
    assert_eq!(missing, [] as [&Code; 0]);
    for kind in [
        FileType::ExchangeBottle,
        FileType::ExchangeCtd,
        FileType::ExchangeBottleZip,
        FileType::ExchangeCtdZip,
        FileType::WhpNetcdfBottle,
        FileType::WhpNetcdfCtd,
        FileType::WhpNetcdfBottleZip,
        FileType::WhpNetcdfCtdZip,
        FileType::CfNetcdf,
    ] {
        assert!(READABLE.iter().any(|file| file.1 == kind), "{kind:?}");
    }
}

#[test]
fn the_beginning_of_a_file_tells_what_all_of_it_tells() {
    for (name, file_type, ..) in READABLE {
        let found = identify(&sample(name)[..], &Limits::default()).unwrap().unwrap();
        assert_eq!((found.file_type, found.route), (file_type, file_type.route()), "{name}");
    }
    for (name, file_type, kind) in FAILING {
        match (identify(&sample(name)[..], &Limits::default()).unwrap(), kind) {
            (Err(failure), _) => assert_eq!(failure.kind, kind, "{name}"),
            // netCDF is settled by its handler.
            (Ok(found), FailureKind::Unreadable) => assert_eq!(found.route, Route::Netcdf, "{name}"),
            (Ok(found), _) if file_type == FileType::OtherNetcdf => assert_eq!(found.route, Route::Netcdf),
            (Ok(found), _) => assert_eq!((found.file_type, found.route), (file_type, file_type.route()), "{name}"),
        }
    }
}

fn places(name: &str, code: Code, parameter: Option<&str>) -> Vec<Place> {
    let review = reviewed(name);
    review
        .findings
        .into_iter()
        .find(|found| found.code == code && found.parameter.as_deref() == parameter)
        .unwrap()
        .places
}

#[test]
fn places_name_line_value_and_flag() {
    let found = places("bottle_cells_hy1.csv", Code::NonNumericValue, Some("CTDTMP"));
    assert_eq!(found, [Place { line: Some(8), value: Some("n/a".into()), ..Place::default() }]);
    let found = places("bottle_defects_hy1.csv", Code::IllegalFlag, Some("OXYGEN"));
    assert_eq!(
        found,
        [Place { line: Some(6), value: Some("249.5".into()), flag: Some("12".into()), ..Place::default() }]
    );
    let found = places("casts_defects_ct1.zip", Code::UnitVaries, Some("CTDTMP"));
    assert_eq!(
        found,
        [Place {
            member: Some("00201_ct1.csv".into()),
            line: Some(14),
            value: Some("IPTS-68".into()),
            ..Place::default()
        }]
    );
    let found = places("casts_defects_ct1.zip", Code::MemberUnreadable, None);
    assert_eq!(found[0].member.as_deref(), Some("00301_ct1.csv"));
    assert!(found[0].value.as_deref().unwrap().contains("checksum"), "{found:?}");
}

#[test]
fn the_same_cast_in_text_and_netcdf_has_the_same_statistics() {
    let (text, netcdf) = (reviewed("casts_ct1.zip"), reviewed("casts_nc_ctd.zip"));
    let figures = |review: &Review| {
        review
            .parameters
            .iter()
            .map(|p| (p.parameter.clone(), p.unit.clone(), p.n, p.flags.clone(), p.mean))
            .collect::<Vec<_>>()
    };
    assert_eq!(figures(&text), figures(&netcdf));
    assert_eq!(text.summary.area, netcdf.summary.area);
    assert_eq!(text.casts, {
        let mut casts = netcdf.casts;
        for (cast, other) in casts.iter_mut().zip(&text.casts) {
            cast.member.clone_from(&other.member);
        }
        casts
    });
}

#[test]
fn good_bottles_are_the_same_in_bad_bytes_and_in_an_archive() {
    let good = reviewed("bottle_good_hy1.csv");
    assert_eq!(good.parameters, reviewed("bottle_bytes_hy1.csv").parameters);
    assert_eq!(good.parameters, reviewed("bottles_hy1.zip").parameters);
    let area = good.summary.area.unwrap();
    assert_eq!((area.lon_west, area.lon_east, area.crosses_antimeridian), (179.5, -179.75, true));
    let oxygen = good.parameters.iter().find(|parameter| parameter.parameter == "OXYGEN").unwrap();
    assert_eq!((oxygen.n, oxygen.fill, oxygen.good, oxygen.mean), (8, 1, 7, Some(250.0)));
}
