//! Reviews all files below a folder, as the handlers of the stack review those of the bucket.

mod output;
mod walk;

use std::{
    error::Error,
    fs::{self, File},
    io::{self, BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Arg, ArgMatches, Command, value_parser};
use data_review::{Failure, Limits, Review, contract::FailureKind, review};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// One file and what became of it.
#[derive(Debug, Serialize)]
struct Entry {
    /// Path below the folder.
    file: String,
    /// Size in bytes.
    size: u64,
    #[serde(flatten)]
    outcome: Outcome,
}

/// How the review of a file ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// With a summary.
    Review(Box<Review>),
    /// Without one, because of what the file is.
    #[serde(serialize_with = "output::failure")]
    Failure(Failure),
    /// The file could not be opened or read.
    Unavailable(String),
}

impl Outcome {
    /// Whether the command fails: a file could not be read that perhaps should have been.
    fn is_fatal(&self) -> bool {
        match self {
            Self::Review(_) => false,
            Self::Failure(failure) => {
                matches!(failure.kind, FailureKind::Unreadable | FailureKind::TooLarge | FailureKind::Empty)
            }
            Self::Unavailable(_) => true,
        }
    }
}

fn command() -> Command {
    Command::new("review-folder")
        .about("Reviews all files below a folder: oceanographic data in Exchange text and netCDF")
        .after_help(
            "Prints one line for each file. Exits with 0 even if files have findings, with 1 if a file is damaged, \
             too large, empty or cannot be opened.",
        )
        .arg(Arg::new("folder").required(true).value_parser(value_parser!(PathBuf)).help("The folder to review"))
        .arg(
            Arg::new("json").long("json").value_name("FILE").value_parser(value_parser!(PathBuf)).help(
                "Write everything that was found as JSON; `-` writes it to standard output in place of the table",
            ),
        )
        .arg(
            Arg::new("csv")
                .long("csv")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write the statistics of all parameters as CSV, one line for each file and parameter"),
        )
}

fn main() -> ExitCode {
    match run(&command().get_matches()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to do if standard error is closed, too.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reviews the folder and writes the results. Returns whether every file could be read.
fn run(arguments: &ArgMatches) -> Result<bool, Box<dyn Error>> {
    let path = |name| arguments.get_one::<PathBuf>(name);
    let folder = path("folder").ok_or("no folder is named")?;
    let files = walk::files_below(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let progress = progress_bar(files.len() as u64);
    let mut entries = Vec::new();
    for file in files {
        progress.set_message(file.clone());
        entries.push(review_file(folder, file));
        progress.inc(1);
    }
    progress.finish_and_clear();

    if let Some(file) = path("csv") {
        write_to(file, |out| output::csv(out, &entries))?;
    }
    let json = path("json");
    match json {
        Some(file) if file.as_os_str() == "-" => output::json(&mut io::stdout().lock(), &entries)?,
        Some(file) => write_to(file, |out| output::json(out, &entries))?,
        None => {}
    }
    if json.is_none_or(|file| file.as_os_str() != "-") {
        writeln!(io::stdout(), "{}", output::table(&entries).trim_fmt())?;
    }
    Ok(!entries.iter().any(|entry| entry.outcome.is_fatal()))
}

fn progress_bar(files: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    ProgressBar::new(files).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn review_file(folder: &Path, file: String) -> Entry {
    let limits = Limits::default();
    let path = folder.join(&file);
    let read = fs::metadata(&path).and_then(|metadata| {
        // A file beyond the limit is refused by its size and not read into memory before.
        let content = if metadata.len() > limits.object_bytes { None } else { Some(fs::read(&path)?) };
        Ok((metadata.len(), content))
    });
    match read {
        Ok((size, Some(content))) => {
            let outcome =
                review(content, &limits).map_or_else(Outcome::Failure, |review| Outcome::Review(Box::new(review)));
            Entry { file, size, outcome }
        }
        Ok((size, None)) => Entry { file, size, outcome: Outcome::Failure(Failure::object_too_large(size, &limits)) },
        Err(error) => Entry { file, size: 0, outcome: Outcome::Unavailable(error.to_string()) },
    }
}

fn write_to(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let named = |error: Box<dyn Error>| format!("{}: {error}", path.display());
    let mut out = BufWriter::new(File::create(path).map_err(|error| named(error.into()))?);
    write(&mut out).map_err(named)?;
    out.flush().map_err(|error| named(error.into()))?;
    Ok(())
}
