//! Why an assembly cannot be written.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use crate::assets::AssetError;

/// Why an assembly cannot be written.
#[derive(Debug)]
pub struct AssemblyError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl AssemblyError {
    pub(super) fn writing(path: &Path, error: io::Error) -> Self {
        Self { message: format!("cannot write `{}`", path.display()), source: Some(error.into()) }
    }

    pub(super) fn copying(path: &Path, error: io::Error) -> Self {
        Self { message: format!("cannot copy `{}` into the assembly", path.display()), source: Some(error.into()) }
    }

    pub(super) fn asset(error: AssetError) -> Self {
        Self { message: "cannot copy an asset into the assembly".to_owned(), source: Some(error.into()) }
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
