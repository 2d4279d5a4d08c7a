//! What changes a hash, what does not, and what the errors say.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder that is removed in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = Self(std::env::temp_dir().join(format!("stackgen-test-{}-{number}", std::process::id())));
        fs::create_dir_all(&folder.0).unwrap();
        for (name, content) in files {
            folder.write(name, content);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.0.join(name)).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A workspace of a system with two programs, a library that both share, and a package that neither needs.
fn workspace() -> Folder {
    Folder::with(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = ['crates/*', 'system']\n[workspace.dependencies]\n\
             shared = { path = 'crates/shared' }\nserde = { version = '1', features = ['derive'] }\nunused = '1'\n\
             [workspace.package]\nedition = '2024'\n[profile.release]\nopt-level = 's'\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\
             [[package]]\nname = 'other'\nversion = '0.1.0'\ndependencies = ['unused']\n\
             [[package]]\nname = 'serde'\nversion = '1.0.0'\nsource = 'r'\nchecksum = 'aa'\n\
             [[package]]\nname = 'shared'\nversion = '0.1.0'\ndependencies = ['serde']\n\
             [[package]]\nname = 'system'\nversion = '0.1.0'\ndependencies = ['only-tests', 'shared']\n\
             [[package]]\nname = 'only-tests'\nversion = '1.0.0'\nsource = 'r'\nchecksum = 'bb'\n\
             [[package]]\nname = 'unused'\nversion = '1.0.0'\nsource = 'r'\nchecksum = 'cc'\n",
        ),
        (
            "system/Cargo.toml",
            "[package]\nname = 'system'\nedition.workspace = true\n[dependencies]\nshared.workspace = true\n\
             [dev-dependencies]\nonly-tests = '1'\n",
        ),
        ("system/src/lib.rs", "pub fn work() {}\n"),
        ("system/src/bin/one.rs", "fn main() {}\n"),
        ("system/src/bin/two/main.rs", "mod part;\nfn main() {}\n"),
        ("system/src/bin/two/part.rs", ""),
        ("system/tests/all.rs", ""),
        ("crates/shared/Cargo.toml", "[package]\nname = 'shared'\n[dependencies]\nserde.workspace = true\n"),
        ("crates/shared/src/lib.rs", ""),
        ("crates/other/Cargo.toml", "[package]\nname = 'other'\n[dependencies]\nunused = '1'\n"),
        ("crates/other/src/lib.rs", ""),
    ])
}

fn function(package: &str, binary: &str) -> AssetSource {
    AssetSource::RustFunction { package: package.to_owned(), binary: binary.to_owned() }
}

fn hash(folder: &Folder, source: AssetSource) -> String {
    Asset::of(source, folder.path()).unwrap().hash
}

fn error(folder: &Folder, source: AssetSource) -> AssetError {
    Asset::of(source, folder.path()).unwrap_err()
}

/// Whether the hash of the function `one` changes when a file gets another content.
fn changes(name: &str, content: &str) -> bool {
    let folder = workspace();
    let before = hash(&folder, function("system", "one"));
    folder.write(name, content);
    hash(&folder, function("system", "one")) != before
}

fn replaced(folder: &Folder, name: &str, from: &str, to: &str) -> String {
    let text = fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(text.contains(from), "{name} has no `{from}`");
    text.replace(from, to)
}

fn changes_by(name: &str, from: &str, to: &str) -> bool {
    changes(name, &replaced(&workspace(), name, from, to))
}

#[test]
fn what_is_compiled_changes_the_hash() {
    assert!(changes("system/src/bin/one.rs", "fn main() { work() }"));
    assert!(changes("system/src/lib.rs", "pub fn work() { }"));
    assert!(changes("system/data/table.csv", "1,2"), "a file that may be included");
    assert!(changes("system/build.rs", "fn main() {}"));
    assert!(changes("crates/shared/src/lib.rs", "// new"));
    assert!(changes(".cargo/config.toml", "[build]\nrustflags = ['-C', 'target-cpu=haswell']\n"));
    assert!(changes("rust-toolchain.toml", "[toolchain]\nchannel = '1.95.0'\n"));
    assert!(changes_by("Cargo.toml", "opt-level = 's'", "opt-level = 3"));
    assert!(changes_by("Cargo.toml", "edition = '2024'", "edition = '2021'"));
    assert!(changes_by("Cargo.toml", "['derive']", "[]"));
    assert!(changes_by("Cargo.lock", "checksum = 'aa'", "checksum = 'ab'"));
}

