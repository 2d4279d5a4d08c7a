//! Where the vehicles were at the last grab.

use super::problem::Problem;
use super::{Answer, rows};
use crate::contract::keys::last_grab;
use crate::feeds::Feed;
use crate::lake::last_rows;
use crate::storage::Storage;
use crate::table::{Cell, Layout, Table};

const MEDIA_TYPE: &str = "application/geo+json";

pub(super) fn answer(feed: &Feed, storage: &dyn Storage) -> Result<Answer, Problem> {
    let layout = Layout::of(feed).map_err(|error| Problem::internal(&error))?;
    let object = storage.get(&last_grab(&feed.system_id)).map_err(|error| Problem::internal(&error))?;
    let table = match object {
        Some(object) => last_rows(object.content, layout).map_err(|error| Problem::internal(&error))?,
        None => None,
    };
    let mut output = b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec();
    let mut count = 0;
    if let Some(table) = table {
        for row in 0..table.len() {
            let Some(position) = position(&table, layout, row) else { continue };
            if count > 0 {
                output.push(b',');
            }
            output.extend_from_slice(b"{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[");
            output.extend_from_slice(position.as_bytes());
            output.extend_from_slice(b"]},\"properties\":");
            rows::json_row(&mut output, &table, row, None);
            output.push(b'}');
            count += 1;
        }
    }
    output.extend_from_slice(b"]}");
    Ok(Answer::new(MEDIA_TYPE, output, count))
}

/// Longitude and latitude, when the row has both.
fn position(table: &Table, layout: Layout, row: usize) -> Option<String> {
    let (latitude, longitude) = layout.coordinates();
    let number = |column| match table.cell(column, row) {
        Cell::Float(value) if value.is_finite() => Some(value.to_string()),
        Cell::Double(value) if value.is_finite() => Some(value.to_string()),
        _ => None,
    };
    Some(format!("{},{}", number(longitude)?, number(latitude)?))
}
