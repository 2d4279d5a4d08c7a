//! What the handlers of all systems share.
//!
//! A system's library asks the world for what it needs through traits of its own, so that it runs without AWS. What those
//! traits have in common is here: [`Clock`], [`ServiceError`] and, for tests, [`memory`].
//!
//! The feature `handler` adds what a program on Lambda needs around the library:
//!
//! ```no_run
//! # #[cfg(feature = "handler")] mod example {
//! use handler_runtime::{Error, Invocation, load, start};
//! # stackgen_contract::environment! {
//! #     /// What the handler reads at start.
//! #     pub struct GreeterEnv {
//! #         /// Who is greeted.
//! #         name: "NAME",
//! #     }
//! # }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Error> {
//!     start(async || {
//!         let environment = load(GreeterEnv::load)?;
//!         Ok(async move |_: serde_json::Value, _: &Invocation| Ok(format!("hello {}", environment.name)))
//!     })
//!     .await
//! }
//! # }
//! ```
//!
//! - [`start`] begins the logs, makes the handler, and gives it the events, each within a span with the id of its request;
//! - [`aws_config`] and [`failed`] are for the SDK's clients, [`HttpClient`] is for all other servers;
//! - [`batch`] gives the messages of a queue one by one, and names those that failed;
//! - [`api`] is for the requests of an HTTP API, [`metrics`] for figures that go with the log.

#[cfg(feature = "handler")]
pub mod api;
#[cfg(feature = "handler")]
mod aws;
#[cfg(feature = "handler")]
pub mod batch;
mod clock;
mod error;
#[cfg(feature = "handler")]
mod http;
#[cfg(feature = "handler")]
mod logs;
pub mod memory;
#[cfg(feature = "handler")]
pub mod metrics;
#[cfg(feature = "handler")]
mod start;
#[cfg(feature = "handler")]
mod system_clock;

#[cfg(feature = "handler")]
pub use aws::{aws_config, code, failed, is_local};
pub use clock::{Clock, ManualClock};
pub use error::ServiceError;
#[cfg(feature = "handler")]
pub use http::{HttpClient, HttpFailure, HttpLimits, HttpResponse};
#[cfg(feature = "handler")]
pub use lambda_runtime::{Diagnostic, Error};
#[cfg(feature = "handler")]
pub use start::{Invocation, chain, diagnostic, load, start};
#[cfg(feature = "handler")]
pub use system_clock::SystemClock;