#[test]
fn what_does_not_matter_changes_nothing() {
    assert!(!changes("system/src/bin/two/part.rs", "// another program"));
    assert!(!changes("system/tests/all.rs", "// tests"));
    assert!(!changes("system/target/debug/build.log", "compiled"));
    assert!(!changes("system/.git/HEAD", "ref"));
    assert!(!changes("crates/other/src/lib.rs", "// not needed"));
    assert!(!changes("sites/index.html", "<html>"));
    assert!(!changes(".cargo/config.toml", "[alias]\nx = 'run'\n"));
    assert!(!changes_by("Cargo.toml", "unused = '1'", "unused = '2'"));
    assert!(!changes_by("Cargo.toml", "[workspace]\n", "# why\n[workspace]\n"));
    assert!(!changes_by("Cargo.lock", "checksum = 'cc'", "checksum = 'cd'"));
    assert!(!changes_by("Cargo.lock", "checksum = 'bb'", "checksum = 'bc'"), "tests need it, the program does not");
    assert!(!changes_by("system/Cargo.toml", "only-tests = '1'", "only-tests = '2'"));
}

#[test]
fn programs_that_may_include_files_depend_on_all_of_them() {
    let folder = workspace();
    folder.write("system/src/bin/one.rs", "#[path = \"two/part.rs\"]\nmod part;\nfn main() {}\n");
    let before = hash(&folder, function("system", "one"));
    folder.write("system/src/bin/two/part.rs", "// new");
    assert_ne!(hash(&folder, function("system", "one")), before);
}

#[test]
fn program_architecture_and_kind_make_different_assets() {
    let folder = workspace();
    let binary =
        |architecture| AssetSource::RustBinary { package: "system".into(), binary: "one".into(), architecture };
    let mut hasher = AssetHasher::new(folder.path());
    let mut found: Vec<String> = [
        function("system", "one"),
        function("system", "two"),
        binary(Architecture::X86_64),
        binary(Architecture::Arm64),
    ]
    .into_iter()
    .map(|source| hasher.asset(source).unwrap().hash)
    .collect();
    hasher.set_architecture(Architecture::Arm64);
    let arm = hasher.asset(function("system", "one")).unwrap();
    assert_eq!(arm.architecture, Some(Architecture::Arm64));
    found.push(arm.hash);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 5);
}

#[test]
fn the_place_of_the_workspace_does_not_matter() {
    assert_eq!(hash(&workspace(), function("system", "two")), hash(&workspace(), function("system", "two")));
}

#[test]
fn packages_that_are_missing_are_errors_that_help() {
    let folder = workspace();
    let typo = error(&folder, function("sytem", "one"));
    assert_eq!(typo.to_string(), "the workspace has no package `sytem`");
    assert_eq!(typo.hint(), Some("did you mean `system`?"));
    let unknown = error(&folder, function("weather", "one"));
    assert_eq!(unknown.hint(), Some("its packages are `other`, `shared`, `system`"));
    folder.remove("Cargo.lock");
    let unlocked = error(&folder, function("system", "one"));
    assert!(unlocked.to_string().contains("Cargo.lock"), "{unlocked}");
    assert!(unlocked.hint().unwrap().contains("cargo generate-lockfile"));
}

#[test]
fn a_package_that_is_not_locked_yet_is_an_error() {
    let folder = workspace();
    folder.write("crates/new/Cargo.toml", "[package]\nname = 'new'\n");
    let error = error(&folder, function("new", "new"));
    assert_eq!(error.to_string(), "`Cargo.lock` does not know the package `new`");
}

