//! Integers as their differences, in blocks of packed bits:
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use crate::file::{Unreadable, varint};

/// The most numbers of a block: one that says more is nobody's.
const MAXIMUM_BLOCK: u64 = 1 << 20;

fn wrong() -> Unreadable {
    Unreadable::new("a page of differences that is none")
}

fn next(input: &mut &[u8]) -> Result<u64, Unreadable> {
    varint(input).ok_or_else(wrong)
}

fn next_signed(input: &mut &[u8]) -> Result<i64, Unreadable> {
    let value = next(input)?;
    Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// The `count` numbers that `input` begins with, and what follows them.
pub(super) fn decode(mut input: &[u8], count: usize) -> Result<(Vec<i64>, &[u8]), Unreadable> {
    let (block, parts, total) = (next(&mut input)?, next(&mut input)?, next(&mut input)?);
    let first = next_signed(&mut input)?;
    let length = block.checked_div(parts).filter(|length| *length > 0 && length % 8 == 0 && block <= MAXIMUM_BLOCK);
    let length = length.and_then(|length| usize::try_from(length).ok()).ok_or_else(wrong)?;
    if total != count as u64 {
        return Err(wrong());
    }
    let mut values = Vec::new();
    let mut value = first;
    if count > 0 {
        values.push(value);
    }
    while values.len() < count {
        let least = next_signed(&mut input)?;
        let (widths, rest) =
            usize::try_from(parts).ok().and_then(|parts| input.split_at_checked(parts)).ok_or_else(wrong)?;
        input = rest;
        for width in widths {
            if values.len() == count {
                break;
            }
            let width = usize::from(*width);
            if width > 64 {
                return Err(wrong());
            }
            let (packed, rest) = input.split_at_checked(length / 8 * width).ok_or_else(wrong)?;
            input = rest;
            for index in 0..length.min(count - values.len()) {
                value = value.wrapping_add(least).wrapping_add(bits(packed, index * width, width).cast_signed());
                values.push(value);
            }
        }
    }
    Ok((values, input))
}

/// The number of `width` bits from a bit on.
fn bits(packed: &[u8], from: usize, width: usize) -> u64 {
    let end = (from + width).div_ceil(8);
    // Up to nine bytes.
    let word = packed[from / 8..end].iter().rev().fold(0_u128, |word, byte| word << 8 | u128::from(*byte));
    let mask = (1_u128 << width) - 1;
    u64::try_from(word >> (from % 8) & mask).unwrap_or(u64::MAX)
}
