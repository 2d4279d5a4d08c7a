//! Merging files into one, with a part of their rows in memory at a time.

mod stream;

use crate::coded::{Coded, Level};
use crate::file::{Compression, File, Room, Unreadable, Writer};
use crate::table::Layout;

/// Rows that are sorted in memory. More become runs, which are merged as streams.
const BATCH_ROWS: usize = 1 << 18;

/// Rows that were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The file.
    pub content: Vec<u8>,
    /// Its rows.
    pub rows: u64,
    /// Rows that were left out, since their observation was there.
    pub duplicates: u64,
}

/// Why files are not merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeError {
    /// A file cannot be read.
    Read(Unreadable),
    /// The merged one cannot be written.
    Write(Unreadable),
}

/// Merges files. Of each observation the first row counts, by route, time and vehicle, then in the order in which files
/// were added.
///
/// Memory is bounded by a batch of rows, and by the size of what was merged in its compressed form.
#[derive(Debug)]
pub struct Merger {
    layout: Layout,
    batch: Coded,
    batch_rows: usize,
    /// Sorted rows, each run without duplicates.
    runs: Vec<File>,
    rows: u64,
    room: Room,
}

/// The size of a block that is larger than what hours leave behind.
const LARGE_BLOCK: usize = 12 << 20;

/// Lets freed memory stay with the process: the allocator of glibc takes a large block that was freed as a sign that
/// there will be more. Otherwise each hour's rows would go back to the kernel, to come again, cleared page by page,
/// with the next one's.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE_BLOCK)));
}

impl Merger {
    /// A merger of no files, whose rows will be sorted as `layout` says.
    pub fn new(layout: Layout) -> Self {
        keep_freed_memory();
        Self::with_batches(layout, BATCH_ROWS)
    }

    fn with_batches(layout: Layout, batch_rows: usize) -> Self {
        Self {
            layout,
            batch: Coded::with_capacity(layout, batch_rows),
            batch_rows,
            runs: Vec::new(),
            rows: 0,
            room: Room::default(),
        }
    }

    /// Adds a file that was merged before. It may be a large one, and when it cannot be read, all is over.
    pub fn add_merged(&mut self, file: &File) -> Result<(), MergeError> {
        if file.layout() == self.layout && file.len() > self.batch_rows {
            self.spill()?;
            self.runs.push(file.clone());
        } else {
            for group in 0..file.groups() {
                self.batch.append_group(file, group, &mut self.room).map_err(MergeError::Read)?;
                self.spill_when_full()?;
            }
        }
        self.rows += file.len() as u64;
        Ok(())
    }

    /// Adds a file. One that cannot be read leaves everything as it is.
    pub fn add(&mut self, file: &File) -> Result<(), MergeError> {
        self.batch.append(file, &mut self.room).map_err(MergeError::Read)?;
        self.rows += file.len() as u64;
        self.spill_when_full()
    }

    /// The file of all rows, with these entries in its footer.
    pub fn finish(mut self, entries: &[(&str, String)]) -> Result<Merged, MergeError> {
        let mut writer = Writer::new(self.layout, Compression::Zstd).map_err(MergeError::Write)?;
        for (key, value) in entries {
            writer.set(key, value.clone());
        }
        let (content, rows) = if self.runs.is_empty() {
            let order = self.batch.order().map_err(MergeError::Write)?;
            self.batch.write(&order, Level::Lasting, &mut writer).map_err(MergeError::Write)?;
            (writer.finish().map_err(MergeError::Write)?, order.len() as u64)
        } else {
            self.spill()?;
            // Its room goes to the streams.
            drop(self.batch);
            stream::merge(&self.runs, self.layout, writer)?
        };
        Ok(Merged { content, rows, duplicates: self.rows - rows })
    }

    fn spill_when_full(&mut self) -> Result<(), MergeError> {
        if self.batch.len() >= self.batch_rows { self.spill() } else { Ok(()) }
    }

    /// Makes a run of the batch.
    fn spill(&mut self) -> Result<(), MergeError> {
        if self.batch.len() > 0 {
            self.runs.push(self.run().map_err(MergeError::Write)?);
            self.batch.clear();
        }
        Ok(())
    }

    fn run(&self) -> Result<File, Unreadable> {
        let mut writer = Writer::new(self.layout, Compression::Zstd)?;
        self.batch.write(&self.batch.order()?, Level::Passing, &mut writer)?;
        let mut content = writer.finish()?;
        // It stays until the end, among many.
        content.shrink_to_fit();
        File::open(content.into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::file::encode;
    use crate::testing::tables_of;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn runs_of_any_size_are_merged_alike(tables in tables_of(1..8), batch_rows in 1..40_usize, merged in 0..8_usize) {
            let layout = Layout::standard(tables[0].feed_type());
            let mut all = crate::table::Table::new(layout.feed_type());
            for table in &tables {
                all.append(table.clone());
            }
            let expected = layout.sorted(&all);
            for batch_rows in [batch_rows, BATCH_ROWS] {
                let mut merger = Merger::with_batches(layout, batch_rows);
                for (index, table) in tables.iter().enumerate() {
                    let rows = if index < merged { layout.sorted(table) } else { table.clone() };
                    let content = encode(layout, rows, Compression::Snappy, &[]).unwrap();
                    let file = File::open(content.into()).unwrap();
                    if index < merged { merger.add_merged(&file).unwrap() } else { merger.add(&file).unwrap() }
                }
                let merged = merger.finish(&[("a", "b".to_owned())]).unwrap();
                let file = File::open(merged.content.into()).unwrap();
                prop_assert_eq!(merged.rows, expected.len() as u64);
                prop_assert_eq!((file.metadata("a"), file.layout()), (Some("b"), layout));
                prop_assert_eq!(&file.read_all().unwrap(), &expected);
            }
        }
    }
}
