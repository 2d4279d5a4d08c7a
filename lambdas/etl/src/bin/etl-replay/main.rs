//! `etl-replay FOLDER`: the refresh over archived files without AWS, and then the API and the page on this machine.

mod serve;

use std::error::Error;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use etl::memory::Memory;
use etl::replay::{archived_days, replay_day};

fn main() -> ExitCode {
    match run(&command().get_matches()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut output = io::stderr();
            // When even this cannot be written, the exit code has to do.
            let _ = writeln!(output, "error: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                let _ = writeln!(output, "  caused by: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    Command::new("etl-replay")
        .about("Runs the refresh over archived files in the order of their dates and prints the message of each run")
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("Folder of jhu_us_DATE.csv; source A is nyt_us_DATE.csv, or made from the former"),
        )
        .arg(
            Arg::new("serve")
                .long("serve")
                .value_name("PORT")
                .value_parser(value_parser!(u16))
                .help("Serves API and page on this port of the loopback interface afterwards"),
        )
        .arg(
            Arg::new("page")
                .long("page")
                .value_name("FOLDER")
                .value_parser(value_parser!(PathBuf))
                .default_value("sites/etl/dist")
                .help("Folder of the built page"),
        )
}

fn run(arguments: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let folder: &PathBuf = arguments.get_one("folder").expect("the folder is required");
    let store = Memory::default();
    let mut output = io::stdout();
    for day in archived_days(folder)? {
        let message = replay_day(&store, &day)?;
        let subject = etl::subject(&message);
        writeln!(output, "{subject}\n{}\n", serde_json::to_string_pretty(&message)?)?;
    }
    if let Some(port) = arguments.get_one::<u16>("serve") {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, *port))?;
        writeln!(output, "serving http://{}/", listener.local_addr()?)?;
        let page: &PathBuf = arguments.get_one("page").expect("the folder of the page has a default");
        serve::serve(&listener, &store, page);
    }
    Ok(())
}
