//! How what stacks ship is built, as the command line says it.

use std::fs;
use std::path::Path;

use stackgen::template::{Value, read_json};

use crate::account::Account;
use crate::program::{Ended, Program};

/// A workspace of one package with one program, in the folder of the account.
fn workspace(account: &Account) {
    let manifest = "[package]\nname = 'shipped'\nversion = '0.1.0'\nedition = '2024'\n\
                    [profile.lambda]\ninherits = 'dev'\ndebug = false\n[workspace]\n";
    let lock = "version = 4\n\n[[package]]\nname = \"shipped\"\nversion = \"0.1.0\"\n";
    fs::create_dir_all(account.folder.join("src/bin")).unwrap();
    fs::write(account.folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(account.folder.join("Cargo.lock"), lock).unwrap();
    fs::write(account.folder.join("src/bin/answer.rs"), "fn main() {\n    println!(\"42\");\n}\n").unwrap();
}

fn run(program: &Program, arguments: &[&str]) -> Ended {
    let mut command = program.command();
    // Where the tests are built, nothing of theirs is to be left.
    command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET_DIR");
    Ended::of(command.args(arguments))
}

#[tokio::test]
async fn a_program_that_is_not_written_yet_is_stood_in_for_on_request() {
    let account = Account::new();
    let program = Program::of(&account);
    workspace(&account);
    let wish = ["-c", "ship=planned", "deploy", "shipping", "--require-approval", "never"];
    let refused = run(&program, &wish);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("the package `shipped` has no program `planned`"), "{}", refused.stderr);

    let made = run(&program, &[&wish[..], &["--stand-ins"]].concat()).success();
    assert!(made.stderr.contains("warning: the program `planned` of `shipped` is not written yet"), "{}", made.stderr);
    assert_eq!(account.status("shipping").await, "CREATE_COMPLETE");

    let both = run(&program, &[&wish[..], &["--stand-ins", "--no-build"]].concat());
    assert_eq!(both.code, 2, "{}", both.stderr);
}

#[tokio::test]
async fn zig_links_where_it_is_asked_to() {
    let account = Account::new();
    let program = Program::of(&account);
    workspace(&account);
    let mut command = program.command();
    // Without what it needs, it says so.
    command.env("PATH", "/usr/bin:/bin").env("CARGO_HOME", &account.folder).env("CARGO", env!("CARGO"));
    let refused = Ended::of(command.args(["-c", "ship=answer", "build", "shipping", "--zig"]));
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("building `answer` for x86_64 needs `cargo zigbuild`"), "{}", refused.stderr);
}

#[tokio::test]
async fn the_command_that_manifests_name_builds_one_asset_and_prints_its_file() {
    let account = Account::new();
    let program = Program::of(&account);
    workspace(&account);
    run(&program, &["-c", "ship=answer", "synth"]).success();
    let manifest = fs::read_to_string(account.folder.join("stackgen.out/shipping.assets.json")).unwrap();
    let manifest = read_json(&manifest).unwrap().value;
    let files = manifest.get("files").and_then(Value::as_map).unwrap();
    let words: Vec<&str> = files
        .values()
        .filter_map(|file| file.get("source")?.get("executable")?.as_list())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let ["stackgen", arguments @ ..] = words.as_slice() else { panic!("{words:?}") };

    let built = run(&program, arguments).success();
    let path = Path::new(built.stdout.trim_end());
    assert!(path.is_absolute() && built.stdout.lines().count() == 1, "{}", built.stdout);
    assert!(fs::read(path).unwrap().starts_with(b"PK"), "a function is shipped as a zip");

    let unknown = run(&program, &["asset", "build", "1234"]);
    assert_eq!(unknown.code, 2, "{}", unknown.stderr);
    assert!(unknown.stderr.contains("no asset of `stackgen.out` has the hash `1234`"), "{}", unknown.stderr);
}

/// A program of the workspace is deployed once it is built, and built once.
#[tokio::test]
async fn what_was_built_is_deployed_without_building() {
    let account = Account::new();
    let program = Program::of(&account);
    workspace(&account);
    let refused = run(&program, &["-c", "ship=answer", "deploy", "shipping", "--no-build"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("nothing is to be built, and 1 of the assets are not in"), "{}", refused.stderr);
    run(&program, &["-c", "ship=answer", "build", "shipping"]).success();
    let wish = ["-c", "ship=answer", "deploy", "shipping", "--no-build", "--require-approval", "never"];
    run(&program, &wish).success();
    assert_eq!(account.status("shipping").await, "CREATE_COMPLETE");
}
