//! AWS behind the traits of this library.
//!
//! The library blocks and the SDK does not: what waits does so on a thread for blocking work, see [`blocking`], while the
//! thread of the runtime keeps the connections going.

mod feed_list;
mod keys;
mod s3;
mod web;

use handler_runtime::{Diagnostic, diagnostic};

pub use feed_list::FeedList;
pub use keys::Keys;
pub use s3::{Missing, S3};
pub use web::Web;

/// Runs a step of the library on a thread for blocking work. A panic there is the failure of the invocation.
pub async fn blocking<T: Send + 'static>(step: impl FnOnce() -> T + Send + 'static) -> Result<T, Diagnostic> {
    tokio::task::spawn_blocking(step).await.map_err(|error| diagnostic("Panicked", error))
}
