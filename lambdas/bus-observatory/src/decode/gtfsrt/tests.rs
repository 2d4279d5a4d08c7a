#![allow(clippy::unwrap_used)]

use super::*;

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).unwrap()).collect()
}

const FIRST: &str = "0a050a03312e30121c0a013122170a040a027430120a0d00003c42150000f4c242030a0131";
const SECOND: &str = "0a050a03322e3012270a0b544553545f454e5449545922180a030a0141120a0d0000484215000070c242030a01314802";

/// Cells by the names of their columns.
fn cell(decoded: &Decoded, name: &str, row: usize) -> Cell {
    let column = FeedType::Gtfsrt.columns().iter().position(|column| column.name == name).unwrap();
    decoded.table.cell(column, row)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

#[test]
fn the_first_message_is_one_row() {
    let decoded = decode(&bytes(FIRST), 1_700_000_000_000_000).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 0, false));
    for (name, expected) in [
        ("id", text("1")),
        ("vehicle_trip_trip_id", text("t0")),
        ("vehicle_trip_route_id", Cell::Null),
        ("vehicle_vehicle_id", text("1")),
        ("vehicle_position_latitude", Cell::Float(47.0)),
        ("vehicle_position_longitude", Cell::Float(-122.0)),
        ("vehicle_occupancy_status", Cell::Null),
        ("vehicle_timestamp", Cell::Timestamp(1_700_000_000_000_000)),
        ("fetched_at", Cell::Timestamp(1_700_000_000_000_000)),
        ("ts_source", text("fetch")),
    ] {
        assert_eq!(cell(&decoded, name, 0), expected, "{name}");
    }
}

#[test]
fn the_second_message_has_an_occupancy() {
    let decoded = decode(&bytes(SECOND), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected), (1, 0));
    for (name, expected) in [
        ("id", text("TEST_ENTITY")),
        ("vehicle_trip_trip_id", text("A")),
        ("vehicle_vehicle_id", text("1")),
        ("vehicle_position_latitude", Cell::Float(50.0)),
        ("vehicle_position_longitude", Cell::Float(-60.0)),
        ("vehicle_occupancy_status", Cell::Integer(2)),
    ] {
        assert_eq!(cell(&decoded, name, 0), expected, "{name}");
    }
}

#[test]
fn a_bad_entity_costs_itself_only() {
    let decoded = decode(&bytes(&format!("{FIRST}1203ffffff")), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 1, false));
    let decoded = decode(&bytes(&format!("1203ffffff{FIRST}{}", &SECOND[14..])), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (2, 1, false));
}

#[test]
fn a_body_that_is_cut_short_keeps_what_is_whole() {
    let whole = bytes(&format!("{FIRST}{}", &SECOND[14..]));
    let first = bytes(FIRST).len();
    for end in 1..whole.len() {
        let decoded = decode(&whole[..end], 7);
        match end {
            ..7 => assert_eq!(decoded, Err(NotAFeed::NotGtfsRealtime), "{end}"),
            7 => assert_eq!(decoded.map(|decoded| (decoded.table.len(), decoded.partial)), Ok((0, false))),
            _ => {
                let decoded = decoded.unwrap();
                let expected = (usize::from(end >= first), end != first, 0);
                assert_eq!((decoded.table.len(), decoded.partial, decoded.rejected), expected, "{end}");
            }
        }
    }
}

#[test]
fn times_come_from_the_vehicle_or_the_header() {
    // Header 1.0 with time 1000; vehicle `a` with time 2000, vehicle `b` without.
    let header = "0a080a03312e3018e807";
    let message = format!("{header}12080a0161220328d00f12050a01622200");
    let decoded = decode(&bytes(&message), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected), (2, 0));
    assert_eq!(cell(&decoded, "vehicle_timestamp", 0), Cell::Timestamp(2_000_000_000));
    assert_eq!(cell(&decoded, "ts_source", 0), text("vehicle"));
    assert_eq!(cell(&decoded, "vehicle_timestamp", 1), Cell::Timestamp(1_000_000_000));
    assert_eq!(cell(&decoded, "ts_source", 1), text("header"));
    assert_eq!(cell(&decoded, "vehicle_position_latitude", 1), Cell::Null);
}

#[test]
fn alerts_are_no_vehicles_and_unknown_enums_stay_numbers() {
    // An entity with an alert only; one whose vehicle has status 99 and a time beyond all calendars.
    let decoded = decode(&bytes("0a050a03312e3012050a01612a00"), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected), (0, 0));
    let decoded = decode(&bytes("0a050a03312e3012070a016122022063"), 7).unwrap();
    assert_eq!(cell(&decoded, "vehicle_current_status", 0), Cell::Integer(99));
    let decoded = decode(&bytes("0a050a03312e3012100a0161220b28ffffffffffffffffff01"), 7).unwrap();
    assert_eq!((decoded.table.len(), decoded.rejected), (0, 1));
}

#[test]
fn other_bodies_are_refused() {
    assert_eq!(decode(b" <html>", 7), Err(NotAFeed::HtmlInsteadOfProtobuf));
    assert_eq!(decode(b"Not Found", 7), Err(NotAFeed::NotGtfsRealtime));
    assert_eq!(decode(&[0xff; 40], 7), Err(NotAFeed::NotGtfsRealtime));
}
