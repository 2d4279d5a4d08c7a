//! Merging sorted runs, some rows of each in memory at a time.

use std::cmp::Ordering;

use super::MergeError;
use crate::coded::{Coded, Level};
use crate::file::{File, ROW_GROUP_ROWS, Rows, Unreadable, Writer};
use crate::table::{Layout, Seen, Table};

/// Rows that are in memory of all runs together.
const ROWS_IN_MEMORY: usize = 32_768;

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

/// Merges runs into a file. Gives its bytes and its rows.
pub(super) fn merge(runs: &[File], layout: Layout, writer: Writer) -> Result<(Vec<u8>, u64), MergeError> {
    let batch_rows = (ROWS_IN_MEMORY / runs.len().max(1)).max(256);
    let mut sources: Vec<Source> = runs
        .iter()
        .map(|run| Source { rows: run.rows(), batch: Table::new(layout.feed_type()), position: 0, batch_rows })
        .collect();
    let mut order = Vec::with_capacity(sources.len());
    for (index, source) in sources.iter_mut().enumerate() {
        if source.refill().map_err(MergeError::Read)? {
            order.push(index);
        }
    }
    let mut heap = Heap::of(order, &sources, layout);
    let mut output =
        Output { group: Coded::with_capacity(layout, ROW_GROUP_ROWS), runs: Vec::new(), pending: 0, writer, rows: 0 };
    let mut seen = Seen::with_capacity(runs.iter().map(File::len).sum());
    while let Some(index) = heap.first() {
        let source = &mut sources[index];
        if seen.insert(layout.identity(&source.batch, source.position)) {
            output.choose(index, source.position);
        }
        source.position += 1;
        if source.position == source.batch.len() {
            output.take(&sources).map_err(MergeError::Write)?;
            if !sources[index].refill().map_err(MergeError::Read)? {
                heap.remove_first();
            }
        }
        heap.settle(&sources, layout);
    }
    output.take(&sources).map_err(MergeError::Write)?;
    output.finish().map_err(MergeError::Write)
}

struct Output {
    /// The rows of the next row group.
    group: Coded,
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
    fn take(&mut self, sources: &[Source]) -> Result<(), Unreadable> {
        for run in std::mem::take(&mut self.runs) {
            let mut start = run.start;
            let end = run.start + run.length;
            while start < end {
                let length = (end - start).min(ROW_GROUP_ROWS - self.group.len());
                self.group.add(&sources[run.source].batch, start..start + length)?;
                start += length;
                if self.group.len() == ROW_GROUP_ROWS {
                    self.write()?;
                }
            }
        }
        self.rows += self.pending as u64;
        self.pending = 0;
        Ok(())
    }

    /// Writes the row group, whose rows are in order.
    fn write(&mut self) -> Result<(), Unreadable> {
        let rows = u32::try_from(self.group.len()).map_err(|_| Unreadable::new("more rows than can be numbered"))?;
        let order: Vec<u32> = (0..rows).collect();
        self.group.write(&order, Level::Lasting, &mut self.writer)?;
        self.group.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<u8>, u64), Unreadable> {
        self.write()?;
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
