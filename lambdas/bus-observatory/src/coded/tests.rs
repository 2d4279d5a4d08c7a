#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::dictionary::Dictionary;
use super::*;
use crate::feeds::FeedType;
use crate::file::{Compression, File, Room, Writer, encode, library};
use crate::table::Table;
use crate::testing::tables;

fn coded(file: &File) -> Coded {
    let mut coded = Coded::with_capacity(file.layout(), 0);
    coded.append(file, &mut Room::default()).unwrap();
    coded
}

fn written(coded: &Coded, order: &[u32]) -> File {
    let mut writer = Writer::new(coded.layout, Compression::Zstd).unwrap();
    coded.write(order, Level::Lasting, &mut writer).unwrap();
    File::open(writer.finish().unwrap().into()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_come_back(width in 0..=16_u32, runs in prop::collection::vec((any::<u32>(), 1..30_usize), 0..30)) {
        let mask = u32::try_from((1_u64 << width) - 1).unwrap();
        let values: Vec<u32> = runs.into_iter().flat_map(|(value, length)| vec![value & mask; length]).collect();
        let (mut content, mut read) = (Vec::new(), vec![7]);
        hybrid::encode(&values, width, &mut content);
        hybrid::decode(&content, width, values.len(), &mut read).unwrap();
        prop_assert_eq!(&read[1..], &values);
    }

    #[test]
    fn packed_numbers_of_any_width_are_read(width in 0..=32_u32, values in prop::collection::vec(any::<u32>(), 1..60)) {
        let mask = u32::try_from((1_u64 << width) - 1).unwrap();
        let bits = values.iter().flat_map(|value| (0..width).map(move |bit| value >> bit & 1)).collect::<Vec<_>>();
        let groups = values.len().div_ceil(8);
        let mut content = vec![u8::try_from(groups << 1 | 1).unwrap()];
        content.extend(bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::try_from(*bit).unwrap())));
        let mut read = Vec::new();
        hybrid::decode(&content, width, values.len(), &mut read).unwrap();
        let masked: Vec<u32> = values.iter().map(|value| value & mask).collect();
        prop_assert_eq!(read, masked);
    }

    #[test]
    fn any_bytes_are_numbers_or_an_error(width in 0..40_u32, count in 0..500_usize, content in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut read = Vec::new();
        if hybrid::decode(&content, width, count, &mut read).is_ok() {
            prop_assert_eq!(read.len(), count);
        }
    }

    #[test]
    fn values_keep_their_numbers(values in prop::collection::vec("[a-c]{0,40}", 0..300)) {
        let mut dictionary = Dictionary::default();
        let codes: Vec<u32> = values.iter().map(|value| dictionary.code(value.as_bytes()).unwrap()).collect();
        for (value, code) in values.iter().zip(codes) {
            prop_assert_eq!(dictionary.value(code), value.as_bytes());
            prop_assert_eq!(dictionary.code(value.as_bytes()).unwrap(), code);
        }
        let distinct: std::collections::BTreeSet<_> = values.iter().filter(|value| !value.is_empty()).collect();
        prop_assert_eq!(dictionary.len(), distinct.len() + 1);
        dictionary.clear();
        prop_assert_eq!((dictionary.len(), dictionary.code(b"x")), (1, Ok(1)));
    }

    #[test]
    fn rows_are_sorted_as_tables_are_and_come_back(table in tables(), zstd: bool) {
        let layout = Layout::standard(table.feed_type());
        let compression = if zstd { Compression::Zstd } else { Compression::Snappy };
        let content = encode(layout, table.clone(), compression, &[]).unwrap();
        let coded = coded(&File::open(content.into()).unwrap());
        prop_assert_eq!(coded.len(), table.len());
        let file = written(&coded, &coded.order().unwrap());
        let sorted = layout.sorted(&table);
        prop_assert_eq!(&file.read_all().unwrap(), &sorted);
        prop_assert_eq!(&library::rows(table.feed_type(), file.bytes()), &sorted);
        // What was written here is read here, too.
        let again = self::coded(&file);
        let all: Vec<u32> = (0..u32::try_from(sorted.len()).unwrap()).collect();
        prop_assert_eq!(again.order().unwrap(), all);
    }

    /// Nothing here may panic: functions are built to abort then.
    #[test]
    fn spoilt_files_are_errors(table in tables(), manner in library::manners(), spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut content = library::written(&table, manner);
        for (spot, byte) in spots {
            let spot = spot.index(content.len());
            content[spot] = byte;
        }
        if let Ok(file) = File::open(content.into()) {
            let mut coded = Coded::with_capacity(file.layout(), 0);
            if coded.append(&file, &mut Room::default()).is_err() {
                prop_assert_eq!(coded.len(), 0);
                prop_assert!(coded.columns.iter().all(|column| column.len() == 0));
            } else {
                written(&coded, &coded.order().unwrap());
            }
        }
    }
}

