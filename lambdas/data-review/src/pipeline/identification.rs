//! What an object is, from a few ranges of it.

use std::io;

use handler_runtime::ServiceError;

use super::objects::{Facts, Objects, Part, Wanted};
use crate::{BLOCK, Blocks, Failure, Identity, Limits, contract::FileType, identify};

/// Blocks that are kept of an object at most. Sixteen objects at once keep 192 MiB.
const MOST_BLOCKS: usize = 192;

/// An object that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Identified {
    pub(super) facts: Facts,
    pub(super) identity: Result<Identity, Failure>,
}

/// Identifies an object whose size was told to be `size`. None when it is gone, or another than was wanted.
pub(super) async fn identified(
    objects: &impl Objects,
    wanted: Wanted<'_>,
    size: u64,
    limits: &Limits,
) -> Result<Option<Identified>, ServiceError> {
    // Even of an empty object, and of one too large: the answer tells which version it is.
    let part = if size == 0 { Part::Whole { most: 0 } } else { Part::Range(0..BLOCK) };
    let Some(first) = objects.read(wanted, part).await? else { return Ok(None) };
    let facts = first.facts;
    let mut blocks = Blocks::new(facts.size);
    let spoilt = |error: io::Error| ServiceError::new(format!("read `{}`", wanted.key), error.to_string());
    blocks.add(0, &first.content.unwrap_or_default()).map_err(spoilt)?;
    // What follows is of the same version, whatever is written meanwhile.
    let wanted = Wanted { version: facts.version.as_deref().or(wanted.version), etag: Some(&facts.etag), ..wanted };
    loop {
        let error = match identify(&blocks, limits) {
            Ok(identity) => return Ok(Some(Identified { facts: facts.clone(), identity })),
            Err(error) => error,
        };
        let Some(missing) = blocks.missing() else { return Err(spoilt(error)) };
        if blocks.count() >= MOST_BLOCKS {
            let message = "more of the archive would have to be read to tell what it is than is read: split it";
            let identity = Err(Failure::too_large(FileType::Unknown, message));
            return Ok(Some(Identified { facts: facts.clone(), identity }));
        }
        let start = missing.start;
        let Some(piece) = objects.read(wanted, Part::Range(missing)).await? else { return Ok(None) };
        blocks.add(start, &piece.content.unwrap_or_default()).map_err(spoilt)?;
    }
}
