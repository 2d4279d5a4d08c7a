use std::{error::Error, fmt, io, path::Path};

/// Why an index cannot be built or used.
#[derive(Debug)]
#[non_exhaustive]
pub enum IndexError {
    /// It could not be read or written.
    Io(io::Error),
    /// It is damaged, or no index.
    Damaged(String),
    /// It is of a version that is not known.
    Version(String),
    /// The genome has more distinct sites than an index can hold.
    TooManySites(usize),
    /// A line of a file of sites is no site.
    Site {
        /// The line, from 1.
        line: u64,
        /// What it is.
        text: String,
    },
    /// The file has lines that are not in the order of their text.
    Order,
    /// The index has no places, which the format needs.
    NoPlaces,
    /// One of the above, in a file.
    File {
        /// Path of the file.
        path: String,
        /// What is wrong with it.
        error: Box<IndexError>,
    },
}

impl IndexError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    pub(super) fn of(self, path: &Path) -> Self {
        Self::File { path: path.display().to_string(), error: Box::new(self) }
    }
}

impl fmt::Display for IndexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::Damaged(what) => write!(formatter, "the index is damaged: {what}: build it again"),
            Self::Version(magic) => {
                write!(formatter, "the index is of version {magic}, which is not known here: build it again")
            }
            Self::TooManySites(sites) => {
                write!(formatter, "the genome has {sites} distinct sites, and an index holds at most {}", u32::MAX)
            }
            Self::Site { line, text } => {
                write!(formatter, "line {line}: '{text}' is no site of 20 letters of A, C, G and T")
            }
            Self::Order => formatter.write_str("the sites of the index are not sorted: build it again"),
            Self::NoPlaces => formatter
                .write_str("the index knows no places and no PAMs, which this format needs: build it from the genome"),
            Self::File { path, error } => write!(formatter, "{path}: {error}"),
        }
    }
}

impl Error for IndexError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::File { error, .. } => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::damaged("it ends too early") } else { Self::Io(error) }
    }
}
