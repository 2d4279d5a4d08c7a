//! The own format, read in parts: the table of sites as a whole, lists and places when they are needed.
//!
//! `SGCRX001`, sections that begin at multiples of 64 bytes, the table of sections, and a trailer of 24 bytes: where the
//! table begins, its bytes, its CRC-32 and the number of sections. A line of the table is kind (u32), CRC-32 (u32),
//! offset (u64) and bytes (u64), all little-endian. Every list and every page of places has a CRC-32 of its own.

mod reader;
mod writer;

use serde::{Deserialize, Serialize};

pub(super) use self::{
    reader::{CrxFile, PagedFile, open},
    writer::write,
};

const MAGIC: [u8; 8] = *b"SGCRX001";
/// The magic without the number of the version.
const MAGIC_START: &[u8] = b"SGCRX";
const ALIGNMENT: u64 = 64;
const ENTRY_BYTES: usize = 24;
const TRAILER_BYTES: u64 = 24;
const LIST_BYTES: usize = 16;
/// Bytes of places with one CRC-32.
const PAGE_BYTES: u64 = 32_768;

/// The sections, by the number that stands for them in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Section {
    Metadata = 1,
    Contigs = 2,
    Starts = 3,
    Low = 4,
    Counts = 5,
    Large = 6,
    Directory = 7,
    Lists = 8,
    Pages = 9,
    Places = 10,
}

#[derive(Debug, Serialize, Deserialize)]
struct Metadata {
    sites: u64,
    occurrences: u64,
    prefix_bits: u32,
    compatible: bool,
}

/// Whether a file that begins with `bytes` is of this format, of whatever version.
pub(super) fn is_magic(bytes: [u8; 8]) -> bool {
    bytes.starts_with(MAGIC_START)
}
