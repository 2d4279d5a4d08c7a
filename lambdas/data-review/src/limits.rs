//! How much of a file is too much.

/// What a review accepts at most. Anything beyond ends it with [`FailureKind::TooLarge`].
///
/// [`FailureKind::TooLarge`]: crate::contract::FailureKind::TooLarge
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub object_bytes: u64,
    /// Bytes of one unpacked member of an archive, or of one decoded netCDF variable.
    pub member_bytes: u64,
    /// Bytes of all members together, or of all decoded variables of one netCDF file.
    pub archive_bytes: u64,
    /// Members of an archive.
    pub members: u64,
    /// Unpacked bytes for each packed byte of a member.
    pub ratio: u64,
    /// Columns of a table; parameters of a file.
    pub columns: usize,
    /// Casts of a file, and likewise its expocodes and its sections.
    pub casts: usize,
    /// Rows of bottle samples, whose keys are all remembered.
    pub bottle_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            object_bytes: 512 << 20,
            member_bytes: 256 << 20,
            archive_bytes: 2 << 30,
            members: 20_000,
            ratio: 1_000,
            columns: 10_000,
            casts: 100_000,
            bottle_rows: 10_000_000,
        }
    }
}
