//! The local AWS: a server in a process of its own that speaks AWS's APIs on loopback, to try stacks on without an account.
//!
//! It is [ministack](https://pypi.org/project/ministack/), pinned, in a Python environment of its own below the user's
//! cache folder. What it lacks of the resource types that stacks need is added by `server/resources.py`. Nothing else in the
//! library knows of it: for all others it is an [`Endpoint`].
//!
//! One server runs a folder (see [`LocalAws::at`]). Which one it is stands in a record in that folder, so that any later
//! command finds it, stops it, or says that it died.

mod endpoint;
mod error;
mod http;
mod install;
mod process;
mod record;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

pub use endpoint::Endpoint;
pub use error::LocalError;
pub use install::MINISTACK_VERSION;

use record::Record;

/// The port that AWS emulators listen on by custom.
pub const USUAL_PORT: u16 = 4566;

/// How long a server may take until it answers. It takes two seconds on an idle machine.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long a server may take to end before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The local AWS of a folder.
#[derive(Debug, Clone)]
pub struct LocalAws {
    folder: PathBuf,
}

/// What happens while a server is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// The server's Python packages are downloaded, which happens once.
    Installing,
    /// The process was started and does not answer yet.
    Starting,
}

/// Whether a server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It answers.
    Running {
        /// Where it answers.
        endpoint: Endpoint,
        /// Its process.
        process: u32,
    },
    /// A process was started and is there, and does not answer.
    Silent {
        /// Its process.
        process: u32,
    },
    /// There is none.
    Stopped,
}

/// What [`LocalAws::start`] found or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Where the server answers.
    pub endpoint: Endpoint,
    /// Its process.
    pub process: u32,
    /// Whether it ran before.
    pub was_running: bool,
}

