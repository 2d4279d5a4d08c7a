//! A local AWS of a test's own, which ends with the test's process, however that ends.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use stackgen::local::{LocalAws as Installation, MINISTACK_VERSION};

/// A local AWS.
#[derive(Debug)]
pub struct LocalAws {
    /// Where it answers.
    pub endpoint: String,
    /// The port of that.
    pub port: u16,
    /// The folder that `STACKGEN_LOCAL` has to name for a program to find it; also for files of the test. It is removed with
    /// the process.
    pub folder: PathBuf,
    python: PathBuf,
    caller: Mutex<Caller>,
    /// Its input ends with this process, and then it ends the server.
    _watch: Child,
}

#[derive(Debug)]
struct Caller {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl LocalAws {
    /// Starts one. A machine without Python, or without the packages and a package index, fails the test with what to do.
    pub fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let shared = std::env::current_exe().unwrap().parent().unwrap().join("../../tmp/local-aws");
        fs::create_dir_all(&shared).unwrap();
        let shared = shared.canonicalize().unwrap();
        if let Err(error) = Installation::at(&shared).install(&mut |_| {}) {
            panic!("these tests need the local AWS: {error}; {}", error.hint_text().unwrap_or_default());
        }
        // A folder of its own: servers side by side share the packages.
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = shared.join(format!("process-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let packages = format!("ministack-{MINISTACK_VERSION}");
        symlink(shared.join(&packages), folder.join(&packages)).unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).unwrap();
        let local = Installation::at(&folder);
        let started = local.start(Some(free.port()), &mut |_| {}).unwrap();
        let watch = Command::new("sh")
            .args(["-c", r#"cat > /dev/null; kill "$0"; sleep 2; kill -KILL -- "-$0" 2> /dev/null; rm -rf "$1""#])
            .arg(started.process.to_string())
            .arg(&folder)
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let endpoint = started.endpoint.to_string();
        let python = local.python();
        let mut child = Command::new(&python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/call.py"))
            .arg(&endpoint)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let caller = Mutex::new(Caller { answers: BufReader::new(child.stdout.take().unwrap()), child });
        Self { endpoint, port: started.endpoint.port(), folder, python, caller, _watch: watch }
    }

    /// The Python of the local AWS, with `boto3`.
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// Calls an operation of a service as the root of `account`, by its name in `boto3`: `call("1…", "s3", "get_object",
    /// json!({…}))`. Contents of objects are text here; `upload_file` and `download_file` take any. An error is its code, and
    /// its message.
    #[expect(clippy::needless_pass_by_value, reason = "what is passed is written in place, as `json!({…})`")]
    pub fn call(
        &self,
        account: &str,
        service: &str,
        operation: &str,
        arguments: Value,
    ) -> Result<Value, (String, String)> {
        let request = json!({"account": account, "service": service, "operation": operation, "arguments": arguments});
        let mut caller = self.caller.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(caller.child.stdin.as_mut().unwrap(), "{request}").unwrap();
        let mut line = String::new();
        caller.answers.read_line(&mut line).unwrap();
        let mut answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("`{line}` is no answer: {error}"));
        match answer.get("error").and_then(Value::as_str) {
            Some(code) => Err((code.to_owned(), answer["message"].as_str().unwrap_or_default().to_owned())),
            None => Ok(answer["answer"].take()),
        }
    }
}
