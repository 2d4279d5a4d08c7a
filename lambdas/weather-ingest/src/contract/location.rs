//! The places whose weather is kept.

use std::fmt;

/// A place whose weather is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    id: String,
    q: String,
}

impl Location {
    /// The place `id`, which the API knows as `q`: a name or coordinates.
    ///
    /// # Errors
    /// When `id` is not 1 to 40 of `a` to `z`, `0` to `9` and `-`, or `q` is blank.
    pub fn new(id: impl Into<String>, q: impl Into<String>) -> Result<Self, LocationError> {
        let (id, q) = (id.into(), q.into());
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || id.len() > 40 || !id.bytes().all(allowed) {
            return Err(LocationError::Id(id));
        }
        if q.trim().is_empty() {
            return Err(LocationError::Query(id));
        }
        Ok(Self { id, q })
    }

    /// All places that the app keeps the weather of: the stack's schedules and the back-fill go by them.
    pub fn all() -> Vec<Self> {
        vec![Self::marysville()]
    }

    /// Marysville in Victoria, Australia: the one that the stack has by default.
    pub fn marysville() -> Self {
        Self { id: "marysville".to_owned(), q: "-37.504136,145.744302".to_owned() }
    }

    /// Its id, part of all keys.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the API is asked for.
    pub fn q(&self) -> &str {
        &self.q
    }
}

/// Why a [`Location`] is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocationError {
    /// The id is of another form.
    Id(String),
    /// The location of this id asks the API for nothing.
    Query(String),
}

impl fmt::Display for LocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => {
                write!(formatter, "the id of a location is 1 to 40 of `a` to `z`, `0` to `9` and `-`, not `{id}`")
            }
            Self::Query(id) => write!(formatter, "the location `{id}` asks the API for nothing"),
        }
    }
}

impl std::error::Error for LocationError {}
