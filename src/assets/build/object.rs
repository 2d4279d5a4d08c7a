//! What an asset becomes in the bucket.

use std::path::PathBuf;

use crate::assets::{Asset, AssetSource};
use crate::constructs::CHECKSUM_SUFFIX;

/// An asset that is ready for upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltAsset {
    /// The key of the asset.
    pub key: String,
    /// Its objects, in the order of upload. They belong together: when one is missing in the bucket, all are uploaded,
    /// because another build may have made other bytes of the same sources.
    pub objects: Vec<BuiltObject>,
}

/// An object of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltObject {
    /// The key of the object.
    pub key: String,
    /// The file that holds it.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
}

/// The keys of the objects that an asset becomes: its own, and for a program also that of its checksum. The last one is
/// uploaded last.
pub fn object_keys(asset: &Asset) -> Vec<String> {
    let key = asset.key();
    match asset.source {
        // The program comes last: whoever finds it finds its checksum.
        AssetSource::RustBinary { .. } => vec![format!("{key}{CHECKSUM_SUFFIX}"), key],
        _ => vec![key],
    }
}
