//! The files that a bucket is to have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::archive::{Archive, ArchiveError};
use crate::content_type;
use crate::pattern::matches;
use crate::properties::{BucketObjects, Rule};

/// The files of the asset and the generated ones, which replace those of the same path.
pub(crate) struct Files {
    archive: Option<Archive>,
    generated: BTreeMap<String, String>,
}

/// A file as it is to be in the bucket, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Its path below the prefix.
    pub(crate) path: String,
    /// Its key.
    pub(crate) key: String,
    /// Header `Content-Type`.
    pub(crate) content_type: String,
    /// Header `Cache-Control`.
    pub(crate) cache_control: Option<String>,
    /// Changes when the content or a header does.
    pub(crate) fingerprint: String,
    /// Whether it is written after the others: a page must not name files that are not there yet.
    pub(crate) late: bool,
}

impl Files {
    pub(crate) fn new(archive: Option<Archive>, properties: &BucketObjects) -> Self {
        let generated = properties.files.iter().map(|file| (file.path.clone(), file.content.clone())).collect();
        Self { archive, generated }
    }

    /// The content of the file at `path`.
    pub(crate) fn read(&mut self, path: &str) -> Result<Vec<u8>, ArchiveError> {
        match (self.generated.get(path), &mut self.archive) {
            (Some(content), _) => Ok(content.clone().into_bytes()),
            (None, Some(archive)) => archive.read(path),
            (None, None) => Err(ArchiveError::absent(path)),
        }
    }

    /// Every file, those to be written late at the end, by path otherwise.
    pub(crate) fn plan(&mut self, properties: &BucketObjects) -> Result<Vec<Planned>, String> {
        let archived = self.archive.iter().flat_map(Archive::paths).map(str::to_owned);
        let paths: BTreeSet<String> = archived.chain(self.generated.keys().cloned()).collect();
        let mut planned = Vec::with_capacity(paths.len());
        for path in paths {
            let key = format!("{}{path}", properties.prefix);
            if key.len() > 1024 {
                return Err(format!("the key `{key}` has {} bytes, and at most 1024", key.len()));
            }
            let content = self.read(&path).map_err(|error| format!("the asset: {error}"))?;
            let content_type = first_match(&properties.content_types, &path)
                .unwrap_or_else(|| content_type::of_path(&path).to_owned());
            let cache_control = first_match(&properties.cache_control, &path);
            let fingerprint = fingerprint(&content, &content_type, cache_control.as_deref());
            let late = self.generated.contains_key(&path) || matches("*.html", &path);
            planned.push(Planned { path, key, content_type, cache_control, fingerprint, late });
        }
        planned.sort_by_key(|file| file.late);
        Ok(planned)
    }
}

fn first_match(rules: &[Rule], path: &str) -> Option<String> {
    rules.iter().find(|rule| matches(&rule.pattern, path)).map(|rule| rule.value.clone())
}

/// SHA-256 over the content and the headers, each with its length, in hexadecimal.
fn fingerprint(content: &[u8], content_type: &str, cache_control: Option<&str>) -> String {
    let mut hash = Sha256::new();
    for part in [content, content_type.as_bytes(), cache_control.unwrap_or_default().as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
