//! What is needed of the queues.

use std::future::Future;

use handler_runtime::ServiceError;

use crate::contract::{FileMessage, Route};

/// The queues of the three handlers.
pub trait Queues {
    /// Sends a message to the queue of a route. A route without a queue is an error of the caller.
    fn send(&self, route: Route, message: &FileMessage) -> impl Future<Output = Result<(), ServiceError>>;
}