impl LocalAws {
    /// The server of the folder of this user: `stackgen` in the cache folder, or what `STACKGEN_LOCAL` names.
    pub fn of_user() -> Result<Self, LocalError> {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folder) = variable("STACKGEN_LOCAL") {
            return Ok(Self::at(folder));
        }
        let cache = variable("XDG_CACHE_HOME").filter(|folder| folder.is_absolute());
        let cache = cache.or_else(|| variable("HOME").map(|home| home.join(".cache")));
        let cache = cache.ok_or_else(|| {
            LocalError::new("no folder for the local AWS: neither `STACKGEN_LOCAL` nor `HOME` is set")
                .hint("set `STACKGEN_LOCAL` to a folder that may be written to")
        })?;
        Ok(Self::at(cache.join("stackgen")))
    }

    /// The server whose packages, record and log are in `folder`.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the server prints.
    pub fn log(&self) -> PathBuf {
        self.folder.join("ministack.log")
    }

    /// Installs the Python packages of the server when they are missing, and starts nothing.
    pub fn install(&self, progress: &mut dyn FnMut(Progress)) -> Result<(), LocalError> {
        fs::create_dir_all(&self.folder).map_err(|cause| LocalError::writing(&self.folder, cause))?;
        let _alone = self.lock()?;
        install::ensure(&self.folder, &mut || progress(Progress::Installing)).map(drop)
    }

    /// The Python that has the packages of the server, which [`install`](Self::install) makes.
    pub fn python(&self) -> PathBuf {
        install::environment(&self.folder).join("bin").join("python")
    }

    /// Starts the server, on `port` or else on the usual one or a free one, and waits until it answers. A server that runs is
    /// kept. Python packages are installed when they are missing.
    pub fn start(&self, port: Option<u16>, progress: &mut dyn FnMut(Progress)) -> Result<Started, LocalError> {
        fs::create_dir_all(&self.folder).map_err(|cause| LocalError::writing(&self.folder, cause))?;
        let _alone = self.lock()?;
        match self.status()? {
            Status::Running { endpoint, process } if port.is_none_or(|port| port == endpoint.port()) => {
                return Ok(Started { endpoint, process, was_running: true });
            }
            Status::Running { endpoint, .. } => {
                let message = format!("the local AWS already runs, on port {}", endpoint.port());
                return Err(LocalError::new(message).hint("stop it with `local stop`, or leave out `--port`"));
            }
            Status::Silent { .. } | Status::Stopped => {
                self.end()?;
            }
        }
        let python = install::ensure(&self.folder, &mut || progress(Progress::Installing))?;
        let port = choose_port(port)?;
        progress(Progress::Starting);
        let mut server = process::spawn(&self.folder, &python, port, &self.log())?;
        let record = Record { process: server.id(), port };
        if let Err(error) = record.write(&self.folder) {
            // Nothing would ever find it again.
            let _ = server.kill().and_then(|()| server.wait());
            return Err(error);
        }
        self.wait_until_ready(&mut server, record)
    }

    fn wait_until_ready(&self, server: &mut std::process::Child, record: Record) -> Result<Started, LocalError> {
        let endpoint = Endpoint::new(record.port);
        let begin = Instant::now();
        while begin.elapsed() < START_TIMEOUT {
            if let Ok(Some(status)) = server.try_wait() {
                Record::remove(&self.folder)?;
                let message = format!("the local AWS ended while it started ({status})");
                return Err(LocalError::new(message).log_tail(&self.log()));
            }
            if http::is_ready(record.port) {
                return Ok(Started { endpoint, process: record.process, was_running: false });
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.end()?;
        let message = format!("the local AWS did not answer within {} s", START_TIMEOUT.as_secs());
        Err(LocalError::new(message).log_tail(&self.log()))
    }

    /// Whether the server runs.
    pub fn status(&self) -> Result<Status, LocalError> {
        let Some(Record { process, port }) = Record::read(&self.folder)? else { return Ok(Status::Stopped) };
        // The number of a process that ended is given to another one day.
        if !process::is_server(process, &self.folder) {
            return Ok(Status::Stopped);
        }
        if http::is_ready(port) {
            return Ok(Status::Running { endpoint: Endpoint::new(port), process });
        }
        Ok(Status::Silent { process })
    }

    /// Stops the server, and with it the handlers that it runs. Whether there was one.
    pub fn stop(&self) -> Result<bool, LocalError> {
        if !self.folder.is_dir() {
            return Ok(false);
        }
        let _alone = self.lock()?;
        self.end()
    }

    /// Removes all that was made in the server.
    pub fn reset(&self) -> Result<Endpoint, LocalError> {
        match self.status()? {
            Status::Running { endpoint, .. } => {
                http::reset(endpoint.port())?;
                Ok(endpoint)
            }
            Status::Silent { .. } => {
                Err(LocalError::new("the local AWS runs and does not answer").log_tail(&self.log()))
            }
            Status::Stopped => {
                Err(LocalError::new("the local AWS does not run").hint("start it with `local start`: it starts empty"))
            }
        }
    }

    /// Ends the process of the record, if it is there, and removes the record.
    fn end(&self) -> Result<bool, LocalError> {
        let Some(Record { process, .. }) = Record::read(&self.folder)? else { return Ok(false) };
        let is_there = || process::is_server(process, &self.folder);
        let was_there = is_there();
        if was_there {
            process::signal(process, process::Signal::Terminate)?;
            let begin = Instant::now();
            while is_there() {
                if begin.elapsed() > STOP_TIMEOUT {
                    process::signal(process, process::Signal::Kill)?;
                    break;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        Record::remove(&self.folder)?;
        Ok(was_there)
    }

    /// Waits until no other command starts or stops the server of the folder.
    fn lock(&self) -> Result<File, LocalError> {
        let path = self.folder.join("lock");
        let locked = File::create(&path).and_then(|file| file.lock().map(|()| file));
        locked.map_err(|cause| LocalError::writing(&path, cause))
    }
}

/// The port to listen on: a wanted one must be free, else any does.
fn choose_port(wanted: Option<u16>) -> Result<u16, LocalError> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    if let Some(port) = wanted {
        return free(port).map(|address| address.port()).map_err(|cause| {
            LocalError::new(format!("port {port} cannot be used"))
                .cause(cause)
                .hint("leave out `--port`, and a free one is taken")
        });
    }
    let address = free(USUAL_PORT).or_else(|_| free(0));
    address.map(|address| address.port()).map_err(|cause| LocalError::new("no port is free").cause(cause))
}
