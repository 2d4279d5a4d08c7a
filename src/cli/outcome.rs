//! What building an app gives back.

use std::error::Error;

/// What the function that builds an app may give back: nothing, or an error that ends the run.
pub trait BuildOutcome {
    /// The error, if there is one.
    fn error(self) -> Option<Box<dyn Error>>;
}

impl BuildOutcome for () {
    fn error(self) -> Option<Box<dyn Error>> {
        None
    }
}

impl<E: Into<Box<dyn Error>>> BuildOutcome for Result<(), E> {
    fn error(self) -> Option<Box<dyn Error>> {
        self.err().map(Into::into)
    }
}
