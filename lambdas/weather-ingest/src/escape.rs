//! Texts as parts of a URL.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for itself in the value of a query: the unreserved characters of RFC 3986.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text` as the value of a query parameter.
pub(crate) fn escaped(text: &str) -> impl Display {
    utf8_percent_encode(text, UNRESERVED)
}
