//! The page of genome-pipeline.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use genome_pipeline::contract::{api, limits};

use crate::synthesized::root;

/// All files of the page: name and text.
fn files() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("sites/genome")).unwrap();
    let file =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap());
    entries.map(|entry| file(entry.unwrap())).collect()
}

fn scripts() -> String {
    let is_script = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "js");
    files().into_iter().filter(|(name, _)| is_script(name)).map(|(_, text)| text).collect()
}

/// What stands between `before` and the next quote, everywhere.
fn quoted<'a>(text: &'a str, before: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn nothing_comes_from_elsewhere() {
    for (name, text) in files() {
        assert!(!text.contains("//cdn") && !text.contains("http://") && !text.contains("https://"), "{name}");
        assert!(!text.contains("innerHTML") && !text.contains("style=") && !text.contains("onclick="), "{name}");
    }
}

#[test]
fn scripts_find_the_elements_that_they_name() {
    let page = fs::read_to_string(root().join("sites/genome/index.html")).unwrap();
    let ids = quoted(&page, " id=\"");
    let scripts = scripts();
    for name in quoted(&scripts, "element(\"").iter().chain(&quoted(&scripts, "setText(\"")) {
        assert!(ids.contains(name), "{name}");
    }
    for names in quoted(&page, "aria-describedby=\"").into_iter().chain(quoted(&page, "aria-labelledby=\"")) {
        for name in names.split(' ') {
            assert!(ids.contains(name), "{name}");
        }
    }
    for name in quoted(&page, "<label for=\"") {
        assert!(ids.contains(name), "{name}");
    }
}

#[test]
fn page_and_server_share_paths_and_limits() {
    let scripts = scripts();
    let page = fs::read_to_string(root().join("sites/genome/index.html")).unwrap();
    for path in [api::SUBMIT_ROUTE, api::UPLOAD_ROUTE, "/api/jobs", "/api/results"] {
        assert!(scripts.contains(&format!("\"{path}\"")), "{path}");
    }
    for path in ["/api/jobs", "/api/results"] {
        assert!(api::JOB_ROUTES.iter().any(|route| route.starts_with(&format!("{path}/{{id}}"))), "{path}");
    }
    assert!(scripts.contains(&format!("\"{}\"", api::IDEMPOTENCY_HEADER)));
    assert_eq!(limits::DEFAULT_MAX_SEQUENCE, 20_000);
    assert!(scripts.contains("let limit = 20_000;") && page.contains(">20,000<"));
    assert_eq!(limits::MAX_UPLOAD_BYTES, 5_000_000_000);
    assert!(scripts.contains("MAX_UPLOAD_BYTES = 5_000_000_000;"));
}