#[test]
fn folders_are_known_by_names_and_contents() {
    let folder = Folder::with(&[("site/index.html", "a"), ("site/img/x.svg", "b"), ("site/.well-known/key", "c")]);
    let source = || AssetSource::Folder("site".into());
    let before = hash(&folder, source());
    folder.write("site/.DS_Store", "of the desktop");
    assert_eq!(hash(&folder, source()), before);
    folder.write("site/.well-known/key", "d");
    let changed = hash(&folder, source());
    assert_ne!(changed, before);
    folder.remove("site/img/x.svg");
    folder.write("site/img/y.svg", "b");
    assert_ne!(hash(&folder, source()), changed);
}

#[test]
fn files_are_known_by_their_content_only() {
    let folder = Folder::with(&[("a.csv", "1"), ("b.csv", "1"), ("c", "1")]);
    let asset = |name: &str| Asset::of(AssetSource::File(name.into()), folder.path()).unwrap();
    assert_eq!(asset("a.csv").hash, asset("b.csv").hash);
    assert_eq!(asset("a.csv").key(), format!("{}.csv", asset("a.csv").hash));
    assert_eq!(asset("c").key(), asset("c").hash);
}

#[test]
fn a_site_does_not_depend_on_what_it_builds_or_installs() {
    let folder = Folder::with(&[("web/package.json", "{}"), ("web/src/main.ts", "a")]);
    let site = |command: &str| AssetSource::Site {
        folder: "web".into(),
        output: "dist".into(),
        command: vec!["npm".to_owned(), command.to_owned()],
    };
    let before = hash(&folder, site("build"));
    folder.write("web/node_modules/x/index.js", "x");
    folder.write("web/dist/index.html", "x");
    assert_eq!(hash(&folder, site("build")), before);
    assert_ne!(hash(&folder, site("bundle")), before);
    folder.write("web/src/main.ts", "b");
    assert_ne!(hash(&folder, site("build")), before);
}

#[test]
fn paths_that_are_wrong_are_errors_that_help() {
    let folder = Folder::with(&[("samples/a.csv", "1")]);
    folder.write("empty/.DS_Store", "");
    let missing = error(&folder, AssetSource::Folder("sample".into()));
    assert_eq!(missing.to_string(), "cannot read `sample`");
    assert_eq!(missing.hint(), Some("did you mean `samples`?"));
    let file = error(&folder, AssetSource::Folder("samples/a.csv".into()));
    assert_eq!(file.to_string(), "`samples/a.csv` is a file, not a folder");
    let directory = error(&folder, AssetSource::File("samples".into()));
    assert_eq!(directory.to_string(), "`samples` is a folder, not a file");
    let empty = error(&folder, AssetSource::Folder("empty".into()));
    assert_eq!(empty.to_string(), "the folder `empty` holds no file to ship");
}

#[cfg(unix)]
#[test]
fn links_stay_in_the_folder_and_lead_to_an_end() {
    use std::os::unix::fs::symlink;

    let folder = Folder::with(&[("in/a.txt", "1"), ("secret.txt", "2")]);
    let source = || AssetSource::Folder("in".into());
    symlink("a.txt", folder.path().join("in/b.txt")).unwrap();
    assert!(Asset::of(source(), folder.path()).is_ok());
    symlink("../secret.txt", folder.path().join("in/out.txt")).unwrap();
    assert!(error(&folder, source()).to_string().ends_with("leads out of the folder that is shipped"));
    folder.remove("in/out.txt");
    symlink(".", folder.path().join("in/again")).unwrap();
    assert!(error(&folder, source()).to_string().ends_with("leads back to a folder around it"));
}

#[test]
fn hashing_needs_the_sources_once() {
    let folder = workspace();
    let mut hasher = AssetHasher::new(folder.path());
    let first = hasher.asset(function("system", "one")).unwrap();
    folder.remove("Cargo.toml");
    assert_eq!(hasher.asset(function("system", "one")).unwrap(), first);
}
