//! The refresh over archived files, without AWS.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use csv::{ReaderBuilder, WriterBuilder};
use jiff::{civil::Date, tz::TimeZone};

use crate::contract::{RefreshEvent, RunMessage};
use crate::memory::{ManualClock, Memory, ScriptedServer, finish};
use crate::number;
use crate::refresh::{Ended, Refresh, RunError};
use crate::services::Fetched;

/// Where source A seems to be.
const NYT_URL: &str = "replay:nyt";
/// Where source B seems to be.
const JHU_URL: &str = "replay:jhu";

/// Both sources as they were on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedDay {
    /// The day.
    pub date: Date,
    /// Source A.
    pub nyt: Vec<u8>,
    /// Source B.
    pub jhu: Vec<u8>,
}

/// Why a folder cannot be replayed.
#[derive(Debug)]
pub enum ReplayError {
    /// A file or the folder cannot be read.
    Read(PathBuf, io::Error),
    /// There is no file `jhu_us_DATE.csv`.
    Empty(PathBuf),
    /// Source A cannot be made from source B, since that lacks this column.
    Column(PathBuf, &'static str),
    /// A run could not tell how it ended.
    Run(RunError),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, _) => write!(formatter, "{} cannot be read", path.display()),
            Self::Empty(path) => {
                write!(formatter, "{} has no file `jhu_us_YYYY-MM-DD.csv`", path.display())
            }
            Self::Column(path, column) => {
                write!(formatter, "{} has no column `{column}` to make source A from", path.display())
            }
            Self::Run(_) => formatter.write_str("a run could not tell how it ended"),
        }
    }
}

impl std::error::Error for ReplayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(_, error) => Some(error),
            Self::Run(error) => Some(error),
            Self::Empty(_) | Self::Column(..) => None,
        }
    }
}

/// The archived days of a folder in the order of their dates: each file `jhu_us_DATE.csv`, with `nyt_us_DATE.csv` if
/// there is one and else with a source A that is made from it.
///
/// # Errors
/// When a file cannot be read, or there is none.
pub fn archived_days(folder: &Path) -> Result<Vec<ArchivedDay>, ReplayError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |error| ReplayError::Read(path, error)
    };
    let mut dates = Vec::new();
    for entry in fs::read_dir(folder).map_err(read_error(folder))? {
        let name = entry.map_err(read_error(folder))?.file_name();
        let date = name.to_str().and_then(|name| name.strip_prefix("jhu_us_")?.strip_suffix(".csv"));
        dates.extend(date.and_then(|date| number::date(date.as_bytes())));
    }
    dates.sort_unstable();
    if dates.is_empty() {
        return Err(ReplayError::Empty(folder.to_owned()));
    }
    let day = |date: Date| {
        let path = folder.join(format!("jhu_us_{date}.csv"));
        let jhu = fs::read(&path).map_err(read_error(&path))?;
        let nyt_path = folder.join(format!("nyt_us_{date}.csv"));
        let nyt = match fs::read(&nyt_path) {
            Ok(nyt) => nyt,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                generated_nyt(&jhu).map_err(|column| ReplayError::Column(path, column))?
            }
            Err(error) => return Err(ReplayError::Read(nyt_path, error)),
        };
        Ok(ArchivedDay { date, nyt, jhu })
    };
    dates.into_iter().map(day).collect()
}

/// A source A made from source B: the row `2020-01-21,1,0`, then date, confirmed cases and deaths of each row.
///
/// # Errors
/// The column that is not there.
pub fn generated_nyt(jhu: &[u8]) -> Result<Vec<u8>, &'static str> {
    let jhu = jhu.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(jhu);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(jhu);
    let header = reader.byte_headers().cloned().unwrap_or_default();
    let column = |name: &'static str| header.iter().position(|field| field == name.as_bytes()).ok_or(name);
    let columns = [column("Date")?, column("Confirmed")?, column("Deaths")?];
    let mut writer = WriterBuilder::new().flexible(true).from_writer(b"date,cases,deaths\n2020-01-21,1,0\n".to_vec());
    for row in reader.byte_records().map_while(Result::ok) {
        // A `Vec` takes all that is written to it.
        let _ = writer.write_record(columns.map(|column| row.get(column).unwrap_or_default()));
    }
    writer.into_inner().map_err(|_| "Date")
}

/// Runs the refresh once over both sources of a day, at 18:45 UTC of it.
///
/// # Errors
/// When nobody could be told how it ended.
pub fn replay_day(store: &Memory, day: &ArchivedDay) -> Result<RunMessage, ReplayError> {
    let file = |content: &[u8]| {
        // As good as the ETag of a server: it is another one whenever the content is.
        let etag = format!("\"{:016x}-{}\"", fingerprint(content), content.len());
        vec![Ok(Fetched { status: 200, etag: Some(etag), retry_after: None, body: content.to_vec() })]
    };
    let server = ScriptedServer::new([(NYT_URL, file(&day.nyt)), (JHU_URL, file(&day.jhu))]);
    let at = day.date.at(18, 45, 0, 0).to_zoned(TimeZone::UTC).map(|at| at.timestamp()).unwrap_or_default();
    let clock = ManualClock::at(at);
    let refresh = Refresh { nyt_url: NYT_URL, jhu_url: JHU_URL, fetch: &server, store, publish: store, clock: &clock };
    let run_id = format!("replay-{}", day.date);
    match finish(refresh.run(RefreshEvent::default(), &run_id)).map_err(ReplayError::Run)? {
        Ended::Published(message) => Ok(*message),
        Ended::Locked => {
            // Nobody else has this store: a lock is one that a run of before could not delete.
            store.with(|content| content.lock = None);
            replay_day(store, day)
        }
    }
}

/// FNV-1a.
fn fingerprint(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
