//! The command `weather-backfill`.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;

use system_tests::workspace;

use crate::world::{MARYSVILLE, WORLD, day};

/// The command, built as the functions are: with the profile and into the folder of this test.
static COMMAND: LazyLock<PathBuf> = LazyLock::new(|| {
    let executable = std::env::current_exe().unwrap();
    let folder = executable.ancestors().nth(2).unwrap().to_owned();
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--package",
            "weather-ingest",
            "--features",
            "backfill",
            "--bin",
            "weather-backfill",
        ])
        .arg("--target-dir")
        .arg(folder.parent().unwrap())
        .current_dir(workspace())
        .status();
    assert!(built.unwrap().success());
    folder.join("weather-backfill")
});

fn backfill(arguments: &[&str]) -> Output {
    let server = &WORLD.deployment.server;
    let (key, secret) = server.access_key();
    Command::new(&*COMMAND)
        .args(arguments)
        .env("AWS_ENDPOINT_URL", &server.endpoint)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", key)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .output()
        .unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, lines: &[&str]) {
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), told.lines().collect::<Vec<_>>()), (Some(code), lines.to_vec()), "{errors}");
}

#[test]
fn past_hours_are_filled_and_failures_told() {
    let (world, _turn) = (&*WORLD, MARYSVILLE.lock());
    let hours = ["--from", "2025-03-01T04", "--to", "2025-03-01T06"];
    let planned = ["2025-03-01T04 marysville", "2025-03-01T05 marysville", "2025-03-01T06 marysville"];
    check(&backfill(&[&hours[..], &["--dry-run"]].concat()), 0, &planned);
    let prefix = "raw/location_id=marysville/year=2025/month=03/day=01/hour=0";
    assert!(world.deployment.keys(&world.raw, prefix).is_empty());

    // The day lacks an hour.
    let epoch = 1_740_805_200;
    world.serve("marysville", [day(&[epoch - 3_600, epoch + 3_600])]);
    let told = "2025-03-01T05 marysville FAILED HourNotAvailable: \
        no entry of the API's history is within half an hour of 2025-03-01T05";
    let lines = ["2025-03-01T04 marysville SUCCEEDED", told, "2025-03-01T06 marysville SUCCEEDED"];
    check(&backfill(&hours), 1, &lines);
    assert_eq!(world.deployment.keys(&world.raw, prefix).len(), 2);

    // What is there is curated again, and not asked for again.
    world.serve("marysville", [day(&[epoch])]);
    let lines = lines.map(|line| if line == told { "2025-03-01T05 marysville SUCCEEDED" } else { line });
    check(&backfill(&[&hours[..], &["--state-machine", &world.machine]].concat()), 0, &lines);
    assert_eq!(world.deployment.keys(&world.raw, prefix).len(), 3);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (arguments, told) in [
        (
            &["--from", "2025-03-01T04", "--to", "2025-03-01T03"][..],
            "error: the first hour, 2025-03-01T04, is after the last",
        ),
        (&["--from", "2025-01-01T00", "--to", "2025-03-01T03"], "add `--yes`"),
        (&["--from", "2025-03-01T04", "--to", "2999-03-01T03"], "has not begun"),
        (
            &["--from", "2025-03-01T04", "--to", "2025-03-01T04", "--location", "paris"],
            "no location has the id `paris`",
        ),
        (&["--from", "yesterday", "--to", "2025-03-01T04"], "`yesterday` is not an hour such as 2025-03-01T05"),
        (&["--from", "2025-03-01T04", "--to", "2025-03-01T04", "--stack", "no-such-stack"], "no-such-stack"),
    ] {
        let output = backfill(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(told), "{arguments:?}: {errors}");
    }
}
