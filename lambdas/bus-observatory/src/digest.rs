//! Hashes in names.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The first `digits` hexadecimal digits of the SHA-256 of `content`.
pub(crate) fn hexadecimal(content: &[u8], digits: usize) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::hexadecimal;

    #[test]
    fn digits_are_those_of_the_known_hash() {
        assert_eq!(hexadecimal(b"abc", 16), "ba7816bf8f01cfea");
    }
}
