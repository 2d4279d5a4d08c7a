//! Deployment on a terminal: bars, questions, interrupts.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use stackgen::template::{Number, Value, read_json};

use crate::account::Account;
use crate::local::server;
use crate::program::Program;

/// What happened on a terminal.
struct Shown {
    code: i64,
    text: String,
}

/// Runs the program on a terminal. Each step waits for a text and types keys.
fn on_terminal(program: &Program, arguments: &[&str], steps: &[(&str, &str)]) -> Shown {
    let steps: Vec<String> = steps
        .iter()
        .map(|(see, then)| format!(r#"{{"see": "{see}", "then": "{}"}}"#, then.replace(INTERRUPT, "\\u0003")))
        .collect();
    let plain = program.command();
    let mut command = Command::new(server().python());
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy/terminal.py"));
    command.arg(format!("[{}]", steps.join(", "))).arg(plain.get_program()).args(arguments);
    for (key, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(key, value),
            None => command.env_remove(key),
        };
    }
    let output =
        command.current_dir(plain.get_current_dir().unwrap()).env("TERM", "xterm").stdin(Stdio::null()).output();
    let output = output.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answer = read_json(text.trim()).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))).value;
    let shown = answer.get("shown").and_then(Value::as_str).unwrap().to_owned();
    let number = |key: &str| answer.get(key).and_then(Value::as_number).and_then(Number::as_i64).unwrap();
    assert_eq!(number("left"), 0, "a step did not come: {shown}");
    Shown { code: number("code"), text: shown }
}

const INTERRUPT: &str = "^C";

#[tokio::test]
async fn a_bar_shows_how_far_a_stack_is() {
    let account = Account::new();
    let program = Program::of(&account);
    let made = on_terminal(&program, &["-c", "slow=3", "deploy", "--all", "--require-approval", "never"], &[]);
    assert_eq!(made.code, 0, "{}", made.text);
    for wanted in ["held", "/6", "2s CREATE_IN_PROGRESS Held", "data created", "held created"] {
        assert!(made.text.contains(wanted), "{wanted} is not in {}", made.text);
    }
    assert!(!made.text.contains("CREATE_COMPLETE Held AWS::"), "single resources have no lines: {}", made.text);
}

#[tokio::test]
async fn a_question_takes_yes_and_no_and_an_interrupt() {
    let account = Account::new();
    let program = Program::of(&account);
    let deploy = ["deploy", "data", "--require-approval", "any"];
    let question = "make these changes to `data`? [y/N]";
    let left = on_terminal(&program, &deploy, &[(question, INTERRUPT)]);
    assert_eq!(left.code, 130, "{}", left.text);
    let no = on_terminal(&program, &deploy, &[(question, "n\\r")]);
    assert_eq!(no.code, 3, "{}", no.text);
    assert!(no.text.contains("were not approved, and nothing was done"), "{}", no.text);
    assert!(account.stack("data").await.is_none());
    let yes = on_terminal(&program, &deploy, &[(question, "y\\r")]);
    assert_eq!(yes.code, 0, "{}", yes.text);
    assert_eq!(account.status("data").await, "CREATE_COMPLETE");
    let gone = on_terminal(&program, &["destroy", "data"], &[("delete 1 stack: data? [y/N]", "yes\\r")]);
    assert_eq!(gone.code, 0, "{}", gone.text);
    assert!(account.stack("data").await.is_none());
}

#[tokio::test]
async fn an_interrupt_ends_the_watching_and_the_next_run_follows() {
    let account = Account::new();
    let program = Program::of(&account);
    let hold = account.folder.join("hold");
    fs::write(&hold, "").unwrap();
    let hold_value = format!("hold={}", hold.display());
    let deploy = ["-c", &hold_value, "deploy", "--all", "--require-approval", "never"];
    let stopped = on_terminal(&program, &deploy, &[("CREATE_IN_PROGRESS Held", INTERRUPT)]);
    assert_eq!(stopped.code, 130, "{}", stopped.text);
    assert!(stopped.text.contains("error: interrupted: what was begun goes on at AWS"), "{}", stopped.text);
    assert!(stopped.text.contains("hint: the same command follows it to its end"), "{}", stopped.text);
    assert_eq!(account.status("held").await, "CREATE_IN_PROGRESS");

    let begin = Instant::now();
    let left = on_terminal(&program, &deploy, &[("CREATE_IN_PROGRESS is under way", "^C^C")]);
    assert_eq!(left.code, 130, "{}", left.text);
    assert!(begin.elapsed() < Duration::from_secs(30));
    fs::remove_file(&hold).unwrap();
    let followed = on_terminal(&program, &deploy, &[]);
    assert_eq!(followed.code, 0, "{}", followed.text);
    assert_eq!(account.status("held").await, "CREATE_COMPLETE");
}
