#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const KEY: &str = "key=0123456789abcdef";

/// A server that sends each of these answers on a connection of its own, and then is silent until the client goes. Gives
/// its URL and the requests.
fn serve(answers: Vec<Vec<u8>>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (noted, requests) = channel();
    thread::spawn(move || {
        for answer in answers {
            let mut stream = listener.accept().unwrap().0;
            let head = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
            let _ = noted.send(head.collect::<Vec<_>>().join("\n").to_lowercase());
            if answer.is_empty() {
                // Says nothing, for longer than any test waits.
                thread::sleep(Duration::from_secs(30));
            }
            let _ = stream.write_all(&answer);
        }
    });
    (url, requests)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes(), body].concat()
}

const LIMITS: HttpLimits =
    HttpLimits { connect: Duration::from_secs(5), total: Duration::from_secs(5), body: 10, redirects: 1 };

fn get(limits: HttpLimits, url: &str) -> Result<HttpResponse, HttpFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(HttpClient::new("tests", limits).unwrap().get(&format!("{url}/?{KEY}"), &[("x-asked", "yes")]))
}

#[track_caller]
fn told(result: Result<HttpResponse, HttpFailure>) -> String {
    match result.unwrap_err() {
        HttpFailure::Network(told) => {
            assert!(!told.contains(KEY) && !told.contains("http://"), "{told}");
            told
        }
        HttpFailure::TooLarge => panic!("the body is not too large"),
    }
}

#[test]
fn an_answer_of_any_status_is_an_answer() {
    let (url, requests) = serve(vec![answer("418 Teapot\r\netag: \"e\"\r\ncontent-length: 3", b"abc")]);
    let response = get(LIMITS, &url).unwrap();
    assert_eq!((response.status, response.header("etag"), response.body.as_slice()), (418, Some("\"e\""), &b"abc"[..]));
    assert_eq!(response.header("retry-after"), None);
    let request = requests.recv().unwrap();
    assert!(request.starts_with(&format!("get /?{KEY} ")), "{request}");
    for header in ["user-agent: tests", "x-asked: yes", "accept-encoding: gzip"] {
        assert!(request.contains(header), "{request}");
    }
}

#[test]
fn a_body_is_read_up_to_the_limit() {
    let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
    zipped.write_all(&vec![b'0'; 100_000]).unwrap();
    let zipped = zipped.finish().unwrap();
    let (url, _) = serve(vec![
        answer("200 OK\r\ncontent-length: 10", b"0123456789"),
        answer("200 OK\r\ncontent-length: 11", b""),
        answer("200 OK", b"0123456789a"),
        answer("200 OK\r\ncontent-encoding: gzip", &zipped),
        answer("200 OK\r\ncontent-encoding: gzip", &zipped),
    ]);
    assert_eq!(get(LIMITS, &url).unwrap().body, b"0123456789");
    // Announced, found while reading, and found while decompressing.
    for _ in 0..3 {
        assert_eq!(get(LIMITS, &url), Err(HttpFailure::TooLarge));
    }
    assert_eq!(get(HttpLimits { body: 100_000, ..LIMITS }, &url).unwrap().body.len(), 100_000);
}

#[test]
fn a_body_that_is_cut_is_no_answer() {
    let cut = answer("200 OK\r\ntransfer-encoding: chunked", b"3\r\nabc\r\n");
    let (url, _) = serve(vec![answer("200 OK\r\ncontent-length: 9", b"abc"), cut]);
    for _ in 0..2 {
        told(get(LIMITS, &url));
    }
}

#[test]
fn a_silent_server_is_given_up() {
    let (url, _) = serve(vec![Vec::new()]);
    let told = told(get(HttpLimits { total: Duration::from_millis(200), ..LIMITS }, &url));
    assert!(told.starts_with("no answer in time: "), "{told}");
}

#[test]
fn an_error_does_not_tell_the_url() {
    // Nobody listens any more.
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    assert!(told(get(LIMITS, &format!("http://{address}"))).contains("refused"));
    assert!(get(LIMITS, "no url").is_err_and(|error| matches!(error, HttpFailure::Network(_))));
}

#[test]
fn so_many_redirections_are_followed() {
    let (last, _) = serve(vec![answer("200 OK", b"here"), answer("200 OK", b"here")]);
    let moved = |to: &str| answer(&format!("302 Found\r\nlocation: {to}/"), b"");
    let (second, _) = serve(vec![moved(&last)]);
    let (first, _) = serve(vec![moved(&last), moved(&second), moved(&last)]);
    assert_eq!(get(LIMITS, &first).unwrap().body, b"here");
    assert_eq!(get(LIMITS, &first).unwrap().status, 302);
    assert_eq!(get(HttpLimits { redirects: 0, ..LIMITS }, &first).unwrap().status, 302);
}

#[test]
fn what_is_encrypted_stays_so() {
    let url = |text: &str| Url::parse(text).unwrap();
    for (from, to, follows) in
        [("https", "https", true), ("https", "http", false), ("http", "http", true), ("http", "https", true)]
    {
        let found = stays_encrypted(&url(&format!("{from}://a/")), &url(&format!("{to}://b/")));
        assert_eq!(found, follows, "{from} {to}");
    }
}

#[test]
fn head_tells_of_a_body_over_the_limit_and_reads_none() {
    let (url, requests) = serve(vec![answer("200 OK\r\ncontent-length: 5000000000", b"")]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let found = runtime.block_on(HttpClient::new("tests", LIMITS).unwrap().head(&url, &[])).unwrap();
    assert_eq!((found.status, found.header("content-length"), found.body.len()), (200, Some("5000000000"), 0));
    let request = requests.recv().unwrap();
    assert!(request.starts_with("head / ") && request.contains("accept-encoding: identity"), "{request}");
}

#[test]
fn a_body_is_posted() {
    let (url, requests) = serve(vec![answer("201 Created\r\ncontent-length: 2", b"ok")]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = HttpClient::new("tests", LIMITS).unwrap();
    let found = runtime.block_on(client.post(&url, &[("x-asked", "yes")], b"Action=Run".to_vec())).unwrap();
    assert_eq!((found.status, &found.body[..]), (201, &b"ok"[..]));
    let request = requests.recv().unwrap();
    assert!(request.starts_with("post / "), "{request}");
    assert!(request.contains("content-length: 10") && request.contains("x-asked: yes"), "{request}");
}