#[test]
fn row_groups_of_many_rows_come_back_with_their_statistics() {
    use crate::table::Cell;
    let layout = Layout::standard(FeedType::Njxml);
    let mut table = Table::new(FeedType::Njxml);
    let rows = 70_000_u32;
    for row in 0..rows {
        let mut cells = vec![Cell::Null; 25];
        cells[0] = Cell::Text(format!("{row}"));
        cells[5] = Cell::text((row > 9).then(|| format!("{:03}", row / 100)));
        cells[12] = Cell::Double(f64::from(row) / 7.0);
        cells[13] = Cell::double((row % 3 == 0).then_some(f64::from(row % 5)));
        cells[24] = Cell::Timestamp(i64::from(row / 10));
        table.push(cells);
    }
    let content = encode(layout, table.clone(), Compression::Snappy, &[]).unwrap();
    let coded = coded(&File::open(content.into()).unwrap());
    let file = written(&coded, &coded.order().unwrap());
    assert_eq!(file.read_all().unwrap(), layout.sorted(&table));
    assert_eq!(library::rows(FeedType::Njxml, file.bytes()), layout.sorted(&table));
    assert_eq!((file.groups(), file.rows_of(0), file.rows_of(1)), (2, 65_536, 4_464));
    let holds =
        |route: &str, times: std::ops::Range<i64>| [0, 1].map(|group| file.may_hold(group, (5, route), (24, &times)));
    assert_eq!((holds("000", 0..i64::MAX), holds("699", 0..i64::MAX)), ([true, false], [false, true]));
    assert_eq!((holds("655", 0..6_553), holds("655", 6_554..6_555)), ([true, false], [false, true]));
}

#[test]
fn long_texts_have_pages_of_their_own() {
    use crate::table::Cell;
    let layout = Layout::standard(FeedType::Njxml);
    let mut table = Table::new(FeedType::Njxml);
    for row in 0..60_u32 {
        let mut cells = vec![Cell::Null; 25];
        cells[0] = Cell::Text(format!("{row:03}"));
        // One that is longer than a page, and nulls between the others.
        let length = if row == 30 { 2 << 20 } else { 150_000 };
        cells[3] = Cell::text((row % 4 != 1).then(|| format!("{row:03}").repeat(length / 3)));
        cells[24] = Cell::Timestamp(i64::from(row));
        table.push(cells);
    }
    let content = encode(layout, table.clone(), Compression::Snappy, &[]).unwrap();
    let file = written(&coded(&File::open(content.into()).unwrap()), &(0..60).collect::<Vec<_>>());
    assert_eq!(file.read_all().unwrap(), table);
    assert_eq!(library::rows(FeedType::Njxml, file.bytes()), table);
}

#[test]
fn values_of_rows_that_were_taken_back_leave_no_trace() {
    use crate::table::Cell;
    let layout = Layout::standard(FeedType::Njxml);
    let [with, without] = [Some("text"), None].map(|text| {
        let mut table = Table::new(FeedType::Njxml);
        table.push([Cell::Text("1".into()), Cell::text(text)]);
        table
    });
    let [spoilt, file] = [with, without.clone()]
        .map(|table| File::open(encode(layout, table, Compression::Snappy, &[]).unwrap().into()).unwrap());
    let mut coded = coded(&spoilt);
    coded.truncate(0);
    coded.append(&file, &mut Room::default()).unwrap();
    assert_eq!(written(&coded, &[0]).read_all().unwrap(), without);
}
