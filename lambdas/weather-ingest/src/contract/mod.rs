//! What the stack and its handlers agree on: environments, the data of the state machine, columns, keys.
//!
//! | binary | environment | reads | returns |
//! | --- | --- | --- | --- |
//! | [`RETRIEVE`] | [`RetrieveEnv`] | [`RetrieveEvent`] | [`RetrieveResult`] |
//! | [`CURATE`] | [`CurateEnv`] | [`CurateInput`] | [`CurateResult`] |

pub mod columns;
mod environment;
mod execution;
pub mod keys;
mod location;
pub mod states;
#[cfg(test)]
mod tests;

pub use columns::{COLUMNS, Column, ColumnType};
pub use environment::{CurateEnv, RetrieveEnv};
pub use execution::{
    CurateInput, CurateResult, ErrorClass, Failure, Notification, RetrieveEvent, RetrieveInput, RetrieveResult,
    WeatherSource,
};
pub use location::{Location, LocationError};

/// Binary that fetches and keeps the weather of an hour.
pub const RETRIEVE: &str = "weather-retrieve";
/// Binary that converts it to a row.
pub const CURATE: &str = "weather-curate";

/// Output of the stack: ARN of the state machine, which the back-fill starts executions of.
pub const STATE_MACHINE_OUTPUT: &str = "StateMachineArn";
