//! What an assembly holds, and how it replaces an earlier one.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "the names are our own")]

use std::collections::BTreeMap;
use std::fs;

use stackgen_template::read_json;

use super::*;
use crate::assets::tests::Folder;
use crate::core::{App, Environment, RawResource};

/// An app of two stacks, of which `web` depends on `data` and ships a folder and a file.
fn app(folder: &Folder) -> App {
    let mut app = App::new().with_root(folder.path());
    app.set_validation(false);
    app.tag("project", "test");
    let mut data = app.stack("data");
    let topic = data.add("Topic", RawResource::new("AWS::SNS::Topic"));
    data.termination_protection();
    let mut web = app.stack("web");
    web.environment(Environment::new().account("123456789012").region("eu-west-1"));
    let site = web.asset(AssetSource::Folder("site".into()));
    web.asset(AssetSource::File("data.csv".into()));
    web.add("Queue", RawResource::new("AWS::SQS::Queue").set("Site", site.key));
    web.deploy_after(stackgen_template::StackId(0));
    let _ = topic;
    app
}

fn sources() -> Folder {
    Folder::with(&[("site/index.html", "<html>"), ("site/a/b.txt", "b"), ("data.csv", "1,2")])
}

/// All files below a folder, by name.
fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn written(app: App, root: &Folder, directory: &Path) -> Written {
    let synthesis = app.synthesize();
    assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
    Assembly::new(&synthesis, root.path()).unwrap().write(directory).unwrap()
}

