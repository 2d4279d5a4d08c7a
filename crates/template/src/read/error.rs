//! Why a text could not be read.

use std::fmt;

use crate::Place;

/// Why and where a text is not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    kind: ReadErrorKind,
    place: Place,
}

/// Why a text is not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The text breaks the grammar. Held here is what is wrong.
    Syntax(String),
    /// A mapping has the same key twice.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it stands first.
        first: Place,
    },
    /// Values are nested deeper than any template nests them.
    TooDeep,
    /// Aliases make the document far larger than its text.
    TooLarge,
    /// There is more than one document in the text.
    SeveralDocuments,
    /// A tag of YAML that has no meaning in a template. Held here is the tag.
    UnsupportedTag(String),
    /// The document is no mapping, and so no template. Held here is what it is.
    NotAMapping(&'static str),
    /// The bytes are no UTF-8.
    NotUtf8,
    /// The text is YAML, and the crate was built without its feature `yaml`.
    YamlNotBuilt,
}

impl ReadError {
    pub(crate) const fn new(kind: ReadErrorKind, place: Place) -> Self {
        Self { kind, place }
    }

    pub(crate) fn syntax(message: impl Into<String>, place: Place) -> Self {
        Self::new(ReadErrorKind::Syntax(message.into()), place)
    }

    /// Why.
    pub const fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// Where.
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }

    /// What to do about it, where that is not plain from the message.
    pub const fn hint(&self) -> Option<&'static str> {
        match self.kind {
            ReadErrorKind::DuplicateKey { .. } => Some("keep one of the two entries, or rename one"),
            ReadErrorKind::TooLarge => Some("write out the aliased values, CloudFormation takes no aliases"),
            ReadErrorKind::SeveralDocuments => Some("put each template in a file of its own"),
            ReadErrorKind::UnsupportedTag(_) => Some("quote the value as text"),
            ReadErrorKind::NotAMapping(_) => Some("a template is a mapping with the key `Resources`"),
            ReadErrorKind::NotUtf8 => Some("save the file as UTF-8"),
            ReadErrorKind::YamlNotBuilt => Some("build with the feature `yaml`, or give the template as JSON"),
            ReadErrorKind::Syntax(_) | ReadErrorKind::TooDeep => None,
        }
    }
}

impl fmt::Display for ReadErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => formatter.write_str(message),
            Self::DuplicateKey { key, first } => {
                write!(formatter, "duplicate key `{key}`, first at line {}, column {}", first.line, first.column)
            }
            Self::TooDeep => write!(formatter, "values are nested deeper than {} levels", super::DEPTH_LIMIT),
            Self::TooLarge => formatter.write_str("aliases make the document far larger than its text"),
            Self::SeveralDocuments => formatter.write_str("a second document begins here"),
            Self::UnsupportedTag(tag) => write!(formatter, "the tag `{tag}` has no meaning in a template"),
            Self::NotAMapping(kind) => write!(formatter, "expected a mapping, found a {kind}"),
            Self::NotUtf8 => formatter.write_str("the text is not UTF-8"),
            Self::YamlNotBuilt => formatter.write_str("the text is not JSON, and reading YAML is not built in"),
        }
    }
}

impl fmt::Display for ReadError {
    /// Writes `line 3, column 5: ` and what is wrong.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.place.line, self.place.column, self.kind)
    }
}

impl std::error::Error for ReadError {}
