//! Real builds of small workspaces, and what goes wrong in them.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod programs;
mod sites;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::assets::tests::Folder;
use crate::assets::{Asset, AssetHasher, AssetSource};

/// Options for a quick build within `folder`, whatever the environment says.
fn quick(folder: &Folder) -> BuildOptions {
    BuildOptions { profile: "dev".to_owned(), target: Some(folder.path().join("target")), ..BuildOptions::default() }
}

fn builder(folder: &Folder) -> AssetBuilder {
    AssetBuilder::new(folder.path()).options(quick(folder))
}

fn assets(folder: &Folder, sources: impl IntoIterator<Item = AssetSource>) -> Vec<Asset> {
    let mut hasher = AssetHasher::new(folder.path());
    sources.into_iter().map(|source| hasher.asset(source).unwrap()).collect()
}

/// Builds, and gives the files by the keys of their objects, and what was told.
fn build(builder: &AssetBuilder, assets: &[Asset]) -> (BTreeMap<String, PathBuf>, Vec<BuildEvent>) {
    let mut events = Vec::new();
    match builder.build(assets, &mut |event| events.push(event)) {
        Ok(built) => {
            let objects = built.into_iter().flat_map(|asset| asset.objects);
            (objects.map(|object| (object.key, object.path)).collect(), events)
        }
        Err(error) => panic!("{error}\n{:?}\n{events:#?}", error.source().map(ToString::to_string)),
    }
}

fn failure(builder: &AssetBuilder, assets: &[Asset]) -> BuildError {
    builder.build(assets, &mut |_| {}).unwrap_err()
}

fn cause(error: &BuildError) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

/// The files of a zip, with modes and contents.
fn unzipped(path: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.push((file.name().to_owned(), file.unix_mode().unwrap() & 0o777, content));
    }
    files
}

/// A script that stands for a tool.
#[cfg(unix)]
fn script(folder: &Folder, name: &str, content: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    folder.write(name, &format!("#!/bin/sh\n{content}\n"));
    fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

/// An executable file of this machine. It is compiled once.
#[cfg(target_os = "linux")]
pub(super) fn compiled_program() -> PathBuf {
    static PROGRAM: std::sync::OnceLock<(Folder, PathBuf)> = std::sync::OnceLock::new();
    let (_, program) = PROGRAM.get_or_init(|| {
        let folder = Folder::with(&[("tool.rs", "fn main() { println!(\"works\"); }\n")]);
        let program = folder.path().join("tool");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = std::process::Command::new(rustc);
        command.args(["-C", "strip=symbols", "-o"]).arg(&program).arg(folder.path().join("tool.rs"));
        assert!(command.status().unwrap().success());
        (folder, program)
    });
    program.clone()
}

#[test]
fn folders_become_the_same_zip_wherever_they_lie() {
    let files = [("web/index.html", "<p>"), ("web/img/b.svg", "b"), ("web/img/a.svg", "a")];
    let zips = [0, 1].map(|_| {
        let folder = Folder::with(&files);
        let assets = assets(&folder, [AssetSource::Folder("web".into())]);
        let (objects, events) = build(&builder(&folder), &assets);
        let path = &objects[&assets[0].key()];
        let names: Vec<_> = unzipped(path).into_iter().map(|(name, mode, _)| (name, mode)).collect();
        assert_eq!(names, ["img/a.svg", "img/b.svg", "index.html"].map(|name| (name.to_owned(), 0o644)));
        let bytes = fs::read(path).unwrap();
        assert_eq!(events, [BuildEvent::Packed { key: assets[0].key(), bytes: bytes.len() as u64 }]);
        bytes
    });
    assert_eq!(zips[0], zips[1]);
}

#[test]
fn files_are_shipped_from_where_they_are() {
    let folder = Folder::with(&[("data/a.csv", "1,2\n")]);
    let assets = assets(&folder, [AssetSource::File("data/a.csv".into())]);
    let (objects, events) = build(&builder(&folder), &assets);
    assert_eq!(objects[&assets[0].key()], folder.path().join("data/a.csv"));
    assert_eq!(events, []);
}

#[test]
fn nothing_is_shipped_under_the_key_of_other_sources() {
    let folder = Folder::with(&[("a.csv", "1"), ("web/index.html", "old")]);
    let assets = assets(&folder, [AssetSource::File("a.csv".into()), AssetSource::Folder("web".into())]);
    folder.write("a.csv", "2");
    let error = failure(&builder(&folder), &assets);
    assert_eq!(error.to_string(), "the sources of the file `a.csv` changed since the synthesis");
    assert_eq!(error.hint_text(), Some("run `synth` again"));
    folder.write("a.csv", "1");
    folder.write("web/index.html", "new");
    let error = failure(&builder(&folder), &assets);
    assert_eq!(error.to_string(), "the sources of the folder `web` changed since the synthesis");
}

#[test]
fn copies_of_an_assembly_are_what_is_shipped() {
    use crate::assembly::{Assembly, LoadedAssembly};
    use crate::core::App;

    let folder = Folder::with(&[("Cargo.toml", ""), ("web/index.html", "as synthesized"), ("a.csv", "1")]);
    let mut app = App::new().with_root(folder.path());
    let mut stack = app.stack("web");
    stack.asset(AssetSource::Folder("web".into()));
    stack.asset(AssetSource::File("a.csv".into()));
    let synthesis = app.synthesize();
    let output = folder.path().join("out");
    Assembly::new(&synthesis, folder.path()).unwrap().write(&output).unwrap();
    folder.write("web/index.html", "as it is now");
    fs::remove_file(folder.path().join("a.csv")).unwrap();

    let assembly = LoadedAssembly::read(&output).unwrap();
    let assets: Vec<Asset> = assembly.assets().values().cloned().collect();
    assert_eq!(assets.len(), 2);
    let builder = builder(&folder).of_assembly(&assembly);
    let (objects, _) = build(&builder, &assets);
    let (file, page) = if matches!(assets[0].source, AssetSource::File(_)) { (0, 1) } else { (1, 0) };
    let key = assets[file].key();
    assert_eq!(fs::read(&objects[&key]).unwrap(), b"1");
    assert_eq!(unzipped(&objects[&assets[page].key()]).remove(0).2, b"as synthesized");
    fs::write(output.join("assets").join(&key), "2").unwrap();
    let error = failure(&builder, &assets);
    assert_eq!(error.to_string(), "the copy of the file `a.csv` in the assembly is not what was synthesized");
}
