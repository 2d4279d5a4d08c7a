//! Reading the asset: a zip file whose content is not trusted.

use std::fmt;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files in it.
    pub files: usize,
    /// Bytes of one file, unpacked.
    pub file_bytes: u64,
    /// Bytes of all files, unpacked.
    pub total_bytes: u64,
}

impl Limits {
    /// What the function's memory and time suffice for.
    pub const DEFAULT: Self = Self { files: 20_000, file_bytes: 128 << 20, total_bytes: 2 << 30 };
}

/// An archive whose names and sizes were checked.
pub struct Archive {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    files: Vec<(String, usize)>,
    limits: Limits,
}

impl fmt::Debug for Archive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Archive").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Archive {
    /// Opens the archive in `bytes`.
    ///
    /// # Errors
    /// When it is damaged, over a limit, or has a name that is no plain relative path.
    pub fn open(bytes: Vec<u8>, limits: Limits) -> Result<Self, ArchiveError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ArchiveError::damaged(None, &error))?;
        let mut files = Vec::new();
        let mut total: u64 = 0;
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|error| ArchiveError::damaged(None, &error))?;
            let name = entry.name().to_owned();
            if entry.is_dir() {
                continue;
            }
            if !is_plain_path(&name) {
                return Err(ArchiveError::new(format!("`{name}` is no plain relative path")));
            }
            if entry.encrypted() {
                return Err(ArchiveError::new(format!("`{name}` is encrypted")));
            }
            if entry.size() > limits.file_bytes {
                return Err(ArchiveError::new(format!("`{name}` has more than {} bytes", limits.file_bytes)));
            }
            total = total.saturating_add(entry.size());
            files.push((name, index));
        }
        if files.len() > limits.files {
            return Err(ArchiveError::new(format!("there are {} files, and at most {}", files.len(), limits.files)));
        }
        if total > limits.total_bytes {
            return Err(ArchiveError::new(format!("all files have {total} bytes, and at most {}", limits.total_bytes)));
        }
        files.sort();
        if let Some(pair) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(ArchiveError::new(format!("`{}` stands in it twice", pair[0].0)));
        }
        Ok(Self { zip, files, limits })
    }

    /// The paths of the files, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    /// The content of the file at `path`.
    ///
    /// # Errors
    /// When there is none, or it is damaged or larger than it says.
    pub fn read(&mut self, path: &str) -> Result<Vec<u8>, ArchiveError> {
        let place = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path));
        let index = place.map(|place| self.files[place].1).map_err(|_| ArchiveError::absent(path))?;
        let entry = self.zip.by_index(index).map_err(|error| ArchiveError::damaged(Some(path), &error))?;
        let mut content = Vec::new();
        // The size in the directory is only a claim: the limit must hold for what really comes out.
        let most = self.limits.file_bytes;
        let read = entry.take(most + 1).read_to_end(&mut content);
        read.map_err(|error| ArchiveError::new(format!("`{path}` is damaged: {error}")))?;
        if content.len() as u64 > most {
            return Err(ArchiveError::new(format!("`{path}` has more than {most} bytes")));
        }
        Ok(content)
    }
}

/// Whether a name can become part of a key: no empty, `.` or `..` step, no backslash, no control character.
pub(crate) fn is_plain_path(path: &str) -> bool {
    !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.split('/').all(|step| !matches!(step, "" | "." | ".."))
}

/// Why an archive is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveError {
    message: String,
}

impl ArchiveError {
    fn new(message: String) -> Self {
        Self { message }
    }

    /// The error that there is no file at `path`.
    pub(crate) fn absent(path: &str) -> Self {
        Self::new(format!("there is no `{path}`"))
    }

    fn damaged(path: Option<&str>, error: &ZipError) -> Self {
        Self::new(match path {
            Some(path) => format!("`{path}` is damaged: {error}"),
            None => format!("it is damaged: {error}"),
        })
    }
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ArchiveError {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tests::zip_of;

    const SMALL: Limits = Limits { files: 2, file_bytes: 10, total_bytes: 15 };

    fn refused(files: &[(&str, &[u8])]) -> String {
        Archive::open(zip_of(files), SMALL).unwrap_err().to_string()
    }

    #[test]
    fn files_are_listed_and_read() {
        let mut archive = Archive::open(zip_of(&[("b/c.txt", b"two"), ("a.txt", b"one"), ("b/", b"")]), SMALL).unwrap();
        assert_eq!(archive.paths().collect::<Vec<_>>(), ["a.txt", "b/c.txt"]);
        assert_eq!(archive.read("b/c.txt").unwrap(), b"two");
        assert_eq!(archive.read("x").unwrap_err().to_string(), "there is no `x`");
    }

    #[test]
    fn limits_hold() {
        assert_eq!(refused(&[("a", &[0; 11])]), "`a` has more than 10 bytes");
        assert_eq!(refused(&[("a", &[0; 8]), ("b", &[0; 8])]), "all files have 16 bytes, and at most 15");
        assert_eq!(refused(&[("a", b""), ("b", b""), ("c", b"")]), "there are 3 files, and at most 2");
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["../a", "/a", "a//b", "a/../b", "a\\b", "./a", "a\u{1}b"] {
            assert_eq!(refused(&[(name, b"x")]), format!("`{name}` is no plain relative path"));
        }
    }

    #[test]
    fn a_size_that_is_a_lie_does_not_break_the_limit() {
        let mut bytes = zip_of(&[("a", &[0; 4000])]);
        // The size stands in the local header and in the directory.
        while let Some(place) = bytes.windows(4).position(|window| window == 4000u32.to_le_bytes()) {
            bytes[place..place + 4].copy_from_slice(&5u32.to_le_bytes());
        }
        let mut archive = Archive::open(bytes, SMALL).unwrap();
        assert!(archive.read("a").is_err());
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        assert!(Archive::open(b"no zip".to_vec(), SMALL).unwrap_err().to_string().starts_with("it is damaged"));
        let whole = zip_of(&[("a", b"0123456789")]);
        for index in 0..whole.len() {
            let mut spoilt = whole.clone();
            spoilt[index] ^= 0xff;
            if let Ok(mut archive) = Archive::open(spoilt, SMALL) {
                let paths: Vec<_> = archive.paths().map(str::to_owned).collect();
                for path in paths {
                    let _ = archive.read(&path);
                }
            }
            let _ = Archive::open(whole[..index].to_vec(), SMALL);
        }
    }
}
