//! Merging sorted files into one, a part of each in memory at a time.

use std::cmp::Ordering;

use crate::file::{Compression, File, ROW_GROUP_ROWS, Rows, Unreadable, Writer, encode};
use crate::table::{Layout, Seen, Table};

/// The most files that are read side by side; more are merged in rounds.
const MAXIMUM_WIDTH: usize = 64;
/// Rows of all row groups that are open at once, at most: their dictionaries are in memory.
const MAXIMUM_OPEN_ROWS: usize = 500_000;
/// Rows that are in memory of all files together, while they are read side by side.
const ROWS_IN_MEMORY: usize = 65_536;

/// Rows that were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The file.
    pub content: Vec<u8>,
    /// Its rows.
    pub rows: u64,
    /// Rows that were left out, since their observation was there.
    pub duplicates: u64,
    /// Indices of the inputs that could not be read, and are not in the file.
    pub unreadable: Vec<usize>,
}

/// Why there are no merged rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeError {
    /// One of the files that must be in it cannot be read: its index, and why.
    Current(usize, Unreadable),
    /// The file cannot be written.
    Write(Unreadable),
}

/// Merges `current` files, all of which must be in the result, with `inputs`, of which those that cannot be read stay
/// away. `entries` makes the entries of the footer from the indices of the unreadable inputs.
///
/// Of each observation the first row counts, by route, time and vehicle, then in the order of the files. Memory is
/// bounded by the size of the files, and of the merged file, in their compressed form.
pub fn merge(
    current: &[File],
    inputs: &[File],
    entries: impl Fn(&[usize]) -> Vec<(&'static str, String)>,
) -> Result<Option<Merged>, MergeError> {
    let mut unreadable: Vec<usize> = Vec::new();
    loop {
        let good = |index: &usize| !unreadable.contains(index);
        let readable: Vec<usize> = (0..inputs.len()).filter(good).collect();
        // The newest file says how the feed is looked at now.
        let Some(newest) = readable.last().map(|index| &inputs[*index]) else { return Ok(None) };
        let layout = newest.layout();
        let files = current.iter().chain(readable.iter().map(|index| &inputs[*index]));
        let mut sources = Vec::new();
        let mut failed = None;
        for (index, file) in files.enumerate() {
            match arranged(file, layout) {
                Ok(file) => sources.push(file),
                Err(reason) => {
                    failed = Some((index, reason));
                    break;
                }
            }
        }
        let merged = match failed {
            None => rounds(&sources, layout, &entries(&unreadable)),
            Some((index, reason)) => Err(Failed::Read(index, reason)),
        };
        match merged {
            Ok(mut merged) => {
                merged.unreadable = unreadable;
                return Ok(Some(merged));
            }
            Err(Failed::Write(reason)) => return Err(MergeError::Write(reason)),
            Err(Failed::Read(index, reason)) if index < current.len() => {
                return Err(MergeError::Current(index, reason));
            }
            Err(Failed::Read(index, _)) => {
                unreadable.push(readable[index - current.len()]);
            }
        }
    }
}

enum Failed {
    /// The file with this index.
    Read(usize, Unreadable),
    Write(Unreadable),
}

/// The file, sorted as the layout says: one from before the feed's columns were chosen anew is sorted again.
fn arranged(file: &File, layout: Layout) -> Result<File, Unreadable> {
    if file.layout() == layout {
        return Ok(file.clone());
    }
    if file.feed_type() != layout.feed_type() {
        return Err(Unreadable::new("its rows have another format than the newest file's"));
    }
    let sorted = layout.sorted(&file.read_all()?);
    File::open(encode(layout, sorted, Compression::Snappy, &[])?.into())
}

/// Merges any number of files: as many as may be open at once, and the results again.
fn rounds(sources: &[File], layout: Layout, entries: &[(&'static str, String)]) -> Result<Merged, Failed> {
    let mut duplicates = 0;
    let mut level: Vec<File> = sources.to_vec();
    // Which source a file of this round begins with.
    let mut firsts: Vec<usize> = (0..level.len()).collect();
    loop {
        let widths = widths(&level);
        if widths.len() <= 1 {
            break;
        }
        let (mut next, mut next_firsts) = (Vec::new(), Vec::new());
        let mut start = 0;
        for width in widths {
            let (group, group_firsts) = (&level[start..start + width], &firsts[start..start + width]);
            start += width;
            if let [one] = group {
                next.push(one.clone());
                next_firsts.push(group_firsts[0]);
                continue;
            }
            let merged = once(group, layout, Compression::Snappy, &[]).map_err(|failed| failed.at(group_firsts))?;
            duplicates += merged.duplicates;
            next.push(File::open(merged.content.into()).map_err(Failed::Write)?);
            next_firsts.push(group_firsts[0]);
        }
        (level, firsts) = (next, next_firsts);
    }
    let mut merged = once(&level, layout, Compression::Zstd, entries).map_err(|failed| failed.at(&firsts))?;
    merged.duplicates += duplicates;
    Ok(merged)
}

/// How many files at a time are read side by side: at least two, except for the last.
fn widths(files: &[File]) -> Vec<usize> {
    let (mut widths, mut width, mut rows) = (Vec::new(), 0, 0);
    for file in files {
        let open = (0..file.groups()).map(|group| file.rows_of(group)).max().unwrap_or(0);
        if width == MAXIMUM_WIDTH || width >= 2 && rows + open > MAXIMUM_OPEN_ROWS {
            widths.push(width);
            (width, rows) = (0, 0);
        }
        (width, rows) = (width + 1, rows + open);
    }
    widths.push(width);
    widths
}

impl Failed {
    fn at(self, firsts: &[usize]) -> Self {
        match self {
            Self::Read(index, reason) => Self::Read(firsts[index], reason),
            Self::Write(reason) => Self::Write(reason),
        }
    }
}

/// A file that is being read, and the next of its rows.
struct Source {
    rows: Rows,
    batch: Table,
    position: usize,
    batch_rows: usize,
}

impl Source {
    /// Reads on when all rows of the batch were taken. False at the end.
    fn refill(&mut self) -> Result<bool, Unreadable> {
        if self.position == self.batch.len() {
            self.rows.next_rows(self.batch_rows, &mut self.batch)?;
            self.position = 0;
        }
        Ok(!self.batch.is_empty())
    }
}

/// The rows that were chosen and not taken yet: runs of a source.
struct Run {
    source: usize,
    start: usize,
    length: usize,
}

fn once(
    files: &[File],
    layout: Layout,
    compression: Compression,
    entries: &[(&'static str, String)],
) -> Result<Merged, Failed> {
    let mut writer = Writer::new(layout, compression).map_err(Failed::Write)?;
    for (key, value) in entries {
        writer.set(key, value.clone());
    }
    let batch_rows = (ROWS_IN_MEMORY / files.len().max(1)).max(256);
    let mut sources: Vec<Source> = files
        .iter()
        .map(|file| Source { rows: file.rows(), batch: Table::new(layout.feed_type()), position: 0, batch_rows })
        .collect();
    let mut order = Vec::with_capacity(sources.len());
    for (index, source) in sources.iter_mut().enumerate() {
        if source.refill().map_err(|reason| Failed::Read(index, reason))? {
            order.push(index);
        }
    }
    let mut heap = Heap::of(order, &sources, layout);
    let mut output = Output { table: Table::new(layout.feed_type()), runs: Vec::new(), pending: 0, writer, rows: 0 };
    let (mut seen, mut duplicates) = (Seen::default(), 0);
    while let Some(index) = heap.first() {
        let source = &mut sources[index];
        if seen.insert(layout.identity(&source.batch, source.position)) {
            output.choose(index, source.position);
        } else {
            duplicates += 1;
        }
        source.position += 1;
        if source.position == source.batch.len() {
            output.take(&mut sources).map_err(Failed::Write)?;
            if !sources[index].refill().map_err(|reason| Failed::Read(index, reason))? {
                heap.remove_first();
            }
        }
        heap.settle(&sources, layout);
    }
    output.take(&mut sources).map_err(Failed::Write)?;
    let (content, rows) = output.finish().map_err(Failed::Write)?;
    Ok(Merged { content, rows, duplicates, unreadable: Vec::new() })
}

struct Output {
    table: Table,
    runs: Vec<Run>,
    pending: usize,
    writer: Writer,
    rows: u64,
}

impl Output {
    fn choose(&mut self, source: usize, row: usize) {
        self.pending += 1;
        if let Some(run) = self.runs.last_mut()
            && run.source == source
            && run.start + run.length == row
        {
            run.length += 1;
            return;
        }
        self.runs.push(Run { source, start: row, length: 1 });
    }

    /// Takes the chosen rows out of their batches, a column at a time, and writes row groups that are full.
    fn take(&mut self, sources: &mut [Source]) -> Result<(), Unreadable> {
        for run in self.runs.drain(..) {
            let mut start = run.start;
            let end = run.start + run.length;
            while start < end {
                let length = (end - start).min(ROW_GROUP_ROWS - self.table.len());
                self.table.take_run(&mut sources[run.source].batch, start, length);
                start += length;
                if self.table.len() == ROW_GROUP_ROWS {
                    self.writer.write(&mut self.table)?;
                }
            }
        }
        self.rows += self.pending as u64;
        self.pending = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<u8>, u64), Unreadable> {
        self.writer.write(&mut self.table)?;
        Ok((self.writer.finish()?, self.rows))
    }
}

/// The sources by their next rows, the first on top. Sources often stay on top for many rows, which takes two
/// comparisons a row.
struct Heap {
    order: Vec<usize>,
}

impl Heap {
    fn of(order: Vec<usize>, sources: &[Source], layout: Layout) -> Self {
        let mut heap = Self { order };
        for position in (0..heap.order.len() / 2).rev() {
            heap.sink(position, sources, layout);
        }
        heap
    }

    fn first(&self) -> Option<usize> {
        self.order.first().copied()
    }

    fn remove_first(&mut self) {
        self.order.swap_remove(0);
    }

    /// Puts the first one where its next row belongs.
    fn settle(&mut self, sources: &[Source], layout: Layout) {
        self.sink(0, sources, layout);
    }

    fn sink(&mut self, mut position: usize, sources: &[Source], layout: Layout) {
        let before = |left: usize, right: usize| {
            let row = |index: usize| (&sources[index].batch, sources[index].position);
            // Of equal rows the one of the earlier file counts.
            layout.compare(row(left), row(right)).then(left.cmp(&right)) == Ordering::Less
        };
        loop {
            let mut least = position;
            for child in [2 * position + 1, 2 * position + 2] {
                if child < self.order.len() && before(self.order[child], self.order[least]) {
                    least = child;
                }
            }
            if least == position {
                return;
            }
            self.order.swap(position, least);
            position = least;
        }
    }
}
