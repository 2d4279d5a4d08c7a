//! The format that is published, to exchange with other programs.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
};

use super::{
    Index, IndexError, Lists, Occurrences,
    slice::{Slice, VALUES},
    table::{SiteTable, TableBuilder},
};
use crate::{
    bases::{GUIDE_LENGTH, Mismatches, Protospacer},
    score::mit,
};

/// Bits of a slice.
const SLICE_BITS: u64 = 8;
/// Number of sets of one to four mismatches.
const SCORES: u64 = 6_195;
/// Bytes before the sites: the header and the scores.
const START_BYTES: u64 = 48 + SCORES * 16;
/// Bytes of the sizes of all lists.
const SIZES_BYTES: u64 = 5 * 256 * 8;
/// Bytes of a site, in the table and in the five lists.
const SITE_BYTES: u64 = 48;

/// The order of the bases of a protospacer, or of a slice, exchanged: the published format has the first base in the
/// lowest bits.
fn reversed(bits: u64, bases: usize) -> u64 {
    let backwards = bits.reverse_bits();
    let in_order = (backwards & 0x5555_5555_5555_5555) << 1 | backwards >> 1 & 0x5555_5555_5555_5555;
    in_order >> (64 - 2 * bases)
}

pub(super) fn write(table: &SiteTable, output: impl Write) -> Result<u64, IndexError> {
    let mut output = BufWriter::with_capacity(1 << 16, output);
    let sites = table.len() as u64;
    for number in [sites, GUIDE_LENGTH as u64, table.total(), SLICE_BITS, Slice::ALL.len() as u64, SCORES] {
        output.write_all(&number.to_le_bytes())?;
    }
    for positions in 1_u64..1 << GUIDE_LENGTH {
        if positions.count_ones() > 4 {
            continue;
        }
        let mask = (0..GUIDE_LENGTH).fold(0, |mask, position| mask | (positions >> position & 1) << (2 * position));
        output.write_all(&mask.to_le_bytes())?;
        output.write_all(&mit::local_score(Mismatches::from_low_first(mask)).to_le_bytes())?;
    }
    let mut entries = Vec::with_capacity(table.len());
    table.for_each(|_, site| entries.push(reversed(site.bits(), GUIDE_LENGTH).to_le_bytes()));
    output.write_all(entries.as_flattened())?;
    let mut list_sizes = [[0_u64; VALUES]; Slice::ALL.len()];
    table.for_each(|_, site| {
        for (sizes, slice) in list_sizes.iter_mut().zip(Slice::ALL) {
            sizes[usize::from(slice.value(site))] += 1;
        }
    });
    let values: Vec<usize> = (0..VALUES as u64).map(|value| reversed(value, 4) as usize).collect();
    for sizes in &list_sizes {
        for value in &values {
            output.write_all(&sizes[*value].to_le_bytes())?;
        }
    }
    for (sizes, slice) in list_sizes.iter().zip(Slice::ALL) {
        let mut next = [0_usize; VALUES];
        let mut first = 0;
        for value in &values {
            next[*value] = first;
            first += sizes[*value] as usize;
        }
        table.for_each(|id, site| {
            let place = &mut next[usize::from(slice.value(site))];
            let count = table.counts(id).total().min(u64::from(u32::MAX));
            entries[*place] = (u64::from(id.number()) | count << 32).to_le_bytes();
            *place += 1;
        });
        output.write_all(entries.as_flattened())?;
    }
    output.flush()?;
    Ok(START_BYTES + SIZES_BYTES + sites * SITE_BYTES)
}

/// Reads eight bytes as a number.
fn number(input: &mut impl Read) -> Result<u64, IndexError> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn skip(input: &mut impl Read, bytes: u64) -> Result<(), IndexError> {
    std::io::copy(&mut input.take(bytes), &mut std::io::sink())?;
    Ok(())
}

/// Reads the sites and the first of the five lists; the others are made again from the sites.
pub(super) fn open(file: &File) -> Result<Index, IndexError> {
    let length = file.metadata()?.len();
    let mut input = BufReader::with_capacity(1 << 18, file);
    let mut header = [0; 6];
    for field in &mut header {
        *field = number(&mut input).map_err(|_| IndexError::damaged("it has no header"))?;
    }
    let [distinct, bases, total, slice_bits, slices, scores] = header;
    if [bases, slice_bits, slices, scores] != [GUIDE_LENGTH as u64, SLICE_BITS, Slice::ALL.len() as u64, SCORES] {
        return Err(IndexError::damaged(
            "its header is not that of 20 bases in five slices of eight bits with 6195 scores",
        ));
    }
    let expected = distinct.checked_mul(SITE_BYTES).and_then(|bytes| bytes.checked_add(START_BYTES + SIZES_BYTES));
    if expected != Some(length) {
        return Err(IndexError::damaged(format!("it has {length} bytes, which is wrong for {distinct} sites")));
    }
    let count = usize::try_from(distinct).ok().filter(|count| u32::try_from(*count).is_ok());
    let Some(count) = count else {
        return Err(IndexError::TooManySites(usize::try_from(distinct).unwrap_or(usize::MAX)));
    };
    skip(&mut input, START_BYTES - 48)?;
    let mut protospacers = Vec::with_capacity(count);
    for _ in 0..count {
        let bits = number(&mut input)?;
        if bits >> (2 * GUIDE_LENGTH) != 0 {
            return Err(IndexError::damaged("a site has more than 20 bases"));
        }
        let site = Protospacer::from_bits(reversed(bits, GUIDE_LENGTH));
        if protospacers.last().is_some_and(|last| *last >= site) {
            return Err(IndexError::Order);
        }
        protospacers.push(site);
    }
    skip(&mut input, SIZES_BYTES)?;
    let mut occurrences = vec![0_u32; count];
    let mut sum = 0_u64;
    for _ in 0..count {
        let entry = number(&mut input)?;
        let site = (entry & u64::from(u32::MAX)) as usize;
        let count = (entry >> 32) as u32;
        match occurrences.get_mut(site) {
            Some(unknown @ 0) if count > 0 => *unknown = count,
            _ => return Err(IndexError::damaged("its first list does not have each site once")),
        }
        sum += u64::from(count);
    }
    if sum != total {
        return Err(IndexError::damaged("its sites do not add up to the number in its header"));
    }
    let with_counts = occurrences.into_iter().map(|count| Occurrences { gg: u64::from(count), ag: 0 });
    let mut table = TableBuilder::new(count);
    protospacers.into_iter().zip(with_counts).for_each(|(site, occurrences)| table.add(site, occurrences));
    let table = table.finish()?;
    Ok(Index { table, lists: Lists::Made, places: None, compatible: false })
}
