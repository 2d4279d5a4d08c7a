//! The format of an answer.

use super::problem::Problem;
use super::request::Request;

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON, with the request repeated.
    Json,
    /// Comma-separated values with a header.
    Csv,
    /// Parquet, as the lake has it.
    Parquet,
}

impl Format {
    pub(super) const JSON: &'static str = "application/json";

    /// In the order of preference.
    const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Parquet];

    /// The name in the query.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => Self::JSON,
            Self::Csv => "text/csv; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The format that a request wants: by its query, else by its header, else JSON.
    pub(super) fn of(request: &Request) -> Result<Self, Problem> {
        let refused = |field| {
            let message = "the formats are `json`, `csv` and `parquet`";
            Err(Problem::new(406, "not_acceptable", message, Some(field)))
        };
        if let Some(name) = request.value("format") {
            return Self::ALL.into_iter().find(|format| format.name() == name).map_or_else(|| refused("format"), Ok);
        }
        let Some(accept) = request.accept.as_deref().filter(|accept| !accept.trim().is_empty()) else {
            return Ok(Self::Json);
        };
        let mut best: Option<(u16, Self)> = None;
        for format in Self::ALL {
            let quality = quality(accept, format);
            if quality > best.map_or(0, |(quality, _)| quality) {
                best = Some((quality, format));
            }
        }
        best.map_or_else(|| refused("Accept"), |(_, format)| Ok(format))
    }
}

/// How much a header wants a format, in thousandths: what names it best decides.
fn quality(accept: &str, format: Format) -> u16 {
    let media_type = format.media_type().split(';').next().unwrap_or_default();
    let kind = media_type.split('/').next().unwrap_or_default();
    let mut best = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let exactness = match name.as_str() {
            "*/*" => 1,
            name if name.strip_suffix("/*") == Some(kind) => 2,
            name if name == media_type => 3,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |text| text.parse().unwrap_or(0.0));
        if exactness > best.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1000")]
            let thousandths = (f64::clamp(quality, 0.0, 1.0) * 1000.0) as u16;
            best = (exactness, thousandths);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(query: &str, accept: Option<&str>) -> Option<&'static str> {
        Format::of(&Request::new("/", query, accept)).ok().map(Format::name)
    }

    #[test]
    fn the_query_beats_the_header() {
        for (query, accept, expected) in [
            ("", None, Some("json")),
            ("", Some(""), Some("json")),
            ("", Some("*/*"), Some("json")),
            ("", Some("text/html,application/xhtml+xml,*/*;q=0.8"), Some("json")),
            ("", Some("text/*"), Some("csv")),
            ("", Some("application/json;q=0.5, text/csv"), Some("csv")),
            ("", Some("application/vnd.apache.parquet"), Some("parquet")),
            ("", Some("application/json;q=0, */*;q=0.1"), Some("csv")),
            ("", Some("image/png"), None),
            ("", Some("text/csv;q=nonsense"), None),
            ("format=csv", Some("application/json"), Some("csv")),
            ("format=xml", Some("application/json"), None),
            ("format=", None, None),
        ] {
            assert_eq!(format(query, accept), expected, "{query} {accept:?}");
        }
    }
}
