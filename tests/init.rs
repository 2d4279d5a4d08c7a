//! A new app compiles, passes its own tests, and synthesizes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The workspace, whose versions of dependencies the new app takes: nothing is fetched.
const WORKSPACE: &str = env!("CARGO_MANIFEST_DIR");

/// A folder outside of any package, removed with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("stackgen-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn init(folder: &Path, arguments: &[&str]) -> Output {
    let program = trycmd::cargo::compile_example("cli-app", ["--package=stackgen"]);
    let trycmd::schema::Bin::Path(program) = program else { panic!("no program: {program:?}") };
    let mut command = Command::new(program);
    command.current_dir(folder).arg("init").args(arguments).env("NO_COLOR", "1").output().expect("started")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs Cargo in the new app, with the target folder of these tests, and gives what it printed.
fn cargo(app: &Path, arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is below the target folder");
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).current_dir(app).env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    let output = command.output().expect("started");
    assert!(output.status.success(), "cargo {arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_new_app_compiles_and_synthesizes() {
    let folder = Folder::new("init");
    let output = init(&folder.0, &["--library", WORKSPACE, "two-words"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("next: cd two-words && cargo run"), "{}", text(&output.stderr));
    let app = folder.0.join("two-words");
    fs::copy(Path::new(WORKSPACE).join("Cargo.lock"), app.join("Cargo.lock")).expect("copied");

    cargo(&app, &["fmt", "--all", "--check"]);
    let template = cargo(&app, &["run", "--quiet", "--no-default-features", "--", "synth", "--stdout", "two-words"]);
    for part in [r#""GREETING": "Hello""#, r#""Handler": "bootstrap""#, r#""Runtime": "provided.al2023""#] {
        assert!(template.contains(part), "{part}: {template}");
    }
    let tests = cargo(&app, &["test", "--package", "two-words-handlers", "--features", "handler"]);
    assert!(tests.contains("1 passed"), "{tests}");

    // What is there is not touched, and nothing is added to it.
    fs::remove_file(app.join("README.md")).expect("removed");
    let before = fs::read_to_string(app.join("Cargo.toml")).expect("read");
    let again = init(&folder.0, &["--library", WORKSPACE, "two-words"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("`two-words/Cargo.toml` is there already"), "{}", text(&again.stderr));
    assert!(!app.join("README.md").exists());
    assert_eq!(fs::read_to_string(app.join("Cargo.toml")).expect("read"), before);
}

#[test]
fn names_and_libraries_that_cannot_be_are_refused() {
    let folder = Folder::new("init-refused");
    for (arguments, told) in [
        (vec!["Two Words"], "error: `Two Words` cannot be the name of an app"),
        (vec!["--name", "fn", "app"], "error: `fn` cannot be the name of an app"),
        (vec!["--library", ".", "app"], "error: `.` is no copy of the library"),
    ] {
        let output = init(&folder.0, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).starts_with(told), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read_dir(&folder.0).expect("read").count(), 0);

    // Elsewhere than in the workspace of the library, its repository is meant.
    let output = init(&folder.0, &["--name", "photos", "."]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let manifest = fs::read_to_string(folder.0.join("Cargo.toml")).expect("read");
    assert!(manifest.contains(&format!("stackgen = {{ git = \"{}\"", env!("CARGO_PKG_REPOSITORY"))), "{manifest}");
}
