//! Indexes that are kept in a folder.

use std::cell::RefCell;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::build::{Manifest, hexadecimal};
use super::failure::Failure;
use super::services::{Body, Objects};
use crate::contract::{Reason, keys};
use crate::index::Index;

/// Indexes in a folder that holds so many bytes. Those that were not used for the longest time make room for others.
#[derive(Debug)]
pub struct Indexes {
    folder: PathBuf,
    capacity: u64,
    /// The last one was used last.
    kept: RefCell<Vec<Kept>>,
}

#[derive(Debug)]
struct Kept {
    sha256: String,
    bytes: u64,
    path: PathBuf,
    index: Rc<Index>,
}

impl Indexes {
    /// A folder that has none yet.
    pub fn new(folder: PathBuf, capacity: u64) -> Self {
        Self { folder, capacity, kept: RefCell::default() }
    }

    /// The index of a genome, which is ready.
    pub async fn get(&self, world: &impl Objects, genome: &str) -> Result<Rc<Index>, Failure> {
        let manifest = manifest(world, genome).await?;
        if let Some(index) = self.known(&manifest) {
            return Ok(index);
        }
        self.make_room(&manifest)?;
        let path = self.folder.join(format!("{}.crx", manifest.sha256));
        // Others may share the folder: the name is given to what is whole, and who has the earlier file open keeps it.
        let part = self.folder.join(format!("{}.{}.part", manifest.sha256, std::process::id()));
        let fetched = fetch(world, &manifest, &part).await;
        let opened = fetched.and_then(|()| {
            fs::rename(&part, &path).map_err(|error| Failure::internal(format!("{}: {error}", path.display())))?;
            Index::open(&path).map_err(|error| Failure::internal(error.to_string()))
        });
        let index = Rc::new(opened.inspect_err(|_| drop(fs::remove_file(&part)))?);
        let Manifest { sha256, bytes, .. } = manifest;
        self.kept.borrow_mut().push(Kept { sha256, bytes, path, index: Rc::clone(&index) });
        Ok(index)
    }

    fn known(&self, manifest: &Manifest) -> Option<Rc<Index>> {
        let mut kept = self.kept.borrow_mut();
        let place = kept.iter().position(|kept| kept.sha256 == manifest.sha256)?;
        let found = kept.remove(place);
        let index = Rc::clone(&found.index);
        kept.push(found);
        Some(index)
    }

    /// Removes indexes until the new one fits.
    fn make_room(&self, manifest: &Manifest) -> Result<(), Failure> {
        if manifest.bytes > self.capacity {
            let message =
                format!("`{}` has {} bytes, and there is room for {}", manifest.key, manifest.bytes, self.capacity);
            return Err(Failure::Final(Reason::IndexFailed, message));
        }
        let mut kept = self.kept.borrow_mut();
        while kept.iter().map(|kept| kept.bytes).sum::<u64>() > self.capacity - manifest.bytes {
            let oldest = kept.remove(0);
            match fs::remove_file(&oldest.path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Failure::internal(format!("{}: {error}", oldest.path.display())));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

async fn manifest(world: &impl Objects, genome: &str) -> Result<Manifest, Failure> {
    let key = keys::manifest(genome);
    let Some(content) = whole(world, &key).await? else {
        return Err(Failure::internal(format!("there is no object `{key}`")));
    };
    serde_json::from_slice(&content).map_err(|error| Failure::internal(format!("`{key}`: {error}")))
}

/// The whole content of an object.
pub(super) async fn whole(world: &impl Objects, key: &str) -> Result<Option<Vec<u8>>, handler_runtime::ServiceError> {
    let Some(mut body) = world.open(key).await? else { return Ok(None) };
    let mut content = Vec::new();
    while let Some(piece) = body.next().await? {
        content.extend_from_slice(&piece);
    }
    Ok(Some(content))
}

/// Fetches an index into a file, and checks that it is the one of the manifest.
async fn fetch(world: &impl Objects, manifest: &Manifest, path: &Path) -> Result<(), Failure> {
    let io = |error: std::io::Error| Failure::internal(format!("{}: {error}", path.display()));
    let Some(mut body) = world.open(&manifest.key).await? else {
        return Err(Failure::internal(format!("there is no object `{}`", manifest.key)));
    };
    let mut file = fs::File::create(path).map_err(io)?;
    let mut sha256 = Sha256::new();
    while let Some(piece) = body.next().await? {
        sha256.update(&piece);
        file.write_all(&piece).map_err(io)?;
    }
    let sha256 = hexadecimal(&sha256.finalize());
    if sha256 != manifest.sha256 {
        return Err(Failure::internal(format!("`{}` is not what its manifest says: SHA-256 {sha256}", manifest.key)));
    }
    Ok(())
}
