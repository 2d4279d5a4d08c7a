//! Real files of CCHDO. They are not part of the repository.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use system_tests::{sample_data, workspace};

use crate::system::{Rows, System, details, findings, parameter, system};

const PREFIX: &str = "cruise/";

/// Name, kind, observations, casts, stations, parameters.
const READABLE: [(&str, &str, u64, u64, u64, u64); 13] = [
    ("33HQ20150809_hy1.csv", "exchange_bottle", 3_193, 126, 62, 34),
    ("33RR20160208_hy1.csv", "exchange_bottle", 2_738, 83, 83, 46),
    ("64PE20050907_hy1.csv", "exchange_bottle", 6, 3, 3, 11),
    ("a10_33RO20110926_hy1.csv", "exchange_bottle", 18, 2, 2, 31),
    ("33HQ20150809_ct1.zip", "exchange_ctd_zip", 152_365, 106, 62, 9),
    ("33RR20160208_ct1.zip", "exchange_ctd_zip", 139_804, 83, 83, 11),
    ("i08s_33RR20070204_ct1.zip", "exchange_ctd_zip", 848, 2, 2, 8),
    ("i08s_33RR20070204_nc_ctd.zip", "whp_netcdf_ctd_zip", 848, 2, 2, 4),
    ("i08s_33RR20070204_nc_hyd.zip", "whp_netcdf_bottle_zip", 2_900, 88, 88, 19),
    ("i08s_33RR20070204_00101_ctd.nc", "whp_netcdf_ctd", 221, 1, 1, 4),
    ("i08s_33RR20070204_00001_00001_hy1.nc", "whp_netcdf_bottle", 16, 1, 1, 19),
    ("p03a_00199_00001_hy1.nc", "whp_netcdf_bottle", 36, 1, 1, 18),
    ("cchdo_hydro_test_cf.nc", "cf_netcdf", 135, 17, 17, 7),
];

/// Name and kind of files that no handler reads.
const UNSUPPORTED: [(&str, &str); 3] = [
    ("i08s_33RR20070204ct.zip", "woce_ctd_zip"),
    ("p01w_1999ahy.txt", "woce_bottle_text"),
    ("p01w_1999asu.txt", "woce_summary_text"),
];

