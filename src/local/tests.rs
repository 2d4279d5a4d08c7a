//! The life of a server, with a stand-in for Python where the real one would take too long.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A folder that is removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("stackgen-local-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn local(&self) -> LocalAws {
        LocalAws::at(&self.0)
    }

    /// Has `script` stand where the Python of an installation is.
    fn install(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt;

        let environment = self.0.join(format!("ministack-{MINISTACK_VERSION}"));
        fs::create_dir_all(environment.join("bin")).unwrap();
        let python = environment.join("bin/python");
        fs::write(&python, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
        install::mark_complete(&environment).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = self.local().stop();
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn an_empty_folder_has_no_server() {
    let folder = Folder::new();
    assert_eq!(folder.local().status().unwrap(), Status::Stopped);
    assert!(!folder.local().stop().unwrap());
    let error = folder.local().reset().unwrap_err();
    assert_eq!(error.to_string(), "the local AWS does not run");
    assert!(error.hint_text().unwrap().contains("local start"));
}

#[test]
fn a_server_that_ends_at_once_is_an_error_with_its_last_words_and_leaves_no_record() {
    let folder = Folder::new();
    folder.install("echo 'no module named ministack' >&2; exit 7");
    let error = folder.local().start(None, &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("exit status: 7"), "{error}");
    assert!(error.to_string().contains("no module named ministack"), "{error}");
    assert_eq!(folder.local().status().unwrap(), Status::Stopped);
    assert!(!folder.0.join("server.json").exists());
}

#[test]
fn a_wanted_port_that_is_taken_is_an_error() {
    let folder = Folder::new();
    folder.install("exit 1");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = folder.local().start(Some(port), &mut |_| {}).unwrap_err();
    assert_eq!(error.to_string(), format!("port {port} cannot be used"));
}

#[test]
fn a_record_of_a_process_that_is_another_by_now_is_no_server_and_ends_nothing() {
    let folder = Folder::new();
    let mut other = std::process::Command::new("sleep").arg("60").spawn().unwrap();
    Record { process: other.id(), port: 1 }.write(&folder.0).unwrap();
    assert_eq!(folder.local().status().unwrap(), Status::Stopped);
    assert!(!folder.local().stop().unwrap());
    assert!(other.try_wait().unwrap().is_none(), "it was ended");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_record_that_another_wrote_is_an_error_that_says_what_to_do() {
    let folder = Folder::new();
    for text in ["", "{", "[]", r#"{"process": -1, "port": 1}"#, r#"{"process": 1, "port": 70000}"#] {
        fs::write(folder.0.join("server.json"), text).unwrap();
        let error = folder.local().status().unwrap_err();
        assert!(error.to_string().ends_with("is not what this program wrote"), "{text}: {error}");
    }
    fs::remove_file(folder.0.join("server.json")).unwrap();
}

#[test]
fn an_endpoint_names_the_address_that_clients_of_s3_use_as_it_is() {
    let endpoint = Endpoint::new(4_566);
    assert_eq!(endpoint.to_string(), "http://127.0.0.1:4566");
    assert!(endpoint.environment().contains(&("AWS_ENDPOINT_URL", "http://127.0.0.1:4566".to_owned())));
}
