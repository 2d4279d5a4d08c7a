//! Rows whose cells are numbers of values: what is merged is sorted and moved as such numbers, and a value is looked at
//! once a file.
//!
//! Pages are decoded and encoded here, as dictionaries and indices; their headers, their compression when they are read,
//! and footers are the Parquet library's business.

mod dictionary;
mod hybrid;
mod order;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use write::Level;

use self::dictionary::Dictionary;
use crate::table::Layout;

/// Rows of one format. A cell is a code of its column's dictionary.
#[derive(Debug)]
pub(crate) struct Coded {
    layout: Layout,
    columns: Vec<Column>,
    rows: usize,
}

#[derive(Debug)]
struct Column {
    dictionary: Dictionary,
    codes: Vec<u32>,
}

impl Coded {
    /// No rows, which will be sorted as `layout` says.
    pub(crate) fn new(layout: Layout) -> Self {
        let columns = layout.feed_type().columns().iter();
        let columns =
            columns.map(|column| Column { dictionary: Dictionary::new(column.kind), codes: Vec::new() }).collect();
        Self { layout, columns, rows: 0 }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Forgets all rows and values.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.layout);
    }
}
