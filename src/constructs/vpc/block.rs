//! Blocks of IPv4 addresses.

use std::fmt;

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::Value;

/// A block of IPv4 addresses, such as `10.0.0.0/16`.
///
/// A constant is checked by the compiler:
///
/// ```
/// use stackgen::prelude::*;
///
/// let office = ipv4_block!("192.0.2.0/24");
/// assert_eq!(office.to_string(), "192.0.2.0/24");
/// assert!(Ipv4Block::try_from("192.0.2.7/24").is_err());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let office = ipv4_block!("192.0.2.7/24"); // begins inside the block, not at its first address
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ipv4Block {
    first: u32,
    prefix: u8,
}

impl Ipv4Block {
    /// All addresses: `0.0.0.0/0`.
    pub const ALL: Self = Self { first: 0, prefix: 0 };

    /// Reads `text`.
    ///
    /// # Panics
    /// In a constant, and then the program does not compile, when `text` is not a block of addresses. For text that is
    /// known only at run time use `try_from`.
    pub const fn new(text: &'static str) -> Self {
        match Self::parse(text.as_bytes()) {
            Ok(block) => block,
            Err(fault) => panic!("{}", fault.as_str()),
        }
    }

    /// The number of leading bits that all addresses share: 0 to 32.
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// The `index`-th of the 2^`bits` equal parts of the block; none when there is no such part.
    pub(super) fn part(self, bits: u8, index: u32) -> Option<Self> {
        let prefix = self.prefix.checked_add(bits).filter(|prefix| *prefix <= 32)?;
        let parts = 1_u64 << bits;
        if u64::from(index) >= parts {
            return None;
        }
        let size = 1_u64 << (32 - prefix);
        let first = u32::try_from(u64::from(self.first) + u64::from(index) * size).ok()?;
        Some(Self { first, prefix })
    }

    const fn parse(text: &[u8]) -> Result<Self, Fault> {
        let (mut first, mut octets, mut index) = (0_u32, 0, 0);
        while octets < 4 {
            let Some((octet, next)) = number(text, index, 255) else { return Err(Fault::Form) };
            first = first << 8 | octet;
            octets += 1;
            let separator = if octets < 4 { b'.' } else { b'/' };
            if next >= text.len() || text[next] != separator {
                return Err(Fault::Form);
            }
            index = next + 1;
        }
        let prefix = match number(text, index, 32) {
            Some((prefix, next)) if next == text.len() => prefix,
            _ => return Err(Fault::Form),
        };
        // A shift by 32 is not defined, and every address is in the block of no common bits.
        let inside = if prefix == 0 { first } else { first & !(u32::MAX << (32 - prefix)) };
        if inside != 0 {
            return Err(Fault::Inside);
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most 32")]
        let prefix = prefix as u8;
        Ok(Self { first, prefix })
    }
}

/// A decimal number without leading zeros from `index` on, at most `most`, and where it ends.
const fn number(text: &[u8], index: usize, most: u32) -> Option<(u32, usize)> {
    let (mut value, mut end) = (0, index);
    while end < text.len() && text[end].is_ascii_digit() {
        if end > index && value == 0 {
            return None;
        }
        value = value * 10 + (text[end] - b'0') as u32;
        if value > most {
            return None;
        }
        end += 1;
    }
    if end == index { None } else { Some((value, end)) }
}

impl fmt::Display for Ipv4Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", std::net::Ipv4Addr::from(self.first), self.prefix)
    }
}

impl TryFrom<&str> for Ipv4Block {
    type Error = Ipv4BlockError;

    fn try_from(text: &str) -> Result<Self, Ipv4BlockError> {
        Self::parse(text.as_bytes()).map_err(|fault| Ipv4BlockError { text: text.to_owned(), fault })
    }
}

impl TakesExpression for Ipv4Block {}

impl Arg<Ipv4Block> for Ipv4Block {
    fn into_value(self) -> Value {
        self.to_string().into()
    }
}

impl Arg<String> for Ipv4Block {
    fn into_value(self) -> Value {
        self.to_string().into()
    }
}

/// A text is not a block of IPv4 addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ipv4BlockError {
    text: String,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Form,
    Inside,
}

impl Fault {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Form => "a block of addresses is written like `10.0.0.0/16`",
            Self::Inside => "a block of addresses is written with its first address, the bits behind the prefix zero",
        }
    }
}

impl fmt::Display for Ipv4BlockError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.text, self.fault.as_str())
    }
}

impl std::error::Error for Ipv4BlockError {}

/// An [`Ipv4Block`](crate::constructs::Ipv4Block) that the compiler checks.
#[macro_export]
macro_rules! ipv4_block {
    ($text:expr) => {{
        const BLOCK: $crate::constructs::Ipv4Block = $crate::constructs::Ipv4Block::new($text);
        BLOCK
    }};
}
pub use ipv4_block;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_first_address_of_a_block_is_written() {
        for text in ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "255.255.255.254/31"] {
            assert_eq!(Ipv4Block::try_from(text).map(|block| block.to_string()).as_deref(), Ok(text));
        }
        for text in [
            "",
            "10.0.0.0",
            "10.0.0/8",
            "10.0.0.0/33",
            "10.0.0.256/32",
            "10.0.0.1/31",
            "1.0.0.0/0",
            "010.0.0.0/8",
            "10.0.0.0/8 ",
        ] {
            assert!(Ipv4Block::try_from(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_error_says_how_to_write_it() {
        let error = Ipv4Block::try_from("10.0.0.1/16").map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err("`10.0.0.1/16`: a block of addresses is written with its first address, the bits behind the prefix zero".into())
        );
    }

    proptest! {
        #[test]
        fn parts_lie_side_by_side_within_the_block(first: u32, prefix in 0_u8..=28, index in 0_u32..16) {
            let first = if prefix == 0 { 0 } else { first & (u32::MAX << (32 - prefix)) };
            let block = Ipv4Block { first, prefix };
            let part = block.part(4, index).expect("sixteen parts of four bits");
            let size = 1_u64 << (32 - part.prefix);
            prop_assert_eq!(u64::from(part.first), u64::from(first) + u64::from(index) * size);
            prop_assert_eq!(Ipv4Block::try_from(part.to_string().as_str()), Ok(part));
            prop_assert!(u64::from(part.first) + size <= u64::from(first) + (1_u64 << (32 - prefix)));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,24}") {
            if let Ok(block) = Ipv4Block::try_from(text.as_str()) {
                prop_assert_eq!(block.to_string(), text);
            }
        }
    }
}