#[test]
fn the_folder_holds_templates_manifests_and_assets() {
    let sources = sources();
    let out = Folder::with(&[]);
    written(app(&sources), &sources, out.path());
    let files = files_in(out.path());
    let hashes: Vec<_> = files.keys().filter_map(|name| name.strip_prefix("assets/")).collect();
    assert_eq!(hashes.len(), 3, "{hashes:?}");
    assert_eq!(hashes.iter().filter(|name| name.ends_with("/a/b.txt")).count(), 1);
    assert_eq!(hashes.iter().filter(|name| name.ends_with(".csv") && !name.contains('/')).count(), 1);
    let names: Vec<_> = files.keys().filter(|name| !name.starts_with("assets/")).map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "data.assets.json",
            "data.template.json",
            "manifest.json",
            "stackgen.json",
            "web.assets.json",
            "web.template.json"
        ]
    );
    for (name, content) in files.iter().filter(|(name, _)| name.ends_with(".json")) {
        read_json(std::str::from_utf8(content).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn the_manifest_says_where_stacks_go_and_in_which_order() {
    let sources = sources();
    let out = Folder::with(&[]);
    written(app(&sources), &sources, out.path());
    let manifest = read_json(&fs::read_to_string(out.path().join("manifest.json")).unwrap()).unwrap().value;
    let artifacts = manifest.get("artifacts").unwrap();
    let web = artifacts.get("web").unwrap();
    assert_eq!(web.get("environment").unwrap().as_str(), Some("aws://123456789012/eu-west-1"));
    assert_eq!(web.get("dependencies"), Some(&vec!["data", "web.assets"].into()));
    let data = artifacts.get("data").unwrap();
    assert_eq!(data.get("environment").unwrap().as_str(), Some("aws://unknown-account/unknown-region"));
    let properties = data.get("properties").unwrap();
    assert_eq!(properties.get("terminationProtection").unwrap().as_bool(), Some(true));
    assert_eq!(properties.get("tags").unwrap().get("project").unwrap().as_str(), Some("test"));
}

#[test]
fn the_same_app_gives_the_same_bytes_in_another_folder() {
    let all: Vec<_> = (0..2)
        .map(|_| {
            let (sources, out) = (sources(), Folder::with(&[]));
            written(app(&sources), &sources, out.path());
            files_in(out.path())
        })
        .collect();
    assert_eq!(all[0], all[1]);
}

#[test]
fn files_of_an_earlier_synthesis_go_and_others_stay() {
    let sources = sources();
    let out = Folder::with(&[("notes.txt", "mine")]);
    written(app(&sources), &sources, out.path());
    let mut smaller = App::new();
    smaller.set_validation(false);
    smaller.stack("data").add("Topic", RawResource::new("AWS::SNS::Topic"));
    let written = written(smaller, &sources, out.path());
    assert_eq!(written.removed.len(), 5, "{:?}", written.removed);
    assert!(!out.path().join("assets").exists());
    let names: Vec<_> = files_in(out.path()).into_keys().collect();
    assert_eq!(names, ["data.assets.json", "data.template.json", "manifest.json", "notes.txt", "stackgen.json"]);
}

#[test]
fn a_forged_list_removes_nothing_outside_the_folder() {
    let sources = sources();
    let out = Folder::with(&[
        ("kept.txt", ""),
        ("out/stackgen.json", r#"{"files": ["../kept.txt", "/etc/hostname", "", "gone.txt"]}"#),
        ("out/gone.txt", ""),
    ]);
    let written = written(app(&sources), &sources, &out.path().join("out"));
    assert_eq!(written.removed, ["gone.txt"]);
    assert!(out.path().join("kept.txt").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_with_its_cause() {
    let sources = sources();
    let out = Folder::with(&[("file", "")]);
    let synthesis = app(&sources).synthesize();
    let assembly = Assembly::new(&synthesis, sources.path()).unwrap();
    let error = assembly.write(&out.path().join("file")).unwrap_err();
    assert!(error.to_string().starts_with("cannot write `"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_folder_of_something_else_is_left_as_it_is() {
    let sources = sources();
    for foreign in ["manifest.json", "web.template.json", "stackgen.json"] {
        let out = Folder::with(&[(foreign, "{}")]);
        let assembly = Assembly::new(&app(&sources).synthesize(), sources.path()).unwrap();
        let error = assembly.write(out.path()).unwrap_err();
        assert!(error.to_string().contains("did not write"), "{error}");
        assert!(error.to_string().contains(foreign) && error.hint().is_some(), "{error}");
        assert_eq!(files_in(out.path()), BTreeMap::from([(foreign.to_owned(), b"{}".to_vec())]));
    }
}

#[test]
fn a_synthesis_that_was_stopped_before_its_end_is_finished_by_the_next() {
    let sources = sources();
    let out = Folder::with(&[("web.template.json.new", "{")]);
    written(app(&sources), &sources, out.path());
    fs::remove_file(out.path().join("stackgen.json")).unwrap();
    fs::remove_file(out.path().join("web.assets.json")).unwrap();
    written(app(&sources), &sources, out.path());
    let names: Vec<_> = files_in(out.path()).into_keys().filter(|name| !name.starts_with("assets/")).collect();
    assert_eq!(names.len(), 6, "{names:?}");
}

#[test]
fn syntheses_at_the_same_time_take_turns() {
    let (sources, out) = (sources(), Folder::with(&[]));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    written(app(&sources), &sources, out.path());
                }
            });
        }
    });
    assert!(files_in(out.path()).keys().all(|name| !name.ends_with(".new")));
}

#[test]
fn what_was_written_is_read() {
    let sources = sources();
    let out = Folder::with(&[]);
    written(app(&sources), &sources, out.path());
    let synthesis = app(&sources).synthesize();
    let assembly = LoadedAssembly::read(out.path()).unwrap();
    let names: Vec<_> = assembly.stacks().iter().map(|stack| stack.name.as_str()).collect();
    assert_eq!(names, ["data", "web"]);
    for (read, made) in assembly.stacks().iter().zip(&synthesis.stacks) {
        assert_eq!(read.template, made.template);
        assert_eq!(read.text, made.template.to_json() + "\n");
        assert_eq!(read.dependencies, made.dependencies);
        assert_eq!(read.environment, made.environment);
        assert_eq!(read.termination_protection, made.termination_protection);
        assert_eq!(read.moves, made.moves);
        let made_assets: Vec<_> = made.assets.iter().map(crate::assets::Asset::key).collect();
        assert_eq!(read.assets, made_assets);
        for asset in &made.assets {
            assert_eq!(&assembly.assets()[&asset.key()], asset);
            assert!(assembly.copy_of(asset).unwrap().exists(), "{asset:?}");
        }
    }
    assert_eq!(assembly.stack("web").unwrap().tags["project"], "test");
    assert_eq!(assembly.stack("nope").map(|stack| &stack.name), None);
}

#[test]
fn what_is_no_assembly_is_an_error_that_says_where_and_what_to_do() {
    let good = Folder::with(&[]);
    let sources = sources();
    written(app(&sources), &sources, good.path());
    let manifest = fs::read_to_string(good.path().join(OWN_MANIFEST)).unwrap();
    let error = |text: &str| {
        fs::write(good.path().join(OWN_MANIFEST), text).unwrap();
        let error = LoadedAssembly::read(good.path()).unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("synth")), "{error}");
        error.to_string()
    };
    assert!(error("{").contains(OWN_MANIFEST));
    assert!(error("{}").contains("`version` is missing"));
    assert!(error(&manifest.replace("\"version\": 1", "\"version\": 2")).contains("format"));
    assert!(error(&manifest.replace("data.template.json", "../data.template.json")).contains("leads out"));
    let unordered = manifest.replacen("\"dependencies\": []", "\"dependencies\": [\"web\"]", 1);
    assert!(error(&unordered).contains("`data` comes before `web`"));
    assert!(error(&manifest.replace("\"kind\": \"folder\"", "\"kind\": \"tape\"")).contains("`tape` is no kind"));
    let missing = LoadedAssembly::read(sources.path()).unwrap_err().to_string();
    assert!(missing.contains("is no assembly"), "{missing}");
}

#[test]
fn files_that_did_not_change_are_left_alone() {
    let (sources, out) = (sources(), Folder::with(&[]));
    written(app(&sources), &sources, out.path());
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    let time = |name: &str| fs::metadata(out.path().join(name)).unwrap().modified().unwrap();
    for name in ["data.template.json", "web.template.json"] {
        fs::File::options().append(true).open(out.path().join(name)).unwrap().set_modified(old).unwrap();
    }
    let mut changed = app(&sources);
    changed.stack("data-of-others").add("Topic", RawResource::new("AWS::SNS::Topic"));
    written(changed, &sources, out.path());
    assert_eq!(time("data.template.json"), old);
    fs::write(out.path().join("web.template.json"), "{}").unwrap();
    written(app(&sources), &sources, out.path());
    assert_ne!(time("web.template.json"), old);
    assert_ne!(fs::read(out.path().join("web.template.json")).unwrap(), b"{}");
}
