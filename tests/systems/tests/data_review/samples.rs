//! The samples that the stack uploads.

use std::fs;

use system_tests::workspace;

use crate::system::{details, findings, system};

const PREFIX: &str = "test_data/ocean/";

/// Name, kind, status, observations, casts, groups of findings.
const READABLE: [(&str, &str, &str, u64, u64, usize); 16] = [
    ("bottle_bytes_hy1.csv", "exchange_bottle", "warnings", 8, 2, 4),
    ("bottle_cells_hy1.csv", "exchange_bottle", "errors", 8, 1, 12),
    ("bottle_columns_hy1.csv", "exchange_bottle", "errors", 1, 1, 9),
    ("bottle_defects_hy1.csv", "exchange_bottle", "errors", 4, 1, 6),
    ("bottle_good_hy1.csv", "exchange_bottle", "ok", 8, 2, 0),
    ("bottle_no_rows_hy1.csv", "exchange_bottle", "errors", 0, 0, 1),
    ("bottles_hy1.zip", "exchange_bottle_zip", "ok", 8, 2, 0),
    ("cast_00101_ct1.csv", "exchange_ctd", "ok", 31, 1, 0),
    ("cast_00101_ctd.nc", "whp_netcdf_ctd", "ok", 31, 1, 0),
    ("cast_defects_ct1.csv", "exchange_ctd", "errors", 11, 0, 5),
    ("casts_ct1.zip", "exchange_ctd_zip", "ok", 52, 2, 1),
    ("casts_defects_ct1.zip", "exchange_ctd_zip", "errors", 33, 2, 6),
    ("casts_nc_ctd.zip", "whp_netcdf_ctd_zip", "ok", 52, 2, 0),
    ("profiles_cf.nc", "cf_netcdf", "ok", 6, 2, 0),
    ("station_1_hy1.nc", "whp_netcdf_bottle", "ok", 4, 1, 0),
    ("stations_nc_hyd.zip", "whp_netcdf_bottle_zip", "ok", 8, 2, 0),
];

/// Name, kind, kind of failure, where it was found out.
const FAILING: [(&str, &str, &str, &str); 15] = [
    ("station_hy.txt", "woce_bottle_text", "unsupported", "identification"),
    ("cast_00101.ctd", "woce_ctd_text", "unsupported", "identification"),
    ("casts_ct.zip", "woce_ctd_zip", "unsupported", "identification"),
    ("stations_su.txt", "woce_summary_text", "unsupported", "identification"),
    ("sections.mat", "matlab5", "unsupported", "identification"),
    ("cast.cnv", "seabird_cnv", "unsupported", "identification"),
    ("report.pdf", "pdf", "unsupported", "identification"),
    ("bottle_good_hy1.csv.gz", "gzip", "unsupported", "identification"),
    ("inventory.xlsx", "office_document", "unsupported", "identification"),
    ("tides.nc", "other_netcdf", "unsupported", "review"),
    ("fuel log +1.csv", "unknown", "unrecognised", "identification"),
    ("nothing_hy1.csv", "unknown", "empty", "identification"),
    ("truncated_ct1.zip", "unknown", "unreadable", "identification"),
    ("truncated_ctd.nc", "whp_netcdf_ctd", "unreadable", "review"),
    ("bomb_ct1.zip", "unknown", "too_large", "identification"),
];

#[test]
fn every_sample_has_its_rows() {
    let system = system();
    for (name, kind, status, observations, casts, groups) in READABLE {
        let key = format!("{PREFIX}{name}");
        let rows = system.summarised(&key, &system.version(&key));
        let summary = &rows["SUMMARY"];
        let found = (&summary["file_type"], &summary["status"], &summary["observations"], &summary["casts"]);
        let expected = (&kind.into(), &status.into(), &observations.into(), &casts.into());
        assert_eq!(found, expected, "{name}");
        assert_eq!(findings(&rows).len(), groups, "{name}");
        assert_eq!(details(&rows, "C#").count() as u64, casts, "{name}");
        assert_eq!(details(&rows, "P#").count() as u64, summary["parameter_count"].as_u64().unwrap(), "{name}");
        assert!(system.failures(&key).is_empty(), "{name}");
    }
    for (name, kind, failure, stage) in FAILING {
        let key = format!("{PREFIX}{name}");
        let row = system.failure(&key);
        let found = (&row["detected_type"], &row["kind"], &row["open"], &row["resolved"]);
        assert_eq!(found, (&kind.into(), &failure.into(), &"1".into(), &false.into()), "{name}");
        assert_eq!(row["failure_id"], format!("{}#{stage}#{failure}", system.version(&key)), "{name}");
        // The local AWS tells functions no name of their log group.
        for attribute in ["message", "first_seen", "last_seen", "etag", "request_id", "function", "log_stream"] {
            assert!(row[attribute].as_str().is_some_and(|text| !text.is_empty()), "{name}: {attribute}: {row}");
        }
        assert!(system.stats(&key).is_empty(), "{name}");
    }
    let files = fs::read_dir(workspace().join(PREFIX)).unwrap().count();
    assert_eq!(files, READABLE.len() + FAILING.len());
    // What is known is skipped, and what a person forces is looked at again without a change.
    let count = files as u64;
    let report = system.sweep(PREFIX);
    assert_eq!(
        (&report["listed"], &report["skipped"], &report["complete"]),
        (&count.into(), &count.into(), &true.into())
    );
}
