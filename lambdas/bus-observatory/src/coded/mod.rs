//! Rows as merging moves them: a text is a number that stands for it, and is looked at once a file; a number is its
//! bytes.
//!
//! Pages are decoded and encoded here. Any bytes are cells or an error: nothing panics at a page that was spoilt. The
//! headers of pages and footers are read by [`file`](crate::file), and written by the Parquet library.

mod chunk;
mod delta;
mod dictionary;
mod distinct;
mod hybrid;
mod numbers;
mod order;
mod read;
#[cfg(test)]
mod tests;
mod texts;
mod write;

use std::ops::Range;

pub(crate) use write::Level;

use self::numbers::Numbers;
use self::texts::Texts;
use crate::feeds::ColumnKind;
use crate::table::{Cells, Layout};

/// Rows of one format.
#[derive(Debug)]
pub(crate) struct Coded {
    layout: Layout,
    columns: Vec<Column>,
    rows: usize,
}

/// The cells of a column.
#[derive(Debug)]
pub(crate) enum Column {
    Texts(Texts),
    /// Numbers of 32 bits.
    Words(Numbers<4>),
    /// Numbers of 64 bits.
    Longs(Numbers<8>),
}

/// Runs `$body` with `$cells` bound to the cells of whichever column it is.
macro_rules! each {
    ($column:expr, $cells:ident => $body:expr) => {
        match $column {
            $crate::coded::Column::Texts($cells) => $body,
            $crate::coded::Column::Words($cells) => $body,
            $crate::coded::Column::Longs($cells) => $body,
        }
    };
}
use each;

impl Coded {
    /// No rows, which will be sorted as `layout` says, and room for so many.
    pub(crate) fn with_capacity(layout: Layout, rows: usize) -> Self {
        let columns = layout.feed_type().columns().iter().map(|column| {
            let mut column = Column::new(column.kind);
            each!(&mut column, cells => cells.reserve(rows));
            column
        });
        Self { layout, columns: columns.collect(), rows: 0 }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Forgets all rows and values, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.rows = 0;
        self.columns.iter_mut().for_each(|column| each!(column, cells => cells.clear()));
    }

    fn truncate(&mut self, rows: usize) {
        self.rows = rows;
        self.columns.iter_mut().for_each(|column| each!(column, cells => cells.truncate(rows)));
    }
}

impl Column {
    /// No cells of a type.
    pub(crate) fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Texts(Texts::default()),
            ColumnKind::Integer | ColumnKind::Float => Self::Words(Numbers::default()),
            ColumnKind::Double | ColumnKind::Timestamp => Self::Longs(Numbers::default()),
        }
    }

    /// The number of cells.
    pub(crate) fn len(&self) -> usize {
        each!(self, cells => cells.len())
    }

    /// Forgets all cells, but not the dictionary of the pages that follow.
    pub(crate) fn forget_cells(&mut self) {
        each!(self, cells => cells.truncate(0));
    }

    /// Adds the cells of some rows to a column of a table, which has the same type.
    pub(crate) fn give(&mut self, rows: Range<usize>, target: &mut Cells) {
        match (self, target) {
            (Self::Texts(texts), Cells::Text(target)) => texts.give(rows, target),
            (Self::Words(words), Cells::Integer(target)) => {
                target.extend(words.cells(rows).map(|cell| cell.map(i32::from_le_bytes)));
            }
            (Self::Words(words), Cells::Float(target)) => {
                target.extend(words.cells(rows).map(|cell| cell.map(f32::from_le_bytes)));
            }
            (Self::Longs(longs), Cells::Double(target)) => {
                target.extend(longs.cells(rows).map(|cell| cell.map(f64::from_le_bytes)));
            }
            (Self::Longs(longs), Cells::Timestamp(target)) => {
                target.extend(longs.cells(rows).map(|cell| cell.map(i64::from_le_bytes)));
            }
            _ => debug_assert!(false, "a column of another type"),
        }
    }

    /// Adds the cells of some rows of a table, whose column has the same type.
    fn take(&mut self, cells: &Cells, rows: Range<usize>) -> Result<(), crate::file::Unreadable> {
        match (self, cells) {
            (Self::Texts(texts), Cells::Text(cells)) => return texts.take(&cells[rows]),
            (Self::Words(words), Cells::Integer(cells)) => words.take(&cells[rows], i32::to_le_bytes),
            (Self::Words(words), Cells::Float(cells)) => words.take(&cells[rows], f32::to_le_bytes),
            (Self::Longs(longs), Cells::Double(cells)) => longs.take(&cells[rows], f64::to_le_bytes),
            (Self::Longs(longs), Cells::Timestamp(cells)) => longs.take(&cells[rows], i64::to_le_bytes),
            _ => debug_assert!(false, "a column of another type"),
        }
        Ok(())
    }
}

/// Whether all cells are the same.
fn same_in_all<T: Copy + PartialEq>(cells: &[T]) -> bool {
    let Some(first) = cells.first() else { return true };
    // Within a part all are compared, which takes less time than a look after each.
    cells.chunks(256).all(|cells| cells.iter().filter(|cell| *cell == first).count() == cells.len())
}
