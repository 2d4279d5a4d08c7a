//! The local AWS, and the account of these tests in it.

use std::path::{Path, PathBuf};

use serde_json::Value;
use test_support::LocalAws;

/// The account of all tests.
const ACCOUNT: &str = "100000000001";

/// A local AWS that ends with the test's process, however that ends.
#[derive(Debug)]
pub struct Server {
    /// Where it answers.
    pub endpoint: String,
    /// A folder for files of the test, removed with the process.
    pub folder: PathBuf,
    local: LocalAws,
}

impl Server {
    /// Starts one. A machine without Python, or without the packages and a package index, fails the test with what to do.
    pub fn start() -> Self {
        let local = LocalAws::start();
        Self { endpoint: local.endpoint.clone(), folder: local.folder.clone(), local }
    }

    /// Key and secret of the root of the account.
    pub fn access_key(&self) -> (String, String) {
        (ACCOUNT.to_owned(), "test".to_owned())
    }

    /// The header that says which account a request over HTTP is for: without it, APIs and distributions of the tests' account
    /// are not found.
    pub fn authorization(&self) -> (&'static str, String) {
        let scope = format!("{ACCOUNT}/20200101/us-east-1/execute-api/aws4_request");
        ("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"))
    }

    /// The Python of the local AWS, with `boto3`.
    pub fn python(&self) -> &Path {
        self.local.python()
    }

    /// Calls an operation of a service as root, by its name in `boto3`: `call("s3", "get_object", json!({…}))`. An error is
    /// its code with its message.
    pub fn try_call(&self, service: &str, operation: &str, arguments: Value) -> Result<Value, String> {
        let answer = self.local.call(ACCOUNT, service, operation, arguments);
        answer.map_err(|(code, message)| format!("{code}: {message}"))
    }
}
