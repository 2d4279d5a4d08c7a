//! Running a command, with its lines as they come.

use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// Where a command wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Output,
    Error,
}

/// Variables that Cargo sets for the program it runs. A Cargo below would hand them to build scripts, which then run
/// again whenever they are started another way.
const OF_CARGO: [&str; 7] = [
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_TMPDIR",
    "OUT_DIR",
];

/// Runs a command to its end. Every line goes to `on_line`, without its end.
pub(super) fn run(command: &mut Command, on_line: &mut dyn FnMut(Stream, String)) -> io::Result<ExitStatus> {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| OF_CARGO.iter().any(|prefix| name.starts_with(prefix))) {
            command.env_remove(&name);
        }
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, lines) = channel();
    let readers = [
        child.stdout.take().map(|output| read_lines(output, Stream::Output, sender.clone())),
        child.stderr.take().map(|error| read_lines(error, Stream::Error, sender)),
    ];
    for (stream, line) in lines {
        on_line(stream, line);
    }
    for reader in readers.into_iter().flatten() {
        let _ = reader.join();
    }
    child.wait()
}

fn read_lines(
    from: impl Read + Send + 'static,
    stream: Stream,
    sender: Sender<(Stream, String)>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line);
            if sender.send((stream, text.trim_end_matches(['\n', '\r']).to_owned())).is_err() {
                return;
            }
            line.clear();
        }
    })
}
