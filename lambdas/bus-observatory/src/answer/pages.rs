//! Answers that need no rows.

use std::fmt::Write as _;

use serde_json::json;

use super::{Answer, Format, openapi};
use crate::contract::api::FeedListing;
use crate::feeds::Feed;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}\
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left}";

fn listings(feeds: &[Feed]) -> Vec<FeedListing> {
    feeds.iter().filter(|feed| feed.publish).map(FeedListing::from).collect()
}

pub(super) fn feeds(feeds: &[Feed]) -> Answer {
    let listings = listings(feeds);
    let body = serde_json::to_vec(&listings).expect("texts are JSON");
    Answer::new(Format::JSON, body, listings.len())
}

pub(super) fn schema(feed: &Feed) -> Answer {
    let columns: Vec<_> = feed
        .feed_type
        .columns()
        .iter()
        .map(|column| json!({"name": column.name, "type": column.kind.glue_type()}))
        .collect();
    let body = json!({
        "system_id": feed.system_id,
        "feed_type": feed.feed_type,
        "route_column": feed.route_column,
        "timestamp_column": feed.timestamp_column,
        "columns": columns,
    });
    Answer::new(Format::JSON, body.to_string().into_bytes(), 0)
}

pub(super) fn openapi() -> Answer {
    Answer::new(Format::JSON, openapi::document().to_string().into_bytes(), 0)
}

pub(super) fn index(feeds: &[Feed]) -> Answer {
    let listings = listings(feeds);
    let mut table = String::new();
    for feed in &listings {
        let id = escaped(&feed.system_id);
        let _ = writeln!(
            table,
            "<tr><td><code>{id}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td><a href=\"{id}/schema\">columns</a> <a href=\"buses/live/{id}\">live</a></td></tr>",
            escaped(&feed.city_name),
            escaped(&feed.system_name),
            escaped(feed.feed_type.name()),
            escaped(&feed.tz),
            escaped(feed.notes.as_deref().unwrap_or(if feed.enabled { "" } else { "not collected any more" })),
        );
    }
    let example = listings.first().map_or_else(|| "system_id".to_owned(), |feed| escaped(&feed.system_id));
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Bus observatory</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head><body>\n\
         <h1>Bus observatory</h1>\n<p>Positions of buses from public feeds, collected every minute.</p>\n\
         <table><thead><tr><th>System</th><th>City</th><th>Name</th><th>Format</th><th>Time zone</th><th>Notes</th>\
         <th></th></tr></thead><tbody>\n{table}</tbody></table>\n<h2>Examples</h2>\n<ul>\n\
         <li><code>/buses/bulk/{example}/M1/2023/4/30/23</code>: one hour of one route, in UTC</li>\n\
         <li><code>/buses/bulk/{example}/M1/2023/4/30/19?tz=feed</code>: the hour of the city's clocks</li>\n\
         <li><code>/buses/bulk/{example}/M1/2023/4/30/23?format=csv</code>: as CSV; also <code>parquet</code></li>\n\
         <li><code>/buses/live/{example}</code>: the last positions as GeoJSON</li>\n\
         <li><a href=\"feeds\"><code>/feeds</code></a>, <a href=\"openapi.json\"><code>/openapi.json</code></a></li>\n\
         </ul>\n<p>Licence: <a href=\"https://creativecommons.org/licenses/by-nc/4.0/\">CC BY-NC 4.0</a></p>\n\
         </body></html>\n"
    );
    Answer::new(HTML, page.into_bytes(), listings.len())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
