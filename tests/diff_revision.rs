//! The templates of a revision: checked out apart, built, and asked.

#![expect(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use stackgen::diff::{Action, Revision, diff, read_stacks};

/// An app without dependencies that writes an assembly of one queue. A first argument that is a number is its timeout.
const APP: &str = r##"
use std::{env, fs};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let at = arguments.iter().position(|argument| argument == "--output").expect("a folder is named") + 1;
    let folder = &arguments[at];
    fs::create_dir_all(folder).unwrap();
    let timeout = if arguments[0] == "--quiet" { "TIMEOUT" } else { &arguments[0] };
    let template = format!(r#"{{"Resources": {{"Q": {{"Type": "AWS::SQS::Queue", "Properties": {{"VisibilityTimeout": {timeout}}}}}}}}}"#);
    fs::write(format!("{folder}/s.template.json"), template).unwrap();
    fs::write(format!("{folder}/stackgen.json"), r#"{"version": 1, "assets": [], "files": [], "stacks": [{"name": "s",
        "template": "s.template.json", "dependencies": [], "terminationProtection": false, "tags": {}, "moves": [],
        "assets": []}]}"#).unwrap();
}
"##;

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=test", "-c", "user.email=test@example.com"]).args(arguments);
    let output = command.env_remove("GIT_DIR").env_remove("GIT_INDEX_FILE").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_revision_gives_its_own_templates_and_leaves_the_repository_alone() {
    let folder = Folder(std::env::temp_dir().join(format!("stackgen-revision-{}", std::process::id())));
    // The app is in a folder of the repository, not at its top.
    let app = folder.0.join("infrastructure");
    fs::create_dir_all(app.join("src")).unwrap();
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(app.join("Cargo.toml"), manifest).unwrap();
    fs::write(app.join("Cargo.lock"), "version = 4\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n").unwrap();
    fs::write(app.join("src/main.rs"), APP.replace("TIMEOUT", "30")).unwrap();
    fs::write(folder.0.join(".gitignore"), "target\n").unwrap();
    git(&folder.0, &["init", "--quiet", "--initial-branch=main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "--quiet", "--message=one"]);
    fs::write(app.join("src/main.rs"), APP.replace("TIMEOUT", "60")).unwrap();
    git(&folder.0, &["commit", "--quiet", "--all", "--message=two"]);
    fs::write(app.join("src/main.rs"), "not committed, and no program").unwrap();
    let before = git(&folder.0, &["status", "--porcelain"]);

    let revision = |name, arguments| Revision { root: &app, name, program: "app", arguments };
    let one = revision("HEAD~1", &[]).assembly(true).unwrap();
    let two = revision("main", &[]).assembly(true).unwrap();
    let changes = diff(&read_stacks(&one).unwrap(), &read_stacks(&two).unwrap());
    let change = changes.stacks[0].resource("Q").unwrap();
    assert_eq!((change.action, &change.properties[0].after), (Action::Update, &Some(60.into())));

    // What is known of a commit is not built again, but other arguments are another assembly.
    assert_eq!(revision("HEAD~1", &[]).assembly(true).unwrap(), one);
    let arguments = ["5".to_owned()];
    assert_ne!(revision("HEAD~1", &arguments).assembly(true).unwrap(), one);

    assert_eq!(git(&folder.0, &["status", "--porcelain"]), before);
    assert_eq!(git(&folder.0, &["worktree", "list"]).lines().count(), 1);

    let error = revision("nowhere", &[]).assembly(true).unwrap_err();
    assert_eq!(error.to_string(), "there is no revision `nowhere` in the repository of the app");
}
