//! The local AWS of this test process: started by the first test that needs it, ended with the process, however that ends.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use stackgen::local::{LocalAws, MINISTACK_VERSION};
use stackgen::template::{Map, Value, read_json, to_json_compact};

/// The local AWS of this process.
pub(crate) struct Server {
    /// Where it answers.
    pub(crate) endpoint: String,
    /// The port of that.
    pub(crate) port: u16,
    /// The folder that `STACKGEN_LOCAL` has to name for a program to find it.
    pub(crate) folder: PathBuf,
    /// The interpreter that runs it, for other programs of the tests.
    python: PathBuf,
    /// What calls services for tests.
    caller: Mutex<Caller>,
    /// Its input ends with this process, and then it ends the server.
    _watch: Child,
}

struct Caller {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
}

/// The server. A machine without Python, or without the packages and a package index, fails the test with what to do.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(start)
}

fn start() -> Server {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("local-aws");
    let packages = LocalAws::at(&shared);
    if let Err(error) = packages.install(&mut |_| {}) {
        panic!("these tests need the local AWS: {error}; {}", error.hint_text().unwrap_or_default());
    }
    // A folder of its own: test processes side by side have a server each, and share the packages.
    let folder = shared.join(format!("process-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let environment = format!("ministack-{MINISTACK_VERSION}");
    symlink(shared.join(&environment), folder.join(&environment)).unwrap();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).unwrap();
    let local = LocalAws::at(&folder);
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
    let mut child = Command::new(local.python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy/call.py"))
        .arg(&endpoint)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = BufReader::new(child.stdout.take().unwrap());
    let caller = Mutex::new(Caller { child, answers });
    Server { endpoint, port: started.endpoint.port(), folder, python: local.python(), caller, _watch: watch }
}

impl Server {
    /// The interpreter that runs it, for other programs of the tests.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// Calls an operation of a service as the root of `account`, by its name in Python. An error is its code.
    pub(crate) fn call(
        &self,
        account: &str,
        service: &str,
        operation: &str,
        arguments: Value,
    ) -> Result<Value, String> {
        let request = Map::from([
            ("account", Value::from(account.to_owned())),
            ("service", service.to_owned().into()),
            ("operation", operation.to_owned().into()),
            ("arguments", arguments),
        ]);
        let mut caller = self.caller.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(caller.child.stdin.as_mut().unwrap(), "{}", to_json_compact(&request.into())).unwrap();
        let mut line = String::new();
        caller.answers.read_line(&mut line).unwrap();
        let answer = read_json(&line).unwrap_or_else(|error| panic!("`{line}` is no answer: {error}")).value;
        match answer.get("error").and_then(Value::as_str) {
            Some(code) => Err(code.to_owned()),
            None => Ok(answer.get("answer").cloned().unwrap()),
        }
    }
}
