//! Files that have no summary.

use std::fmt;

use crate::{
    contract::{FailureKind, FileType, Route},
    limits::Limits,
};

/// Characters of a [`Failure::message`].
const MESSAGE_CHARACTERS: usize = 1_000;

/// Why a file has no summary. It is a property of the file: trying again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind of failure.
    pub kind: FailureKind,
    /// What the file was taken for, as far as that was found out.
    pub detected_type: FileType,
    /// What happened, where, and what to do: at most 1,000 characters.
    pub message: String,
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, detected_type: FileType, message: impl Into<String>) -> Self {
        Self { kind, detected_type, message: crate::text::clipped(message.into(), MESSAGE_CHARACTERS) }
    }

    /// The failure of a file that is larger than is read: to be had before its content.
    pub fn object_too_large(size: u64, limits: &Limits) -> Self {
        let message = format!("{size} bytes, and at most {} are read: split the file", limits.object_bytes);
        Self::too_large(FileType::Unknown, message)
    }

    /// The failure of a file without content.
    pub fn empty() -> Self {
        Self::new(FailureKind::Empty, FileType::Unknown, "the file has no bytes: send it again")
    }

    pub(crate) fn too_large(detected_type: FileType, message: impl Into<String>) -> Self {
        Self::new(FailureKind::TooLarge, detected_type, message)
    }

    pub(crate) fn unreadable(detected_type: FileType, message: impl Into<String>) -> Self {
        Self::new(FailureKind::Unreadable, detected_type, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Ends the review of a file that has no reader.
pub(crate) fn refuse(file_type: FileType) -> Result<(), Failure> {
    match file_type.route() {
        Route::Bottle | Route::Ctd | Route::Netcdf => Ok(()),
        Route::Unsupported => Err(Failure::new(
            FailureKind::Unsupported,
            file_type,
            "no handler reads files of this kind: send Exchange text, WHP netCDF or CF netCDF of the same data",
        )),
        Route::Unrecognised => Err(Failure::new(
            FailureKind::Unrecognised,
            file_type,
            "neither magic bytes nor the first lines are those of a known kind: an Exchange file starts with BOTTLE or CTD",
        )),
    }
}
