//! Rows in memory, a column at a time.

mod cells;
mod layout;
mod order;

pub(crate) use cells::null;
pub use cells::{Cell, Cells};
pub use layout::{Layout, LayoutError};
pub use order::{Identity, Seen};

use crate::feeds::FeedType;

/// Rows of one format. All columns have the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    feed_type: FeedType,
    columns: Vec<Cells>,
    rows: usize,
}

impl Table {
    /// A table without rows.
    pub fn new(feed_type: FeedType) -> Self {
        let columns = feed_type.columns().iter().map(|column| Cells::new(column.kind)).collect();
        Self { feed_type, columns, rows: 0 }
    }

    /// The format whose columns these are.
    pub fn feed_type(&self) -> FeedType {
        self.feed_type
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The columns, in the order of the format.
    pub fn columns(&self) -> &[Cells] {
        &self.columns
    }

    /// Adds a row. What is missing at its end is null, and so is a cell of another type than its column.
    pub fn push(&mut self, row: impl IntoIterator<Item = Cell>) {
        let mut row = row.into_iter();
        for column in &mut self.columns {
            column.push(row.next().unwrap_or(Cell::Null));
        }
        self.rows += 1;
    }

    /// The text of a cell; none when it is null, no text, or outside.
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        let bytes = self.columns.get(column)?.text(row)?;
        if bytes.is_empty() { None } else { std::str::from_utf8(bytes).ok() }
    }

    /// The time of a cell in microseconds since 1970.
    pub fn timestamp(&self, column: usize, row: usize) -> Option<i64> {
        match self.columns.get(column)? {
            Cells::Timestamp(cells) => cells.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// The cell at a column and a row; null when it is outside.
    pub fn cell(&self, column: usize, row: usize) -> Cell {
        self.columns.get(column).map_or(Cell::Null, |cells| cells.get(row))
    }

    /// Adds all rows of `other`, which has the same format.
    pub fn append(&mut self, mut other: Self) {
        debug_assert_eq!(self.feed_type, other.feed_type, "rows of one format");
        let rows = other.rows;
        self.take_run(&mut other, 0, rows);
    }

    /// Moves `length` rows of `other`, from row `start` on, to the end of this table. What stays behind in `other` has
    /// no texts.
    pub(crate) fn take_run(&mut self, other: &mut Self, start: usize, length: usize) {
        for (column, theirs) in self.columns.iter_mut().zip(&mut other.columns) {
            column.take_run(theirs, start, length);
        }
        self.rows += length;
    }

    /// The rows with these indices, in this order.
    #[must_use]
    pub fn pick(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| column.pick(rows)).collect();
        Self { feed_type: self.feed_type, columns, rows: rows.len() }
    }

    /// Forgets all rows, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Cells::clear);
        self.rows = 0;
    }

    /// The columns, to fill them; [`Self::set_rows`] must follow.
    pub(crate) fn columns_mut(&mut self) -> &mut [Cells] {
        &mut self.columns
    }

    /// Says how many rows the columns have now. False when they do not all have as many.
    #[must_use]
    pub(crate) fn set_rows(&mut self, rows: usize) -> bool {
        self.rows = rows;
        self.columns.iter().all(|column| column.len() == rows)
    }
}
