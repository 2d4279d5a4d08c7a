//! Why an asset cannot be hashed.

use std::fmt;
use std::io;
use std::path::Path;

/// Why an asset cannot be hashed: its sources are missing, or cannot be read.
#[derive(Debug)]
pub struct AssetError {
    message: String,
    hint: Option<String>,
    source: Option<io::Error>,
}

impl AssetError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, source: None }
    }

    /// A file or folder that cannot be read, with the reason.
    pub(super) fn reading(path: &Path, error: io::Error) -> Self {
        Self { source: Some(error), ..Self::new(format!("cannot read `{}`", slashes(path))) }
    }

    #[must_use]
    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for AssetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for AssetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|error| error as _)
    }
}

/// A path for people: `/` between its parts on every system, and no `./` in front.
pub(super) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}
