//! The harness itself: servers that misbehave as they are told.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::io::Read;

use system_tests::{Loopback, Reply};

#[test]
fn a_loopback_server_answers_cuts_bodies_and_remembers_requests() {
    let server = Loopback::start(|request| match request.path.as_str() {
        "/cut" => Reply::new(200, "0123456789").cut_after(4),
        path => Reply::new(201, path.to_owned()).header("etag", "\"1\""),
    });
    let mut answer = ureq::get(format!("{}/a?b=c", server.url)).header("x-asked", "yes").call().unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["etag"].to_str().unwrap()), (201, "\"1\""));
    assert_eq!(answer.body_mut().read_to_string().unwrap(), "/a?b=c");

    let cut = ureq::get(format!("{}/cut", server.url)).call().unwrap();
    let mut body = Vec::new();
    assert!(cut.into_body().into_reader().read_to_end(&mut body).is_err());
    assert_eq!(body, b"0123");

    server.set(|_| Reply::new(503, ""));
    assert!(ureq::get(&server.url).call().is_err());
    let requests = server.requests();
    assert_eq!(requests.iter().map(|request| request.path.as_str()).collect::<Vec<_>>(), ["/a?b=c", "/cut", "/"]);
    assert_eq!(requests[0].header("x-asked"), Some("yes"));
}
