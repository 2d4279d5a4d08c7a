//! What tests share, of the library, of the functions and of the five systems:
//!
//! - [`Loopback`], an HTTP server that stands for that of somebody else, and misbehaves as it is told;
//! - [`RuntimeApi`], what Lambda is to a function's process;
//! - with the feature `local-aws`, `LocalAws`, a local AWS that ends with the test's process.

#![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

#[cfg(all(feature = "local-aws", unix))]
mod local_aws;
mod loopback;
mod runtime_api;

#[cfg(all(feature = "local-aws", unix))]
pub use local_aws::LocalAws;
pub use loopback::{Loopback, Reply, Request};
pub use runtime_api::RuntimeApi;
