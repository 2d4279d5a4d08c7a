//! The scripts that set and delete the secret, with the AWS command line. Without that the test says so and passes.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use system_tests::workspace;

use crate::world::WORLD;

/// A secret of this test's own.
const NAME: &str = "scripts/other-key";

fn run(script: &str, input: &str) -> Output {
    let server = &WORLD.deployment.server;
    let (key, secret) = server.access_key();
    let mut child = Command::new("bash")
        .arg(workspace().join("stacks/src/weather_ingest").join(script))
        .arg(NAME)
        .env("AWS_ENDPOINT_URL", &server.endpoint)
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        // The stack is needed by other tests.
        .env("STACKGEN", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
fn check(output: &Output, told: &str) {
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains(told), "{said} {errors}");
}

fn secret() -> Value {
    WORLD.deployment.call("secretsmanager", "get_secret_value", json!({"SecretId": NAME}))["SecretString"].clone()
}

fn description() -> Value {
    WORLD.deployment.call("secretsmanager", "describe_secret", json!({"SecretId": NAME}))
}

#[test]
fn a_secret_is_created_changed_deleted_and_restored() {
    if !Command::new("aws").arg("--version").output().is_ok_and(|output| output.status.success()) {
        #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
        {
            eprintln!("left out: there is no AWS command line");
        }
        return;
    }
    check(&run("set_key.sh", "  first-key\n"), "created");
    assert_eq!(secret(), "first-key");
    check(&run("set_key.sh", "second-key\n"), "set a new version");
    assert_eq!(secret(), "second-key");
    assert_eq!(run("set_key.sh", "\n").status.code(), Some(1), "an empty key is none");

    check(&run("destroy.sh", ""), "it can be restored for 7 days");
    assert!(description().get("DeletedDate").is_some());
    check(&run("destroy.sh", ""), "scheduled for deletion already");
    check(&run("set_key.sh", "third-key\n"), "restored");
    assert!(description().get("DeletedDate").is_none());
    assert_eq!(secret(), "third-key");
}
