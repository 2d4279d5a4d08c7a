//! The XML of the bus map of Clever Devices.

use serde_json::Value;

use super::value::{self, Malformed};
use super::{Decoded, NotAFeed, source, xml};
use crate::feeds::{ColumnKind, FeedType};
use crate::table::Cell;

const ROOT: &str = "buses";
const ENTITY: &str = "bus";
/// Columns that must be all digits: the map also shows vehicles that are in no service.
const DIGITS: [&str; 2] = ["rt", "run"];
/// Columns that the feed does not have itself.
const OWN_COLUMNS: usize = 3;

pub(super) fn decode(body: &[u8], fetched_at: i64) -> Result<Decoded, NotAFeed> {
    let text = String::from_utf8_lossy(body);
    let document = xml::cut(&text, ENTITY);
    if document.root != ROOT {
        return Err(NotAFeed::NotBusMap);
    }
    let mut decoded = Decoded::new(FeedType::Njxml);
    decoded.partial = document.partial;
    decoded.rejected = document.broken;
    for entity in &document.entities {
        match xml::value(entity).and_then(|value| row(&value, fetched_at)) {
            Ok(Some(row)) => decoded.table.push(row),
            Ok(None) => {}
            Err(Malformed) => decoded.rejected += 1,
        }
    }
    Ok(decoded)
}

fn row(entity: &Value, fetched_at: i64) -> Result<Option<Vec<Cell>>, Malformed> {
    // An empty element is an empty text.
    let Value::Object(fields) = entity else { return Ok(None) };
    let lower: Vec<(String, &Value)> = fields.iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
    let field = |name: &str| {
        let found = lower.iter().find(|(field, _)| field == name);
        found.map_or(&Value::Null, |(_, value)| *value)
    };
    for name in DIGITS {
        let digits = value::text(field(name), &[])?;
        if !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) {
            return Ok(None);
        }
    }
    let columns = FeedType::Njxml.columns();
    let mut row = Vec::with_capacity(columns.len());
    for column in &columns[..columns.len() - OWN_COLUMNS] {
        row.push(match column.kind {
            ColumnKind::Double => Cell::double(value::double(field(column.name), &[])?),
            _ => Cell::text(value::text(field(column.name), &[])?),
        });
    }
    if row[0] == Cell::Null {
        return Err(Malformed);
    }
    row.extend([Cell::Timestamp(fetched_at), Cell::Timestamp(fetched_at), Cell::text(Some(source::FETCH))]);
    Ok(Some(row))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const BUS: &str = "<bus><id>7031</id><rt>164</rt><RT>9</RT><run>55</run><dn>To &amp; fro</dn><lat>40.75</lat>\
                       <lon>-74.03</lon><pd></pd></bus>";

    #[test]
    fn buses_in_service_are_kept() {
        let body = format!(
            "<buses><time>1</time>{BUS}<bus><id>2</id><rt>MAN</rt><run>1</run></bus><bus><id>3</id><rt>1</rt></bus>\
             <bus><id>4</id><rt>1</rt><run>1</run><lat>north</lat></bus><bus><rt>1</rt><run>1</run></bus></buses>"
        );
        let decoded = decode(body.as_bytes(), 5).unwrap();
        assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 2, false));
        let cells: Vec<_> = [0, 5, 11, 12, 15, 17, 24, 25, 26].map(|column| decoded.table.cell(column, 0)).into();
        let text = |text: &str| Cell::Text(text.into());
        let (id, route, towards, source) = (text("7031"), text("164"), text("To & fro"), text("fetch"));
        let (latitude, run, time) = (Cell::Double(40.75), text("55"), Cell::Timestamp(5));
        assert_eq!(cells, [id, route, towards, latitude, Cell::Null, run, time.clone(), time, source]);
    }

    #[test]
    fn what_is_cut_short_keeps_what_is_whole() {
        let body = format!("<buses>{BUS}{}", &BUS[..40]);
        let decoded = decode(body.as_bytes(), 5).unwrap();
        assert_eq!((decoded.table.len(), decoded.rejected, decoded.partial), (1, 0, true));
        assert_eq!(decode(b"<html><bus></bus></html>", 5), Err(NotAFeed::NotBusMap));
        assert_eq!(decode(b"<buses></buses>", 5).unwrap().table.len(), 0);
    }
}
