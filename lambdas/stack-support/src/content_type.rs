//! Content types by the ending of a file's name.

/// What is served without a type that is known.
const UNKNOWN: &str = "application/octet-stream";

/// Endings in lower case with their types (IANA's registry of media types).
const TYPES: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("mp4", "video/mp4"),
    ("nc", "application/netcdf"),
    ("otf", "font/otf"),
    ("parquet", "application/vnd.apache.parquet"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// The type of the file at `path`.
pub(crate) fn of_path(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else { return UNKNOWN };
    let ending = ending.to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == ending).map_or(UNKNOWN, |(_, content_type)| content_type)
}

#[cfg(test)]
mod tests {
    use super::{TYPES, of_path};

    #[test]
    fn the_ending_decides() {
        assert_eq!(of_path("a/index.HTML"), "text/html; charset=utf-8");
        assert_eq!(of_path("a.b/file"), "application/octet-stream");
        assert_eq!(of_path("bundle.min.js"), "text/javascript; charset=utf-8");
        assert!(TYPES.is_sorted_by_key(|(ending, _)| *ending));
    }
}
