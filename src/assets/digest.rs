//! SHA-256 over named entries.

use std::fmt::Write as _;

/// Goes into every hash first: another way of hashing must not give the hashes of this one.
const FORMAT: &str = "stackgen asset 1";

/// A SHA-256 hash over named entries, in which no two different lists of entries look alike.
pub(crate) struct Digest(hmac_sha256::Hash);

impl Digest {
    /// The hash of something of `kind`, without entries yet.
    pub(crate) fn new(kind: &str) -> Self {
        let mut digest = Self(hmac_sha256::Hash::new());
        digest.entry(FORMAT, kind.as_bytes());
        digest
    }

    /// Adds an entry. Both parts go in behind their lengths, so that their border cannot shift.
    pub(crate) fn entry(&mut self, name: &str, content: &[u8]) {
        for part in [name.as_bytes(), content] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// The hash in hexadecimal.
    pub(crate) fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }

    /// The SHA-256 of plain bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> [u8; 32] {
        hmac_sha256::Hash::hash(bytes)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_bytes_have_the_published_hash() {
        assert_eq!(
            hexadecimal(&Digest::of_bytes(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn the_border_between_name_and_content_counts() {
        let digest = |name: &str, content: &str| {
            let mut digest = Digest::new("test");
            digest.entry(name, content.as_bytes());
            digest.finish()
        };
        assert_ne!(digest("ab", "c"), digest("a", "bc"));
        assert_eq!(digest("ab", "c"), digest("ab", "c"));
    }
}
