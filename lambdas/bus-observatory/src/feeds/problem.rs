//! What is wrong with a configuration.

use std::fmt;

/// Something wrong in `feeds.json`. It is written as `feeds.json: feeds[3].auth.header: must not be empty (line 12)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1; only where the text is no JSON, since a path tells more.
    pub column: Option<u32>,
    /// The way to the value, such as `feeds[3].auth.header`; empty for the whole file.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.file)?;
        if !self.path.is_empty() {
            write!(formatter, "{}: ", self.path)?;
        }
        write!(formatter, "{} (line {}", self.message, self.line)?;
        if let Some(column) = self.column {
            write!(formatter, ", column {column}")?;
        }
        formatter.write_str(")")
    }
}

impl std::error::Error for Problem {}