/// File, parameter, attribute, value; means to six decimals.
const FIGURES: [(&str, &str, &str, &str); 31] = [
    ("33RR20160208_ct1.zip", "CTDTMP", "good", "139734"),
    ("33RR20160208_ct1.zip", "CTDTMP", "min", "-1.8213"),
    ("33RR20160208_ct1.zip", "CTDTMP", "max", "23.9338"),
    ("33RR20160208_ct1.zip", "CTDTMP", "mean", "2.657095"),
    ("33RR20160208_ct1.zip", "CTDSAL", "flags", r#"{"2":139711,"3":70,"7":23}"#),
    ("33HQ20150809_ct1.zip", "CTDOXY", "flags", r#"{"1":454,"2":146097,"4":5814}"#),
    ("33HQ20150809_ct1.zip", "CTDOXY", "mean", "295.840654"),
    ("33HQ20150809_hy1.csv", "NITRAT", "good", "3143"),
    ("33HQ20150809_hy1.csv", "NITRAT", "fill", "42"),
    ("33HQ20150809_hy1.csv", "NITRAT", "mean", "9.728463"),
    ("33HQ20150809_hy1.csv", "TCARBN", "good", "893"),
    ("33RR20160208_hy1.csv", "DELC13", "good", "498"),
    ("64PE20050907_hy1.csv", "CTDPRS", "min", "7.0"),
    ("64PE20050907_hy1.csv", "CTDPRS", "max", "1997.0"),
    ("64PE20050907_hy1.csv", "CTDTMP", "mean", "8.828667"),
    ("a10_33RO20110926_hy1.csv", "OXYGEN", "good", "15"),
    ("a10_33RO20110926_hy1.csv", "OXYGEN", "fill", "3"),
    ("a10_33RO20110926_hy1.csv", "OXYGEN", "mean", "219.573333"),
    ("i08s_33RR20070204_ct1.zip", "CTDTMP", "mean", "-0.471382"),
    ("i08s_33RR20070204_nc_ctd.zip", "CTDTMP", "mean", "-0.471382"),
    ("i08s_33RR20070204_ct1.zip", "CTDSAL", "mean", "34.476978"),
    ("i08s_33RR20070204_nc_ctd.zip", "CTDSAL", "mean", "34.476978"),
    ("i08s_33RR20070204_ct1.zip", "CTDOXY", "mean", "268.170991"),
    ("i08s_33RR20070204_nc_ctd.zip", "CTDOXY", "mean", "268.170991"),
    ("i08s_33RR20070204_00101_ctd.nc", "CTDTMP", "mean", "-1.598492"),
    ("i08s_33RR20070204_nc_hyd.zip", "SALNTY", "good", "2807"),
    ("i08s_33RR20070204_nc_hyd.zip", "SALNTY", "mean", "34.597693"),
    ("p03a_00199_00001_hy1.nc", "SALNTY", "good", "33"),
    ("p03a_00199_00001_hy1.nc", "CTDOXY", "fill", "36"),
    ("cchdo_hydro_test_cf.nc", "CTDSAL", "mean", "34.630263"),
    ("cchdo_hydro_test_cf.nc", "CTDPRS", "max", "3026.8"),
];

/// File, attribute of the summary, value.
const SUMMARIES: [(&str, &str, &str); 16] = [
    ("33RR20160208_ct1.zip", "lat_min", "-66.6027"),
    ("33RR20160208_ct1.zip", "lat_max", "-28.318"),
    ("33RR20160208_ct1.zip", "lon_west", "78.0102"),
    ("33RR20160208_ct1.zip", "lon_east", "95.0129"),
    ("33RR20160208_ct1.zip", "date_min", "20160219"),
    ("33RR20160208_ct1.zip", "date_max", "20160311"),
    ("33HQ20150809_ct1.zip", "lon_west", "28.8435"),
    ("33HQ20150809_ct1.zip", "lon_east", "-96.8591"),
    ("33HQ20150809_ct1.zip", "crosses_antimeridian", "true"),
    ("33HQ20150809_ct1.zip", "date_min", "20150812"),
    ("33HQ20150809_ct1.zip", "date_max", "20151007"),
    ("33HQ20150809_hy1.csv", "date_max", "20151008"),
    ("cchdo_hydro_test_cf.nc", "date_min", "20041114"),
    ("cchdo_hydro_test_cf.nc", "date_max", "20041121"),
    ("cchdo_hydro_test_cf.nc", "pressure_min", "1.3"),
    ("cchdo_hydro_test_cf.nc", "expocodes", r#"["33RBGP604_1"]"#),
];

/// Groups of findings: rule, parameter, count.
type Groups = &'static [(&'static str, &'static str, u64)];

/// File, and all its groups of findings.
const FINDINGS: [(&str, Groups); 10] = [
    ("33RR20160208_ct1.zip", &[]),
    ("33HQ20150809_ct1.zip", &[]),
    (
        "33HQ20150809_hy1.csv",
        &[
            ("value_with_no_data_flag", "REFTMP", 9),
            ("value_with_no_data_flag", "SBE35", 9),
            ("gross_range", "CTDSAL", 2),
            ("gross_range", "CTDTMP", 16),
        ],
    ),
    ("33RR20160208_hy1.csv", &[("illegal_flag", "DELC13", 2_235), ("illegal_flag", "DELC14", 2_235)]),
    ("64PE20050907_hy1.csv", &[("bad_time", "TIME", 2), ("key_from_btlnbr", "BTLNBR", 1)]),
    ("a10_33RO20110926_hy1.csv", &[("value_with_no_data_flag", "CTDOXY", 3)]),
    ("i08s_33RR20070204_ct1.zip", &[("member_ignored", "", 2)]),
    ("i08s_33RR20070204_nc_ctd.zip", &[("member_ignored", "", 2)]),
    ("i08s_33RR20070204_nc_hyd.zip", &[("value_with_no_data_flag", "ALKALI", 1), ("member_ignored", "", 1)]),
    ("i08s_33RR20070204_00101_ctd.nc", &[]),
];

#[test]
fn real_cruises_have_the_listed_figures_by_events_and_by_a_sweep() {
    let Some(folder) = sample_data("ocean") else { return };
    let system = system();
    let names = READABLE.iter().map(|file| file.0).chain(UNSUPPORTED.iter().map(|file| file.0));
    let keys: Vec<String> = names.map(|name| format!("{PREFIX}{name}")).collect();
    for key in &keys {
        system.upload(&folder.join(key.trim_start_matches(PREFIX)), key);
    }
    let by_events = all_rows(system);
    check_figures(&by_events);
    check_with_python(&by_events, &folder);

    let skipped = system.sweep(PREFIX);
    assert_eq!((&skipped["listed"], &skipped["skipped"], &skipped["complete"]), (&16.into(), &16.into(), &true.into()));

    // As if no event had ever come.
    for key in &keys {
        system.forget(key);
    }
    let report = system.sweep(PREFIX);
    let expected = json!({
        "listed": 16, "skipped": 0, "sent_bottle": 4, "sent_ctd": 3, "sent_netcdf": 6, "unsupported": 3, "unrecognised": 0,
        "errors": 0, "complete": true
    });
    assert_eq!(report, expected);
    assert_eq!(all_rows(system), by_events);
}

/// All rows of the cruises, without what depends on when they were written.
fn all_rows(system: &System) -> BTreeMap<String, Rows> {
    let mut all = BTreeMap::new();
    for (name, ..) in READABLE {
        let key = format!("{PREFIX}{name}");
        all.insert(name.to_owned(), system.summarised(&key, &system.version(&key)));
    }
    for (name, kind) in UNSUPPORTED {
        let key = format!("{PREFIX}{name}");
        let rows = system.failed(&key, |rows| !rows.is_empty());
        let row = rows.values().next().unwrap();
        assert_eq!((&row["kind"], &row["detected_type"]), (&"unsupported".into(), &kind.into()), "{name}");
        assert!(system.stats(&key).is_empty(), "{name}");
        all.insert(name.to_owned(), rows);
    }
    for row in all.values_mut().flat_map(BTreeMap::values_mut) {
        for attribute in ["analysed_at", "first_seen", "last_seen", "expires_at", "request_id", "log_stream", "count"] {
            row.as_object_mut().unwrap().remove(attribute);
        }
    }
    all
}

fn check_figures(all: &BTreeMap<String, Rows>) {
    for (name, kind, observations, casts, stations, parameters) in READABLE {
        let rows = &all[name];
        let summary = &rows["SUMMARY"];
        let found = ["file_type", "observations", "casts", "stations", "parameter_count"].map(|it| summary[it].clone());
        let expected = [kind.into(), observations.into(), casts.into(), stations.into(), Value::from(parameters)];
        assert_eq!(found, expected, "{name}");
        assert_eq!(details(rows, "C#").count() as u64, casts, "{name}");
        assert_eq!(details(rows, "P#").count() as u64, parameters, "{name}");
    }
    for (name, of, attribute, expected) in FIGURES {
        let found = &parameter(&all[name], of)[attribute];
        if attribute == "mean" {
            assert_eq!(format!("{:.6}", found.as_f64().unwrap()), expected, "{name}: {of}");
        } else {
            assert!(is_same(found, expected), "{name}: {of} {attribute}: {found}, and not {expected}");
        }
    }
    for (name, attribute, expected) in SUMMARIES {
        let found = &all[name]["SUMMARY"][attribute];
        assert!(is_same(found, expected), "{name}: {attribute}: {found}, and not {expected}");
    }
    for (name, expected) in FINDINGS {
        let found = findings(&all[name]);
        let found: Vec<_> = found.iter().map(|(code, of, count)| (code.as_str(), of.as_str(), *count)).collect();
        assert_eq!(found, expected, "{name}");
    }
}

/// Numbers are the same in any spelling.
fn is_same(found: &Value, expected: &str) -> bool {
    let expected: Value = serde_json::from_str(expected).unwrap();
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => found.total_cmp(&expected).is_eq(),
        _ => *found == expected,
    }
}

/// Has the rows of the tables compared with what Python calculates from the files.
fn check_with_python(all: &BTreeMap<String, Rows>, folder: &Path) {
    let python = env::var_os("STACKGEN_PYTHON").filter(|python| {
        let check = Command::new(python).args(["-c", "import netCDF4, numpy"]).output();
        check.is_ok_and(|check| check.status.success())
    });
    let Some(python) = python else {
        #[expect(clippy::print_stderr, reason = "a part of a test that is left out says so")]
        {
            eprintln!("left out: STACKGEN_PYTHON names no Python with netCDF4 and numpy");
        }
        return;
    };
    let entries: Vec<Value> = READABLE
        .iter()
        .map(|file| {
            let rows = &all[file.0];
            let holders = rows.get("SUMMARY").into_iter().chain(details(rows, "F#"));
            let findings: Vec<&Value> = holders.flat_map(|row| row["findings"].as_array().unwrap()).collect();
            let (parameters, casts) = (details(rows, "P#"), details(rows, "C#"));
            json!({"file": file.0, "review": {
                "summary": rows["SUMMARY"],
                "parameters": parameters.collect::<Vec<_>>(),
                "casts": casts.collect::<Vec<_>>(),
                "findings": findings,
            }})
        })
        .collect();
    let results = Path::new(env!("CARGO_TARGET_TMPDIR")).join("data-review-rows.json");
    fs::write(&results, serde_json::to_string(&entries).unwrap()).unwrap();
    let script = workspace().join("lambdas/data-review/tests/independent/compare.py");
    let output = Command::new(python).arg(script).arg(&results).arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("13 files compared, 0 figures differ"), "{said}");
}
