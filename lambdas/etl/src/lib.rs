//! Daily US covid-19 figures with a dashboard.
//!
//! One function refreshes a table of cumulative figures from two sources, another serves it. [`contract`] is what the
//! stacks `etl-backend` and `etl-frontend` and these functions agree on. The feature `figures` adds the work itself,
//! which knows nothing of AWS: [`Refresh`] is a run, [`respond`] answers a request, and both reach the world through the
//! small traits of [`services`]. [`memory`] implements these in memory, for tests and for [`replay`]; the feature `handler`
//! adds `aws`, which implements them with the AWS SDK.

pub mod contract;

#[cfg(feature = "figures")]
pub mod api;
#[cfg(feature = "handler")]
pub mod aws;
#[cfg(feature = "figures")]
mod difference;
#[cfg(feature = "figures")]
mod fetch;
#[cfg(feature = "figures")]
mod message;
#[cfg(feature = "figures")]
mod number;
#[cfg(feature = "figures")]
mod refresh;
#[cfg(feature = "figures")]
mod reject;
#[cfg(feature = "figures")]
mod series;
#[cfg(feature = "figures")]
mod snapshot;
#[cfg(feature = "figures")]
pub mod source;
#[cfg(feature = "figures")]
mod transform;

#[cfg(feature = "figures")]
pub mod memory;
#[cfg(feature = "figures")]
pub mod replay;
#[cfg(feature = "figures")]
pub mod services;

#[cfg(feature = "figures")]
pub use self::{
    api::{Request, Response, respond},
    difference::Difference,
    fetch::{CONNECT_TIMEOUT, MAX_BODY_BYTES, TOTAL_TIMEOUT, check_url},
    message::subject,
    refresh::{Ended, Refresh, RunError},
    reject::{MAX_KEPT, Rejected, Rejects},
    series::{Figures, Series},
    snapshot::{read_snapshot, write_snapshot},
    transform::{Decrease, Joined, join, reported},
};
