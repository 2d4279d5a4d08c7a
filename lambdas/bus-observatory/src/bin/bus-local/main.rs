//! `bus-local`: grabs feeds into a folder, merges the hours of the folder, and answers requests from it.

mod client;

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use bus_observatory::answer::{Request, answer};
use bus_observatory::compact::{Selection, compact, select};
use bus_observatory::contract::{CompactEvent, CompactReport};
use bus_observatory::decode::decode;
use bus_observatory::feeds::{Configuration, Feed, FeedType};
use bus_observatory::fetch::{Call, fetch};
use bus_observatory::file::{Compression, encode};
use bus_observatory::grab::grab;
use bus_observatory::storage::Folder;
use bus_observatory::table::Layout;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command, value_parser};
use jiff::Timestamp;

use self::client::Client;

/// The environment variable with the key of a feed.
const KEY: &str = "BUS_OBSERVATORY_KEY";

fn main() -> ExitCode {
    match run(&command().get_matches()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    let path = |name, help| Arg::new(name).help(help).required(true).value_parser(value_parser!(PathBuf));
    let lake = || path("lake", "Folder of the lake");
    let feeds = || {
        let argument = path("feeds", "The file of feeds").long("feeds").required(false);
        argument.default_value("feeds.json")
    };
    let system_id = || Arg::new("system_id").help("Id of the feed").required(true);
    let time = |name: &'static str, help| Arg::new(name).long(name).help(help).value_name("TIME");
    Command::new("bus-local")
        .about("Collects bus feeds into a folder as the stack bus-observatory does into its bucket")
        .subcommand_required(true)
        .subcommand(
            Command::new("grab")
                .about(format!("Fetches a feed and writes its new rows. The key, if any, is in {KEY}"))
                .args([lake(), system_id(), feeds()])
                .arg(Arg::new("source").long("source").help("A file or URL in place of the feed's own"))
                .arg(time("scheduled", "When the grab was planned for, now by default"))
                .arg(time("fetched", "When the body was fetched, now by default")),
        )
        .subcommand(
            Command::new("compact")
                .about("Merges the files of hours that are over")
                .args([lake(), system_id()])
                .arg(time("from", "The first hour, three days ago by default"))
                .arg(time("to", "The last hour")),
        )
        .subcommand(
            Command::new("get")
                .about("Answers a request of the API")
                .args([lake(), Arg::new("path").help("Path and query, such as `/feeds`").required(true), feeds()])
                .arg(Arg::new("accept").long("accept").help("The header `Accept`")),
        )
        .subcommand(
            Command::new("decode")
                .about("Writes the rows of a body as a Parquet file")
                .arg(
                    Arg::new("type")
                        .help("The format of the body")
                        .required(true)
                        .value_parser(PossibleValuesParser::new(FeedType::ALL.map(FeedType::name))),
                )
                .args([path("body", "The body"), path("output", "The Parquet file")])
                .arg(time("fetched", "When the body was fetched, now by default")),
        )
}

fn run(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    match matches.subcommand() {
        Some(("grab", matches)) => run_grab(matches),
        Some(("compact", matches)) => run_compact(matches),
        Some(("get", matches)) => run_get(matches),
        Some(("decode", matches)) => run_decode(matches),
        _ => Ok(()),
    }
}

fn run_grab(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let mut feed = feed(matches)?;
    let body = match matches.get_one::<String>("source") {
        Some(source) if !source.contains("://") => fs::read(source).map_err(|error| format!("{source}: {error}"))?,
        source => {
            if let Some(url) = source {
                feed.url.clone_from(url);
            }
            let key = std::env::var(KEY).ok();
            let call = Call::new(&feed, key.as_deref()).ok_or_else(|| format!("the feed needs a key in {KEY}"))?;
            let client = Client::new();
            fetch(&client, &client, &call)?
        }
    };
    let (scheduled, fetched) = (time(matches, "scheduled")?, time(matches, "fetched")?);
    let report = grab(&folder(matches)?, &feed, scheduled, fetched, &body)?;
    print(&serde_json::to_string(&report)?)
}

fn run_compact(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let text = |name| matches.get_one::<String>(name).cloned();
    let system_id = text("system_id").unwrap_or_default();
    let event = CompactEvent { system_id, from: text("from"), to: text("to") };
    let (folder, now) = (folder(matches)?, Timestamp::now().as_microsecond());
    let mut total = CompactReport::default();
    for hour in select(&folder, &event.system_id, Selection::of(&event)?, now)? {
        total.add(&compact(&folder, &event.system_id, hour, now)?);
    }
    print(&serde_json::to_string(&total)?)
}

fn run_get(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let text = |name| matches.get_one::<String>(name).map(String::as_str);
    let path = text("path").unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let feeds = configuration(matches)?.feeds;
    let (answer, cause) = answer(&Request::new(path, query, text("accept")), &feeds, &folder(matches)?);
    let mut output = io::stdout().lock();
    output.write_all(&answer.body)?;
    output.flush()?;
    match (answer.status, cause) {
        (200, _) => Ok(()),
        (status, Some(cause)) => Err(format!("status {status}: {cause}").into()),
        (status, None) => Err(format!("status {status}").into()),
    }
}

fn run_decode(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let name = matches.get_one::<String>("type");
    let feed_type = FeedType::ALL.into_iter().find(|feed_type| name.is_some_and(|name| name == feed_type.name()));
    let feed_type = feed_type.ok_or("no such format")?;
    let path = |name| matches.get_one::<PathBuf>(name).ok_or("a path is missing");
    let body = fs::read(path("body")?)
        .map_err(|error| format!("{}: {error}", path("body").unwrap_or(&PathBuf::new()).display()))?;
    let decoded = decode(feed_type, &body, time(matches, "fetched")?.as_microsecond())?;
    let (rejected, partial, rows) = (decoded.rejected, decoded.partial, decoded.table.len());
    fs::write(path("output")?, encode(Layout::standard(feed_type), decoded.table, Compression::Snappy, &[])?)?;
    print(&serde_json::json!({"rows": rows, "rejected": rejected, "partial": partial}).to_string())
}

fn configuration(matches: &ArgMatches) -> Result<Configuration, Box<dyn Error>> {
    let path = matches.get_one::<PathBuf>("feeds").ok_or("the file of feeds is missing")?;
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    Configuration::read(&text, &name)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into())
}

fn feed(matches: &ArgMatches) -> Result<Feed, Box<dyn Error>> {
    let id = matches.get_one::<String>("system_id").ok_or("the id of the feed is missing")?;
    let found = configuration(matches)?.feeds.into_iter().find(|feed| feed.system_id == *id);
    found.ok_or_else(|| format!("there is no feed `{id}`").into())
}

fn folder(matches: &ArgMatches) -> Result<Folder, Box<dyn Error>> {
    Ok(Folder::new(matches.get_one::<PathBuf>("lake").ok_or("the folder of the lake is missing")?)?)
}

fn time(matches: &ArgMatches, name: &str) -> Result<Timestamp, Box<dyn Error>> {
    match matches.get_one::<String>(name) {
        Some(text) => text.parse().map_err(|error| format!("--{name}: {error}").into()),
        None => Ok(Timestamp::now()),
    }
}

fn print(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
