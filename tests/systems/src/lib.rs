//! What the tests of the five systems share: a local AWS, the app's stacks deployed on it with functions as real processes
//! under their own roles, and servers on loopback that stand for those of others.
//!
//! `cargo test -p system-tests` runs all of them; Python 3.10 or newer is needed. The functions are built as the app builds
//! them, but with the profile and the target folder of the tests, so that the AWS SDK is compiled once.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

mod browser;
mod deployment;
mod server;
mod topic;

pub use browser::Browser;
pub use deployment::{Answer, Deployment, Setting};
pub use server::Server;
pub use test_support::{Loopback, Reply, Request};

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file or folder of the sample data beside the project. Says so and gives none where there is no sample data.
pub fn sample_data(path: &str) -> Option<PathBuf> {
    let found = workspace().join("../shared/data").join(path);
    if found.exists() {
        return Some(found);
    }
    #[expect(clippy::print_stderr, reason = "a test that is left out says so")]
    {
        eprintln!("left out: no sample data at ../shared/data/{path}");
    }
    None
}

/// Asks until there is something, and fails the test when there is nothing after `limit`.
pub fn wait_for<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(begin.elapsed() < limit, "{what}: not within {} s", limit.as_secs());
        std::thread::sleep(Duration::from_millis(200));
    }
}
