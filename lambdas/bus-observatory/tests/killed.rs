//! A process that merges an hour is killed, for real and at any time: readers see each row once, and the next run
//! repairs.

#![cfg(feature = "command")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bus_observatory::feeds::{Configuration, Feed};
use bus_observatory::file::File;
use bus_observatory::grab::grab;
use bus_observatory::lake::hour_rows;
use bus_observatory::partition::Hour;
use bus_observatory::simulate::Fleet;
use bus_observatory::storage::{Folder, Memory, Storage};
use bus_observatory::table::{Layout, Table};
use jiff::Timestamp;

/// The hour that is merged: 2023-05-01T00 in UTC.
const START: i64 = 1_682_899_200;
const VEHICLES: u64 = 12;
/// Grabs of the hour, each of which was tried again as if its answer had been lost: every row is in several files.
const MINUTES: i64 = 55;
const TRIES: i64 = 2;
/// Kills after growing delays.
const DELAYS: u32 = 24;
/// Kills that must land when a process has begun to change the lake and has not ended.
const IN_THE_MIDDLE: u32 = 12;
/// Kills at the first signs of a change, at most: enough land in the middle long before.
const ATTEMPTS: u32 = 400;

/// A lake with the files of an hour, and its rows.
struct Hours {
    feed: Feed,
    files: Vec<(String, Vec<u8>)>,
    rows: Table,
}

impl Hours {
    fn new() -> Self {
        let feeds = Configuration::read(include_str!("../../../feeds.json"), "feeds.json").unwrap().feeds;
        let feed = feeds.into_iter().find(|feed| feed.system_id == "mbta_all").unwrap();
        let all = Memory::new();
        for minute in 0..MINUTES {
            let now = START + minute * 60 + 59;
            let body = Fleet::new(1, VEHICLES).body(feed.feed_type, now, &[]);
            for attempt in 0..TRIES {
                // Nothing is known of a grab before.
                let storage = Memory::new();
                let scheduled = Timestamp::from_second(now + attempt).unwrap();
                grab(&storage, &feed, scheduled, Timestamp::from_second(now).unwrap(), &body).unwrap();
                for key in storage.keys().iter().filter(|key| key.starts_with(&hour().incoming(&feed.system_id))) {
                    let content = storage.get(key).unwrap().unwrap().content;
                    all.put(key, content, &bus_observatory::storage::Condition::Always).unwrap();
                }
            }
        }
        let files = all.keys().into_iter().map(|key| {
            let content = all.get(&key).unwrap().unwrap().content.to_vec();
            (key, content)
        });
        let rows = hour_rows(&all, &feed.system_id, hour(), Layout::of(&feed).unwrap()).unwrap();
        Self { files: files.collect(), rows, feed }
    }

    /// Fills a folder with the files.
    fn fill(&self, folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        for (key, content) in &self.files {
            let path = folder.join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    /// Begins to merge the hour.
    fn begin(&self, folder: &Path) -> Child {
        let hour = "2023-05-01T00:00:00Z";
        let mut command = Command::new(env!("CARGO_BIN_EXE_bus-local"));
        command.arg("compact").arg(folder).args([self.feed.system_id.as_str(), "--from", hour, "--to", hour]);
        command.stdout(Stdio::null()).spawn().unwrap()
    }

    /// Checks what readers see, repairs, and checks again.
    fn check(&self, folder: &Path, what: &str) {
        self.check_rows(folder, what);
        assert!(self.begin(folder).wait().unwrap().success(), "{what}: the next run");
        self.check_rows(folder, what);
        let keys = left(folder);
        let count = |part: &str| keys.iter().filter(|key| key.contains(part)).count();
        assert_eq!((count("incoming-"), count("compacted-"), count("symlink.txt")), (0, 1, 1), "{what}: {keys:?}");
    }

    fn check_rows(&self, folder: &Path, what: &str) {
        let (storage, layout) = (Folder::new(folder).unwrap(), Layout::of(&self.feed).unwrap());
        assert!(hour_rows(&storage, &self.feed.system_id, hour(), layout).unwrap() == self.rows, "{what}: rows");
        // Athena reads what the pointer names, and nothing else.
        if let Some(pointer) = storage.get(&hour().pointer(&self.feed.system_id)).unwrap() {
            let url = String::from_utf8(pointer.content.to_vec()).unwrap();
            let content = fs::read(url.trim_end().strip_prefix("file://").unwrap()).unwrap();
            assert!(File::open(content.into()).unwrap().read_all().unwrap() == self.rows, "{what}: merged rows");
        }
    }
}

fn hour() -> Hour {
    Hour::of(START * 1_000_000)
}

/// All keys of a lake.
fn left(folder: &Path) -> Vec<String> {
    Folder::new(folder).unwrap().list("").unwrap().into_iter().map(|listed| listed.key).collect()
}

/// Kills a process as the kernel does when memory is short. Whether it was still running.
fn kill(mut child: Child) -> bool {
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

/// Whether a file of merged rows is there or being written.
fn has_begun(folder: &Path) -> bool {
    let hour = folder.join("lake/feed=mbta_all/dt=2023-05-01/hr=00");
    let names = fs::read_dir(hour).unwrap().filter_map(Result::ok).map(|entry| entry.file_name());
    names.into_iter().any(|name| !name.to_string_lossy().starts_with("incoming-"))
}

#[test]
fn a_process_may_be_killed_at_any_time() {
    let hours = Hours::new();
    assert_eq!(hours.files.len(), usize::try_from(MINUTES * TRIES).unwrap());
    assert_eq!(hours.rows.len() as u64, VEHICLES * MINUTES.unsigned_abs());
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("killed-{}", std::process::id()));

    hours.fill(&folder);
    let start = Instant::now();
    assert!(hours.begin(&folder).wait().unwrap().success());
    let whole = start.elapsed();
    let (mut running, mut middle, mut switched) = (0, 0, 0);
    let mut count = |was_running: bool| {
        let has_changed = was_running && has_begun(&folder);
        running += u32::from(was_running);
        middle += u32::from(has_changed);
        switched += u32::from(has_changed && folder.join(hour().pointer(&hours.feed.system_id)).exists());
        middle
    };
    for step in 0..DELAYS {
        hours.fill(&folder);
        let child = hours.begin(&folder);
        // From the start of the process to a bit after its usual end.
        std::thread::sleep(whole * (step + 1) * 5 / (DELAYS * 4));
        count(kill(child));
        hours.check(&folder, &format!("delay {step}"));
    }

    // However fast or busy the machine is: at the first sign of a change, and a bit later each time, up to its usual
    // end.
    let mut attempts = 0;
    while count(false) < IN_THE_MIDDLE {
        assert!(attempts < ATTEMPTS, "hardly a process was killed in the middle of its changes");
        hours.fill(&folder);
        let mut child = hours.begin(&folder);
        let start = Instant::now();
        while !has_begun(&folder) && child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_mins(1), "a process that does nothing");
        }
        std::thread::sleep(whole * (attempts % 10) / 50);
        count(kill(child));
        attempts += 1;
        hours.check(&folder, &format!("attempt {attempts}"));
    }
    fs::remove_dir_all(folder).unwrap();
    #[expect(clippy::print_stderr, reason = "how much was tried")]
    {
        eprintln!(
            "{} kills: {running} while the process was running, {middle} of them when it had begun to change",
            DELAYS + attempts
        );
        eprintln!("the lake, {switched} of these when it had switched the pointer; a whole run took {whole:?}");
    }
}
