//! Why an assembly cannot be written or read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use crate::assets::AssetError;

/// Why an assembly cannot be written or read.
#[derive(Debug)]
pub struct AssemblyError {
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl AssemblyError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, source: None }
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

    /// The file at `path` is not what synthesis writes.
    pub(super) fn content(path: &Path, what: &dyn fmt::Display) -> Self {
        Self::new(format!("`{}`: {what}", path.display())).with_hint("write the assembly again, with `synth`")
    }

    pub(super) fn reading(path: &Path, error: io::Error) -> Self {
        Self { source: Some(error.into()), ..Self::new(format!("cannot read `{}`", path.display())) }
    }

    pub(super) fn writing(path: &Path, error: io::Error) -> Self {
        Self { source: Some(error.into()), ..Self::new(format!("cannot write `{}`", path.display())) }
    }

    /// `directory` holds a file that stackgen did not write, where one of the assembly belongs.
    pub(super) fn foreign(directory: &Path, name: &str) -> Self {
        Self::new(format!(
            "`{}` holds a `{name}` that stackgen did not write; nothing was written",
            directory.display()
        ))
        .with_hint("choose another folder, or remove the file")
    }

    pub(super) fn copying(path: &Path, error: io::Error) -> Self {
        Self { source: Some(error.into()), ..Self::new(format!("cannot copy `{}` into the assembly", path.display())) }
    }

    pub(super) fn asset(error: AssetError) -> Self {
        Self { source: Some(error.into()), ..Self::new("cannot copy an asset into the assembly") }
    }
}

impl fmt::Display for AssemblyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for AssemblyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|error| &**error as _)
    }
}
