//! What can go wrong with the local AWS.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// Why the local AWS could not be started, stopped or asked.
#[derive(Debug)]
pub struct LocalError {
    message: String,
    hint: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// How many lines of a log an error shows.
const LOG_LINES: usize = 12;

impl LocalError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, cause: None }
    }

    pub(super) fn writing(path: &Path, cause: io::Error) -> Self {
        Self::new(format!("cannot write `{}`", path.display())).cause(cause)
    }

    pub(super) fn reading(path: &Path, cause: io::Error) -> Self {
        Self::new(format!("cannot read `{}`", path.display())).cause(cause)
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(super) fn cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Says how a log ends, and where the rest of it is.
    #[must_use]
    pub(super) fn log_tail(mut self, log: &Path) -> Self {
        // A log that cannot be read leaves the message as it is, which says what is wrong.
        let text = fs::read(log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        for line in &lines[lines.len().saturating_sub(LOG_LINES)..] {
            self.message.push_str("\n  ");
            self.message.push_str(line);
        }
        self.hint(format!("all of its output is in `{}`", log.display()))
    }

    /// What to do, when that is known.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for LocalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for LocalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
