//! Whether messages keep their order.

/// The order in which a queue or topic hands out messages: [`Standard`] or [`Fifo`].
pub trait MessageOrder {
    /// Whether messages of a group are handed out in the order in which they were sent.
    const IS_FIFO: bool;
}

/// Messages in nearly the order in which they were sent, each at least once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {}

/// Messages of a group in the order in which they were sent, each once within five minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fifo {}

impl MessageOrder for Standard {
    const IS_FIFO: bool = false;
}

impl MessageOrder for Fifo {
    const IS_FIFO: bool = true;
}

/// Whether a name or ARN is that of a FIFO queue or topic. The ending is of lower-case letters, always.
pub(super) fn is_fifo_name(name: &str) -> bool {
    name.as_bytes().ends_with(b".fifo")
}
