//! Numbers as little-endian bytes.

/// Appends numbers.
pub(super) fn push_u64(bytes: &mut Vec<u8>, numbers: &[u64]) {
    let start = bytes.len();
    bytes.resize(start + 8 * numbers.len(), 0);
    for (bytes, number) in bytes[start..].as_chunks_mut().0.iter_mut().zip(numbers) {
        *bytes = number.to_le_bytes();
    }
}

/// Appends numbers.
pub(super) fn push_u32(bytes: &mut Vec<u8>, numbers: &[u32]) {
    let start = bytes.len();
    bytes.resize(start + 4 * numbers.len(), 0);
    for (bytes, number) in bytes[start..].as_chunks_mut().0.iter_mut().zip(numbers) {
        *bytes = number.to_le_bytes();
    }
}

/// The number whose first byte is at `at`, and 0 if it is not there.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// The number whose first byte is at `at`, and 0 if it is not there.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}
