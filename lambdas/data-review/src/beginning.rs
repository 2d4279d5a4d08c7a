//! What the beginning of a file tells of it.

use crate::contract::FileType;

/// Bytes at the beginning of a file that tell what it is.
pub(crate) const BEGINNING: usize = 8 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
pub(crate) const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Whether a file is netCDF in one of its classic forms.
pub(crate) fn is_classic_netcdf(beginning: &[u8]) -> bool {
    matches!(beginning, [b'C', b'D', b'F', 1 | 2 | 5, ..])
}

/// What the beginning of a classic netCDF file hints at.
pub(crate) fn guess_classic(beginning: &[u8]) -> FileType {
    let has = |text: &[u8]| beginning.windows(text.len()).any(|window| window == text);
    if has(b"WOCE BOT") {
        FileType::WhpNetcdfBottle
    } else if has(b"WOCE CTD") {
        FileType::WhpNetcdfCtd
    } else {
        FileType::OtherNetcdf
    }
}

/// What a file is that is neither an archive nor netCDF.
pub(crate) fn identify_text(content: &[u8]) -> FileType {
    let beginning = &content[..content.len().min(BEGINNING)];
    let text = beginning.strip_prefix(BYTE_ORDER_MARK).unwrap_or(beginning);
    if starts_with_stamp(text, b"BOTTLE") {
        FileType::ExchangeBottle
    } else if starts_with_stamp(text, b"CTD") {
        FileType::ExchangeCtd
    } else if beginning.starts_with(b"MATLAB 5.0 MAT-file") {
        FileType::Matlab5
    } else if beginning.starts_with(b"* Sea-Bird") {
        FileType::SeabirdCnv
    } else if beginning.starts_with(b"%PDF") {
        FileType::Pdf
    } else if beginning.starts_with(b"\x1f\x8b") {
        FileType::Gzip
    } else {
        identify_woce(text)
    }
}

/// Whether a text begins with this word, and the word ends there.
fn starts_with_stamp(text: &[u8], word: &[u8]) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b',' || byte.is_ascii_whitespace()))
}

/// The older texts of WOCE, which have no stamp.
fn identify_woce(text: &[u8]) -> FileType {
    let mut lines = text.split(|&byte| byte == b'\n');
    let has = |line: &[u8], word: &[u8]| line.windows(word.len()).any(|window| window == word);
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if first.starts_with(b"EXPOCODE") && has(first, b"WHP-ID") && has(second, b"STNNBR") {
        if has(second, b"SAMPNO") {
            return FileType::WoceBottleText;
        }
        if has(second, b"Records") {
            return FileType::WoceCtdText;
        }
    }
    if [first, second].into_iter().chain(lines.take(3)).any(|line| line.starts_with(b"SHIP/CRS")) {
        return FileType::WoceSummaryText;
    }
    FileType::Unknown
}
