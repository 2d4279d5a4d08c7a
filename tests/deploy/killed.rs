//! A deployment that is killed at any moment is ended by the next one.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::account::Account;
use crate::program::{Program, deploy};

/// How often one is killed.
const KILLS: u32 = 10;

/// Numbers that differ each time, from a seed that is told when the test fails.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[tokio::test]
async fn a_deployment_that_is_killed_is_ended_by_the_next_one() {
    let account = Account::new();
    let program = Program::of(&account);
    let begin = Instant::now();
    deploy(&program, &["-c", "slow=0.2", "-c", "timeout=30"], &["--all"]).success();
    let whole = u64::try_from(begin.elapsed().as_millis()).unwrap();

    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos();
    let mut random = Random(u64::try_from(seed).unwrap() | 1);
    for kill in 1..=KILLS {
        let timeout = (30 + kill).to_string();
        let context = ["-c".to_owned(), "slow=0.2".to_owned(), "-c".to_owned(), format!("timeout={timeout}")];
        let after = Duration::from_millis(random.below(whole));
        let told = format!("seed {seed}, kill {kill} after {after:?}");
        let mut child = program.command();
        child.args(&context).args(["deploy", "--all", "--require-approval", "never"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();

        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        let next = deploy(&program, &context, &["--all"]);
        assert_eq!(next.code, 0, "{told}\n{}", next.stderr);
        assert!(!next.stderr.contains("failed"), "{told}\n{}", next.stderr);
        for name in ["data", "held"] {
            let stack = account.stack(name).await.unwrap();
            assert!(stack.is_good(), "{told}: {name} is in {}", stack.status);
            let visible = account.queue_attribute(&stack.outputs["Url"], "VisibilityTimeout").unwrap();
            assert_eq!(visible, timeout, "{told}: {name}");
            assert_eq!(account.change_sets(name), 0, "{told}: {name}");
        }
    }
}

#[tokio::test]
async fn a_first_deployment_that_is_killed_is_ended_by_the_next_one() {
    let account = Account::new();
    let program = Program::of(&account);
    for after in [100, 300, 600] {
        let context = ["-c", "slow=0.2"];
        let mut child = program.command();
        child.args(context).args(["deploy", "--all", "--require-approval", "never"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(after));
        child.kill().unwrap();
        child.wait().unwrap();
        let next = deploy(&program, &context, &["--all"]);
        assert_eq!(next.code, 0, "after {after} ms\n{}", next.stderr);
        assert_eq!(account.status("held").await, "CREATE_COMPLETE", "after {after} ms");

        let mut child = program.command();
        child.args(context).args(["destroy", "--all", "--yes"]);
        let mut child = child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(after / 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let gone = program.run(&["-c", "slow=0.2", "destroy", "--all", "--yes"]);
        assert_eq!(gone.code, 0, "after {after} ms\n{}", gone.stderr);
        assert!(account.stack("held").await.is_none() && account.stack("data").await.is_none());
    }
}
