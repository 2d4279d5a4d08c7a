#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::feeds::FeedType;
use crate::table::{Cell, Layout, Table};
use crate::testing::tables;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_come_back(table in tables(), zstd: bool, most in 1..20_usize) {
        let layout = Layout::standard(table.feed_type());
        let compression = if zstd { Compression::Zstd } else { Compression::Snappy };
        let content = encode(layout, table.clone(), compression, &[("a", "b".into())]).unwrap();
        let file = File::open(content.into()).unwrap();
        prop_assert_eq!((file.len(), file.layout(), file.metadata("a")), (table.len(), layout, Some("b")));
        prop_assert_eq!(&file.read_all().unwrap(), &table);
        let (mut rows, mut batch, mut streamed) = (file.rows(), Table::new(table.feed_type()), Table::new(table.feed_type()));
        loop {
            rows.next_rows(most, &mut batch).unwrap();
            if batch.is_empty() {
                break;
            }
            streamed.append(batch.clone());
        }
        prop_assert_eq!(&streamed, &table);
    }

    #[test]
    fn spoilt_files_are_errors(table in tables(), spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut content = encode(Layout::standard(table.feed_type()), table, Compression::Snappy, &[]).unwrap();
        for (spot, byte) in spots {
            let spot = spot.index(content.len());
            content[spot] = byte;
        }
        let _ = File::open(content.into()).and_then(|file| file.read_all());
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
