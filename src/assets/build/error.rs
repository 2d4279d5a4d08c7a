//! Why an asset cannot be built.

use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::assets::AssetError;
use crate::assets::error::slashes;

/// Why an asset cannot be built, or must not be shipped as it was built.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    hint: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl BuildError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, cause: None }
    }

    /// A file or folder with which something failed: `what` is a verb.
    pub(super) fn file(what: &str, path: &Path, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(format!("cannot {what} `{}`", slashes(path))).cause(cause)
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What lies behind it: the failure of a file, or what the compiler wrote.
    #[must_use]
    pub(super) fn cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What to do about it.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl From<AssetError> for BuildError {
    fn from(error: AssetError) -> Self {
        let hint = error.hint().map(str::to_owned);
        let cause = error.source().map(ToString::to_string);
        Self { message: error.to_string(), hint, cause: cause.map(Into::into) }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
