//! API and page over plain HTTP, for one person on this machine.

use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path};
use std::thread;
use std::time::Duration;

use etl::contract::{Granularity, site};
use etl::memory::{Memory, finish};
use etl::{Request, Response, respond};

/// Bytes that a request may have.
const REQUEST_BYTES: u64 = 16 << 10;
/// How long a browser may be silent.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An answer that is ready to be sent.
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// Answers requests until the program is ended.
pub(super) fn serve(listener: &TcpListener, store: &Memory, page: &Path) {
    thread::scope(|scope| {
        for connection in listener.incoming() {
            // What is wrong with a connection is the browser's business: it asks again.
            scope.spawn(|| connection.and_then(|connection| answer(&connection, store, page)));
        }
    });
}

/// Answers one request, and closes.
fn answer(connection: &TcpStream, store: &Memory, page: &Path) -> io::Result<()> {
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.set_write_timeout(Some(TIMEOUT))?;
    let mut lines = BufReader::new(connection.take(REQUEST_BYTES)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut if_none_match = None;
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("if-none-match")
        {
            if_none_match = Some(value.trim().to_owned());
        }
    }
    let mut words = request.split(' ');
    let reply = match (words.next(), words.next()) {
        (Some("GET"), Some(target)) => reply(target, if_none_match.as_deref(), store, page),
        _ => Reply { status: 405, headers: vec![("allow", "GET".to_owned())], body: Vec::new() },
    };
    let mut output = BufWriter::new(connection);
    write!(output, "HTTP/1.1 {} \r\nconnection: close\r\ncontent-length: {}\r\n", reply.status, reply.body.len())?;
    for (name, value) in reply.headers {
        write!(output, "{name}: {value}\r\n")?;
    }
    output.write_all(b"\r\n")?;
    output.write_all(&reply.body)?;
    output.flush()
}

fn reply(target: &str, if_none_match: Option<&str>, store: &Memory, page: &Path) -> Reply {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if Granularity::of_path(path).is_some() {
        let response = finish(respond(store, Request { path, query, if_none_match }));
        let Response { status, headers, body } = response.unwrap_or_else(|_| Response::internal_error());
        return Reply { status, headers, body: body.into_bytes() };
    }
    if path.trim_start_matches('/') == site::CONFIG_FILE {
        // The API is where the page is.
        let config = serde_json::json!({ (site::API_URL): "" }).to_string();
        let headers = vec![("content-type", "application/json".to_owned()), ("cache-control", "no-cache".to_owned())];
        return Reply { status: 200, headers, body: config.into_bytes() };
    }
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    match file(page, name) {
        Some(body) => Reply { status: 200, headers: headers_of(name), body },
        None => {
            let body = file(page, "404.html").unwrap_or_default();
            Reply { status: 404, headers: headers_of("404.html"), body }
        }
    }
}

/// A file of the page; none when there is none, or it is elsewhere.
fn file(page: &Path, name: &str) -> Option<Vec<u8>> {
    let name = Path::new(name);
    name.components().all(|part| matches!(part, Component::Normal(_))).then(|| fs::read(page.join(name)).ok())?
}

/// The headers that the page has from its distribution, as far as they change what it may do.
fn headers_of(name: &str) -> Vec<(&'static str, String)> {
    let content_type = match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    vec![
        ("content-type", content_type.to_owned()),
        ("content-security-policy", "default-src 'self'; connect-src 'self'".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("cache-control", "no-cache".to_owned()),
    ]
}
