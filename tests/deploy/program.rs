//! The app of these tests as a program of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::account::{Account, REGION};
use crate::local::server;

/// The program, in the environment of an account.
pub(crate) struct Program {
    account: String,
    folder: PathBuf,
}

/// How a run of it ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// The program as the root of `account`, in its folder.
    pub(crate) fn of(account: &Account) -> Self {
        Self { account: account.id.clone(), folder: account.folder.clone() }
    }

    /// A command that runs it, with no arguments yet. Nobody can be asked.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(path());
        let server = server();
        command.current_dir(&self.folder).stdin(Stdio::null()).env("NO_COLOR", "1").envs([
            ("AWS_ENDPOINT_URL", server.endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", &self.account),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", REGION),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]);
        command.env("STACKGEN_LOCAL", &server.folder);
        for variable in ["AWS_SESSION_TOKEN", "AWS_PROFILE", "GITHUB_STEP_SUMMARY", "GITHUB_RUN_ID"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command().args(arguments))
    }
}

impl Ended {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Self { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// It ended well.
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// Deploys unasked.
pub(crate) fn deploy(program: &Program, before: &[&str], after: &[&str]) -> Ended {
    program.run(&[before, &["deploy", "--require-approval", "never"], after].concat())
}

/// The program, which is built first, beside this test.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().nth(3).unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--offline", "--example=deploy-app", "--features=deploy"]);
        cargo.arg(concat!("--manifest-path=", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let status = cargo.arg("--package=stackgen").arg("--target-dir").arg(target).status().unwrap();
        assert!(status.success(), "the app of these tests cannot be built");
        target.join("debug/examples/deploy-app")
    })
}
