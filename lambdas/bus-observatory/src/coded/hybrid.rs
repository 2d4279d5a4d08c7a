//! Parquet's hybrid of run lengths and packed bits: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use crate::file::{Unreadable, varint};

/// The most bits of a number.
const MAXIMUM_WIDTH: u32 = 32;
/// The most bits of numbers of which eight, a group, have room in 128 bits.
const WIDTH_OF_GROUPS: u32 = 16;

/// The error of a page with fewer bytes than its values take.
pub(super) fn early() -> Unreadable {
    Unreadable::new("a page ends early")
}

/// Adds the `count` indices of a page into its dictionary, which begin with their width.
pub(super) fn indices(body: &[u8], count: usize, output: &mut Vec<u32>) -> Result<(), Unreadable> {
    let (width, packed) = body.split_first().ok_or_else(early)?;
    decode(packed, u32::from(*width), count, output)
}

/// Adds `count` numbers of `width` bits.
pub(super) fn decode(mut input: &[u8], width: u32, count: usize, output: &mut Vec<u32>) -> Result<(), Unreadable> {
    if width > MAXIMUM_WIDTH {
        return Err(Unreadable::new("numbers of too many bits"));
    }
    let end = output.len() + count;
    while output.len() < end {
        let left = end - output.len();
        let header = varint(&mut input).ok_or_else(early)?;
        let length = usize::try_from(header >> 1).unwrap_or(usize::MAX);
        if length == 0 {
            return Err(Unreadable::new("a run without numbers"));
        }
        if header & 1 == 0 {
            let (bytes, rest) = input.split_at_checked(width.div_ceil(8) as usize).ok_or_else(early)?;
            input = rest;
            let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte));
            output.resize(output.len() + length.min(left), value);
        } else {
            // Runs of packed bits have full groups of eight numbers, the last of which may be for nothing.
            let taken = length.saturating_mul(8).min(left);
            let bytes = length.saturating_mul(width as usize).min(input.len());
            let (packed, rest) = input.split_at(bytes);
            input = rest;
            if packed.len() < (taken * width as usize).div_ceil(8) {
                return Err(early());
            }
            unpack(packed, width, taken, output);
        }
    }
    Ok(())
}

/// The number that all `count` numbers of `width` bits are, when they are one run.
pub(super) fn uniform(mut input: &[u8], width: u32, count: usize) -> Option<u32> {
    let header = varint(&mut input)?;
    let is_whole = header & 1 == 0 && usize::try_from(header >> 1).is_ok_and(|length| length >= count);
    let bytes = input.get(..width.div_ceil(8) as usize).filter(|_| is_whole)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
}

/// Adds a run of one number of `width` bits.
pub(super) fn encode_uniform(value: u32, width: u32, count: usize, output: &mut Vec<u8>) {
    write_varint((count as u64) << 1, output);
    output.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// Adds `count` numbers, all of which are within `packed`.
fn unpack(packed: &[u8], width: u32, count: usize, output: &mut Vec<u32>) {
    if !(1..=WIDTH_OF_GROUPS).contains(&width) {
        output.extend((0..count).map(|index| number(packed, index * width as usize, width)));
        return;
    }
    let start = output.len();
    output.resize(start + count.next_multiple_of(8), 0);
    let mask = (1_u64 << width) - 1;
    let groups = output[start..].as_chunks_mut::<8>().0.iter_mut();
    for (group, at) in groups.zip((0..).step_by(width as usize)) {
        let rest = packed.get(at..).unwrap_or_default();
        let bytes = rest.first_chunk().copied().unwrap_or_else(|| padded(rest));
        let bits = u128::from_le_bytes(bytes);
        #[expect(clippy::cast_possible_truncation, reason = "half of the numbers are in the low half of the bits")]
        for (half, mut bits) in group.as_chunks_mut::<4>().0.iter_mut().zip([bits as u64, (bits >> (4 * width)) as u64])
        {
            for number in half {
                *number = (bits & mask) as u32;
                bits >>= width;
            }
        }
    }
    output.truncate(start + count);
}

/// The first bytes of a group of which there are not all.
fn padded(bytes: &[u8]) -> [u8; 16] {
    let mut group = [0; 16];
    let length = bytes.len().min(16);
    group[..length].copy_from_slice(&bytes[..length]);
    group
}

/// The number of `width` bits from a bit on.
fn number(packed: &[u8], bit: usize, width: u32) -> u32 {
    let rest = packed.get(bit / 8..).unwrap_or_default();
    let word = u128::from_le_bytes(padded(rest)) >> (bit % 8);
    #[expect(clippy::cast_possible_truncation, reason = "the mask has 32 bits at most")]
    let number = (word & ((1 << width) - 1)) as u32;
    number
}

/// Adds numbers of `width` bits, at most [`WIDTH_OF_GROUPS`]: as runs when these are long, else as packed bits.
pub(super) fn encode(values: &[u32], width: u32, output: &mut Vec<u8>) {
    debug_assert!(width <= WIDTH_OF_GROUPS, "numbers of a chunk's rows have few bits");
    let changes = values.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if (changes + 1) * 8 <= values.len() {
        for run in values.chunk_by(|left, right| left == right) {
            encode_uniform(run[0], width, run.len(), output);
        }
        return;
    }
    let groups = values.len().div_ceil(8);
    write_varint((groups as u64) << 1 | 1, output);
    let start = output.len();
    // Each group is written with zeros behind it, where the next one is written then.
    output.resize(start + groups * width as usize + 16, 0);
    let mut place = start;
    let mut write = |group: &[u32; 8]| {
        let half = |from: usize| (0..4).rev().fold(0, |bits, index| bits << width | u64::from(group[from + index]));
        let bits = u128::from(half(0)) | u128::from(half(4)) << (4 * width);
        output[place..place + 16].copy_from_slice(&bits.to_le_bytes());
        place += width as usize;
    };
    let (whole, rest) = values.as_chunks::<8>();
    whole.iter().for_each(&mut write);
    if !rest.is_empty() {
        let mut group = [0; 8];
        group[..rest.len()].copy_from_slice(rest);
        write(&group);
    }
    output.truncate(start + groups * width as usize);
}

fn write_varint(mut value: u64, output: &mut Vec<u8>) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            output.push(low);
            return;
        }
        output.push(low | 0x80);
    }
}
