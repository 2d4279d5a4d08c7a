//! The process of the server: starting it, finding it again, ending it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Endpoint, LocalError};

/// The program that the server is started by, and what it adds to the server.
const PROGRAMS: [(&str, &str); 7] = [
    ("launch.py", include_str!("server/launch.py")),
    ("resources.py", include_str!("server/resources.py")),
    ("change_sets.py", include_str!("server/change_sets.py")),
    ("refactor.py", include_str!("server/refactor.py")),
    ("instances.py", include_str!("server/instances.py")),
    ("symlinks.py", include_str!("server/symlinks.py")),
    ("transport.py", include_str!("server/transport.py")),
];

/// A signal to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// It may end its handlers first.
    Terminate,
    /// It is gone at once, and its handlers with it.
    Kill,
}

/// Starts the server with `python`, its output going to `log`.
pub(super) fn spawn(folder: &Path, python: &Path, port: u16, log: &Path) -> Result<Child, LocalError> {
    let programs = folder.join("server");
    fs::create_dir_all(&programs).map_err(|cause| LocalError::writing(&programs, cause))?;
    for (name, text) in PROGRAMS {
        let path = programs.join(name);
        fs::write(&path, text).map_err(|cause| LocalError::writing(&path, cause))?;
    }
    let output = File::create(log).map_err(|cause| LocalError::writing(log, cause))?;
    let errors = output.try_clone().map_err(|cause| LocalError::writing(log, cause))?;
    let mut command = Command::new(python);
    command.arg(launcher(folder)).current_dir(folder).stdin(Stdio::null()).stdout(output).stderr(errors);
    // Handlers inherit the environment of the server, and one that is not clean hides that theirs lacks a variable.
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs([
        ("GATEWAY_PORT", port.to_string().as_str()),
        ("BIND_HOST", "127.0.0.1"),
        ("AWS_ENDPOINT_URL", Endpoint::new(port).to_string().as_str()),
        // Its listener for devices would take port 8883 of every interface.
        ("IOT_MTLS_ENABLED", "0"),
        ("SFTP_ENABLED", "0"),
        ("LOG_LEVEL", "WARNING"),
        // Handlers may do what their roles allow, and nothing else.
        ("AUTH", "true"),
    ]);
    // A group of its own: an interrupt in the terminal is for the command, not for the server that it started.
    command.process_group(0);
    command.spawn().map_err(|cause| LocalError::new(format!("cannot run `{}`", python.display())).cause(cause))
}

/// Whether `process` is there and is the server of `folder`.
pub(super) fn is_server(process: u32, folder: &Path) -> bool {
    let listing = Command::new("ps").args(["-ww", "-o", "stat=,args=", "-p"]).arg(process.to_string()).output();
    // A process that ended and was not waited for yet still has a number.
    listing.is_ok_and(|listing| {
        let text = listing.stdout.trim_ascii_start();
        !text.starts_with(b"Z") && contains(text, launcher(folder).as_os_str())
    })
}

/// Sends `signal` to the server `process`.
pub(super) fn signal(process: u32, signal: Signal) -> Result<(), LocalError> {
    // A server that is killed cannot end its handlers, which are of its group.
    let (name, whom) = match signal {
        Signal::Terminate => ("-TERM", process.to_string()),
        Signal::Kill => ("-KILL", format!("-{process}")),
    };
    let status = Command::new("kill").args([name, "--", &whom]).stderr(Stdio::null()).status();
    // One that fails because the process ended meanwhile did what it was for.
    status.map(drop).map_err(|cause| LocalError::new(format!("cannot end the process {process}")).cause(cause))
}

fn launcher(folder: &Path) -> PathBuf {
    folder.join("server").join("launch.py")
}

fn contains(text: &[u8], part: &OsStr) -> bool {
    let part = part.as_encoded_bytes();
    text.windows(part.len()).any(|window| window == part)
}
