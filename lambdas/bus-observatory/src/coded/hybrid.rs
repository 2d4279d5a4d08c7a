//! Parquet's hybrid of run lengths and packed bits: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use crate::file::Unreadable;

/// The most bits of a number.
const MAXIMUM_WIDTH: u32 = 32;

fn early() -> Unreadable {
    Unreadable::new("a page ends early")
}

/// Adds `count` numbers of `width` bits.
pub(super) fn decode(mut input: &[u8], width: u32, count: usize, output: &mut Vec<u32>) -> Result<(), Unreadable> {
    if width > MAXIMUM_WIDTH {
        return Err(Unreadable::new("numbers of too many bits"));
    }
    let end = output.len() + count;
    while output.len() < end {
        let left = end - output.len();
        let header = varint(&mut input)?;
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
    let header = varint(&mut input).ok()?;
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
    let mask = (1_u64 << width) - 1;
    let word = |at: usize| {
        let rest = &packed[at..];
        rest.first_chunk::<8>().map_or_else(
            || rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
            |word| u64::from_le_bytes(*word),
        )
    };
    #[expect(clippy::cast_possible_truncation, reason = "the mask has 32 bits at most")]
    let number = |index: usize| {
        let bit = index * width as usize;
        (word(bit / 8) >> (bit % 8) & mask) as u32
    };
    output.extend((0..count).map(number));
}

/// Adds numbers of `width` bits: as runs when these are long, else as packed bits.
pub(super) fn encode(values: &[u32], width: u32, output: &mut Vec<u8>) {
    let runs = values.chunk_by(|left, right| left == right);
    if runs.clone().count() * 8 <= values.len() {
        for run in runs {
            encode_uniform(run[0], width, run.len(), output);
        }
        return;
    }
    let groups = values.len().div_ceil(8);
    write_varint((groups as u64) << 1 | 1, output);
    let end = output.len() + groups * width as usize;
    let (mut buffer, mut bits) = (0_u64, 0);
    for value in values {
        buffer |= u64::from(*value) << bits;
        bits += width;
        if bits >= 32 {
            output.extend_from_slice(&buffer.to_le_bytes()[..4]);
            buffer >>= 32;
            bits -= 32;
        }
    }
    output.extend_from_slice(&buffer.to_le_bytes()[..4]);
    output.resize(end, 0);
}

fn varint(input: &mut &[u8]) -> Result<u64, Unreadable> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first().ok_or_else(early)?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Unreadable::new("a number without end"))
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
