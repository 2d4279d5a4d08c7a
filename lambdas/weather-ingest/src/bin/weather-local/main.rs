//! `weather-local --body FILE --time T --out DIR`: the row of a saved body, without AWS.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use weather_ingest::contract::{CurateInput, Location, RetrieveInput, RetrieveResult};
use weather_ingest::memory::{Memory, finish};
use weather_ingest::{Curate, Hour, Observation};

fn main() -> ExitCode {
    match run(&command().get_matches()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When even this cannot be written, the exit code has to do.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    let path = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).required(true).value_parser(value_parser!(PathBuf)).help(help)
    };
    Command::new("weather-local")
        .about("Writes the Parquet file of a saved body of the weather API")
        .arg(path("body", "FILE", "The body, of current conditions or of a day of history"))
        .arg(
            Arg::new("time")
                .long("time")
                .value_name("T")
                .required(true)
                .help("Any time within the hour, such as 2025-03-01T05:00:00Z"),
        )
        .arg(path("out", "DIR", "Folder that the file goes to, below the path that it has in the bucket"))
        .arg(
            Arg::new("location")
                .long("location")
                .value_name("ID")
                .default_value("marysville")
                .help("Id of the location"),
        )
}

fn run(arguments: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let path = |name: &str| arguments.get_one::<PathBuf>(name).expect("the path is required");
    let text = |name: &str| arguments.get_one::<String>(name).expect("the text is required or has a default");
    let (file, out) = (path("body"), path("out"));
    let body = fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let (hour, location) = (Hour::of(text("time"))?, Location::new(text("location"), "-")?);

    let store = Memory::default();
    let key = hour.raw_key(location.id());
    let source = Observation::source_of(&body);
    store.with(|content| content.raw.insert(key.clone(), vec![(body, None)]));
    let input = CurateInput {
        input: RetrieveInput {
            location_id: location.id().to_owned(),
            q: location.q().to_owned(),
            scheduled_time: hour.start().to_string(),
            refetch: false,
            backfill: false,
        },
        // When the body was saved is not known, and the same body is to give the same file.
        retrieve: RetrieveResult {
            key,
            version_id: "1".to_owned(),
            source,
            fetched_at: hour.start().to_string(),
            attempts: 0,
            reused: true,
        },
    };
    let result = finish(Curate { store: &store }.run(&input))?;
    for (key, content) in store.with(|content| content.curated.clone()) {
        let path = out.join(key);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
        }
        fs::write(&path, content).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    }
    writeln!(io::stdout(), "{}", serde_json::to_string(&result)?)?;
    Ok(())
}
