//! `bus-feeds`: serves simulated feeds on loopback, and misbehaves when asked to.
//!
//! `/gtfsrt`, `/siri` and `/njxml` are the feeds; `?faults=truncated,corrupt` and so on what they do wrong, `?time=` the
//! time that they show, in seconds since 1970.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bus_observatory::feeds::FeedType;
use bus_observatory::simulate::{Fault, Fleet};
use clap::{Arg, Command, value_parser};
use jiff::Timestamp;

/// How long a slow feed takes: longer than an attempt of a grab.
const SLOW: Duration = Duration::from_secs(20);
/// The longest request that is read, in bytes.
const MAXIMUM_REQUEST: u64 = 64 << 10;

/// What is served.
struct Server {
    fleet: Fleet,
    key: Option<String>,
}

fn main() -> ExitCode {
    let matches = Command::new("bus-feeds")
        .about("Serves simulated bus feeds on loopback")
        .arg(Arg::new("port").long("port").default_value("0").value_parser(value_parser!(u16)).help("0 for a free one"))
        .arg(Arg::new("seed").long("seed").default_value("1").value_parser(value_parser!(u64)).help("Of the city"))
        .arg(
            Arg::new("vehicles")
                .long("vehicles")
                .default_value("2500")
                .value_parser(value_parser!(u64))
                .help("How many"),
        )
        .arg(Arg::new("key").long("key").help("What the query or a header must contain, else the status is 401"))
        .get_matches();
    let number = |name| matches.get_one::<u64>(name).copied().unwrap_or_default();
    let server = Server {
        fleet: Fleet::new(number("seed"), number("vehicles")),
        key: matches.get_one::<String>("key").cloned(),
    };
    let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
    match run(&Arc::new(server), port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(server: &Arc<Server>, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    // Who started it reads the port from the first line.
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    io::stdout().flush()?;
    for stream in listener.incoming() {
        let server = Arc::clone(server);
        let stream = stream?;
        std::thread::spawn(move || {
            // A client that goes away is its own business.
            let _ = server.serve(stream);
        });
    }
    Ok(())
}

impl Server {
    fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?).take(MAXIMUM_REQUEST);
        let mut request = String::new();
        while reader.read_line(&mut request)? > 2 {}
        let target = request.split_whitespace().nth(1).unwrap_or("/");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if self.key.as_ref().is_some_and(|key| !request.contains(key.as_str())) {
            return respond(&mut stream, "401 Unauthorized", "text/plain", b"no key");
        }
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let Some(feed_type) = FeedType::ALL.into_iter().find(|known| path.trim_matches('/') == known.name()) else {
            return respond(&mut stream, "404 Not Found", "text/plain", b"the feeds are /gtfsrt, /siri and /njxml");
        };
        let faults: Result<Vec<Fault>, _> =
            value("faults").unwrap_or_default().split(',').filter(|name| !name.is_empty()).map(str::parse).collect();
        let Ok(faults) = faults else {
            return respond(&mut stream, "400 Bad Request", "text/plain", b"no such fault");
        };
        let now = value("time").and_then(|time| time.parse().ok()).unwrap_or_else(|| Timestamp::now().as_second());
        if faults.contains(&Fault::Slow) {
            std::thread::sleep(SLOW);
        }
        if faults.contains(&Fault::Error) {
            return respond(&mut stream, "500 Internal Server Error", "text/html", b"<html>sorry</html>");
        }
        let body = self.fleet.body(feed_type, now, &faults);
        respond(&mut stream, "200 OK", media_type(feed_type, &faults), &body)
    }
}

fn media_type(feed_type: FeedType, faults: &[Fault]) -> &'static str {
    match feed_type {
        _ if faults.contains(&Fault::Html) => "text/html",
        FeedType::Gtfsrt => "application/x-protobuf",
        FeedType::Siri => "application/json",
        FeedType::Njxml => "text/xml",
    }
}

fn respond(stream: &mut TcpStream, status: &str, media_type: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(body)?;
    stream.flush()
}
