//! Rows beside those of Google's bindings.

use std::fs;
use std::path::Path;

use bus_observatory::decode::decode;
use bus_observatory::feeds::FeedType;
use bus_observatory::table::Cell;
use serde_json::Value;

/// When all messages were fetched.
const FETCHED_AT: i64 = 1_700_001_234_000_000;

/// A cell as JSON.
pub(crate) fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => text.into(),
        Cell::Integer(value) => value.into(),
        Cell::Float(value) => f64::from(value).into(),
        Cell::Double(value) => value.into(),
        Cell::Timestamp(value) => value.into(),
    }
}

/// Compares the rows of the message `SEED.pb` with `SEED.json`. Gives their number.
pub(crate) fn compare(folder: &Path, seed: u32) -> usize {
    let body = fs::read(folder.join(format!("{seed}.pb"))).unwrap();
    let text = fs::read_to_string(folder.join(format!("{seed}.json"))).unwrap();
    let expected: Vec<Value> = serde_json::from_str(&text).unwrap();
    let decoded = decode(FeedType::Gtfsrt, &body, FETCHED_AT).unwrap();
    assert_eq!((decoded.rejected, decoded.partial, decoded.table.len()), (0, false, expected.len()), "{seed}");
    for (row, expected) in expected.iter().enumerate() {
        for (index, column) in FeedType::Gtfsrt.columns().iter().enumerate() {
            let cell = value(decoded.table.cell(index, row));
            let same = cell == expected[column.name]
                || cell.as_f64().is_some() && cell.as_f64() == expected[column.name].as_f64();
            assert!(same, "{seed}, row {row}, `{}`: {cell} and {}", column.name, expected[column.name]);
        }
    }
    expected.len()
}
