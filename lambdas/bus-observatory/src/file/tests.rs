#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::feeds::FeedType;
use crate::table::{Cell, Layout, Table};
use crate::testing::tables;

/// All rows, some at a time.
fn streamed(file: &File, most: usize) -> Result<Table, Unreadable> {
    let (mut rows, mut batch, mut all) = (file.rows(), Table::new(file.feed_type()), Table::new(file.feed_type()));
    loop {
        rows.next_rows(most, &mut batch)?;
        if batch.is_empty() {
            return Ok(all);
        }
        all.append(batch.clone());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn rows_come_back(table in tables(), zstd: bool, most in 1..20_usize) {
        let layout = Layout::standard(table.feed_type());
        let compression = if zstd { Compression::Zstd } else { Compression::Snappy };
        let content = encode(layout, table.clone(), compression, &[("a", "b".into())]).unwrap();
        let file = File::open(content.into()).unwrap();
        prop_assert_eq!((file.len(), file.layout(), file.metadata("a")), (table.len(), layout, Some("b")));
        prop_assert_eq!(&file.read_all().unwrap(), &table);
        prop_assert_eq!(&streamed(&file, most).unwrap(), &table);
    }

    #[test]
    fn files_of_any_encoding_are_read(table in tables(), manner in library::manners(), most in 1..20_usize) {
        let content: Bytes = library::written(&table, manner).into();
        prop_assert_eq!(&library::rows(table.feed_type(), content.clone()), &table);
        let file = File::open(content).unwrap();
        prop_assert_eq!(&file.read_all().unwrap(), &table);
        prop_assert_eq!(&streamed(&file, most).unwrap(), &table);
    }

    /// Nothing here may panic: functions are built to abort then.
    #[test]
    fn spoilt_files_are_errors(
        table in tables(),
        manner in library::manners(),
        spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        most in 1..20_usize,
    ) {
        let mut content = library::written(&table, manner);
        for (spot, byte) in spots {
            let spot = spot.index(content.len());
            content[spot] = byte;
        }
        if let Ok(file) = File::open(content.into()) {
            let _ = file.read_all();
            let _ = streamed(&file, most);
            let layout = file.layout();
            for group in 0..file.groups() {
                file.may_hold(group, (layout.route(), "a"), (layout.timestamp(), &(0..1)));
            }
        }
    }

    #[test]
    fn bytes_are_no_files(content in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(File::open(content.into()).is_err());
    }
}

#[test]
fn row_groups_are_pruned_by_their_statistics() {
    let layout = Layout::standard(FeedType::Njxml);
    let mut table = Table::new(FeedType::Njxml);
    let rows = ROW_GROUP_ROWS + 10;
    for row in 0..rows {
        let mut cells = vec![Cell::Null; 25];
        cells[0] = Cell::Text(format!("{row}"));
        cells[5] = Cell::Text(format!("{:06}", row / 100));
        cells[24] = Cell::Timestamp(i64::try_from(row).unwrap());
        table.push(cells);
    }
    let file = File::open(encode(layout, table, Compression::Zstd, &[]).unwrap().into()).unwrap();
    assert_eq!((file.groups(), file.rows_of(0), file.rows_of(1)), (2, ROW_GROUP_ROWS, 10));
    let holds =
        |route: &str, times: std::ops::Range<i64>| [0, 1].map(|group| file.may_hold(group, (5, route), (24, &times)));
    assert_eq!(holds("000010", 0..i64::MAX), [true, false]);
    assert_eq!(holds("000655", 0..i64::MAX), [true, true]);
    assert_eq!(holds("000655", 65_536..65_537), [false, true]);
    assert_eq!(holds("1", 0..i64::MAX), [false, false]);
}
