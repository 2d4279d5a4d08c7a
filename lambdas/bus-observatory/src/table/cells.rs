//! One column of a table, and one cell of it.

use parquet::data_type::ByteArray;

use crate::feeds::ColumnKind;

/// The cells of a column.
///
/// A text without characters is null: a feed that says nothing and one that says "" are told alike. Texts share the
/// memory of the page that they were read from.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// UTF-8 texts; an empty one is null.
    Text(Vec<ByteArray>),
    /// Integers.
    Integer(Vec<Option<i32>>),
    /// Floating-point numbers of 32 bits.
    Float(Vec<Option<f32>>),
    /// Floating-point numbers of 64 bits.
    Double(Vec<Option<f64>>),
    /// Microseconds since 1970, UTC.
    Timestamp(Vec<Option<i64>>),
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Null,
    /// A text.
    Text(String),
    /// An integer.
    Integer(i32),
    /// A floating-point number of 32 bits.
    Float(f32),
    /// A floating-point number of 64 bits.
    Double(f64),
    /// Microseconds since 1970, UTC.
    Timestamp(i64),
}

impl Cell {
    /// A text, or null when it is none or empty.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map(Into::into).filter(|text| !text.is_empty()).map_or(Self::Null, Self::Text)
    }

    /// An integer, or null.
    pub fn integer(value: Option<i32>) -> Self {
        value.map_or(Self::Null, Self::Integer)
    }

    /// A number, or null when there is none or it is no finite one.
    pub fn float(value: Option<f32>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Null, Self::Float)
    }

    /// A number, or null when there is none or it is no finite one.
    pub fn double(value: Option<f64>) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Null, Self::Double)
    }

    /// A time in microseconds since 1970, or null.
    pub fn timestamp(microseconds: Option<i64>) -> Self {
        microseconds.map_or(Self::Null, Self::Timestamp)
    }
}

/// Runs `$body` with `$cells` bound to the vector of whichever column it is.
macro_rules! each {
    ($column:expr, $cells:ident => $body:expr) => {
        match $column {
            Cells::Text($cells) => $body,
            Cells::Integer($cells) => $body,
            Cells::Float($cells) => $body,
            Cells::Double($cells) => $body,
            Cells::Timestamp($cells) => $body,
        }
    };
}

impl Cells {
    /// A column without cells.
    pub fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text(Vec::new()),
            ColumnKind::Integer => Self::Integer(Vec::new()),
            ColumnKind::Float => Self::Float(Vec::new()),
            ColumnKind::Double => Self::Double(Vec::new()),
            ColumnKind::Timestamp => Self::Timestamp(Vec::new()),
        }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        each!(self, cells => cells.len())
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of a text, empty for null; none when this is no column of texts.
    pub(crate) fn text(&self, row: usize) -> Option<&[u8]> {
        match self {
            Self::Text(cells) => cells.get(row).map(ByteArray::data),
            _ => None,
        }
    }

    pub(super) fn get(&self, row: usize) -> Cell {
        match self {
            Self::Text(cells) => Cell::text(cells.get(row).and_then(|text| std::str::from_utf8(text.data()).ok())),
            Self::Integer(cells) => Cell::integer(cells.get(row).copied().flatten()),
            Self::Float(cells) => cells.get(row).copied().flatten().map_or(Cell::Null, Cell::Float),
            Self::Double(cells) => cells.get(row).copied().flatten().map_or(Cell::Null, Cell::Double),
            Self::Timestamp(cells) => Cell::timestamp(cells.get(row).copied().flatten()),
        }
    }

    pub(super) fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Self::Text(cells), Cell::Text(text)) => cells.push(ByteArray::from(text.into_bytes())),
            (Self::Text(cells), _) => cells.push(null()),
            (Self::Integer(cells), Cell::Integer(value)) => cells.push(Some(value)),
            (Self::Integer(cells), _) => cells.push(None),
            (Self::Float(cells), Cell::Float(value)) => cells.push(Some(value)),
            (Self::Float(cells), _) => cells.push(None),
            (Self::Double(cells), Cell::Double(value)) => cells.push(Some(value)),
            (Self::Double(cells), _) => cells.push(None),
            (Self::Timestamp(cells), Cell::Timestamp(value)) => cells.push(Some(value)),
            (Self::Timestamp(cells), _) => cells.push(None),
        }
    }

    pub(super) fn take_run(&mut self, other: &mut Self, start: usize, length: usize) {
        let run = start..start + length;
        match (self, other) {
            (Self::Text(cells), Self::Text(theirs)) => {
                cells.extend(theirs[run].iter_mut().map(|text| std::mem::replace(text, null())));
            }
            (Self::Integer(cells), Self::Integer(theirs)) => cells.extend_from_slice(&theirs[run]),
            (Self::Float(cells), Self::Float(theirs)) => cells.extend_from_slice(&theirs[run]),
            (Self::Double(cells), Self::Double(theirs)) => cells.extend_from_slice(&theirs[run]),
            (Self::Timestamp(cells), Self::Timestamp(theirs)) => cells.extend_from_slice(&theirs[run]),
            _ => unreachable!("tables of one format have columns of the same types"),
        }
    }

    pub(super) fn pick(&self, rows: &[usize]) -> Self {
        fn of<T: Clone>(cells: &[T], rows: &[usize]) -> Vec<T> {
            rows.iter().map(|row| cells[*row].clone()).collect()
        }
        match self {
            Self::Text(cells) => Self::Text(of(cells, rows)),
            Self::Integer(cells) => Self::Integer(of(cells, rows)),
            Self::Float(cells) => Self::Float(of(cells, rows)),
            Self::Double(cells) => Self::Double(of(cells, rows)),
            Self::Timestamp(cells) => Self::Timestamp(of(cells, rows)),
        }
    }

    pub(super) fn clear(&mut self) {
        each!(self, cells => cells.clear());
    }
}

/// A text that is null.
pub(crate) fn null() -> ByteArray {
    ByteArray::from(bytes::Bytes::new())
}
