//! Where the local AWS answers, and how other programs are told.

use std::fmt;

/// Where the local AWS answers. `Display` writes its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    port: u16,
}

/// The region that the local AWS is used in.
const REGION: &str = "us-east-1";

impl Endpoint {
    pub(super) fn new(port: u16) -> Self {
        Self { port }
    }

    /// The port on 127.0.0.1.
    pub fn port(self) -> u16 {
        self.port
    }

    /// Environment variables that point any AWS tool at it, with their values.
    ///
    /// The key `test` is the root user of account 000000000000. Any key of twelve digits is the root user of the account with
    /// that number.
    pub fn environment(self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT_URL", self.to_string()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "test".to_owned()),
            ("AWS_REGION", REGION.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not `localhost`: clients of S3 would then look for the host `BUCKET.localhost`.
        write!(formatter, "http://127.0.0.1:{}", self.port)
    }
}
