//! The step `index`: the index of a genome is built of its files.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use handler_runtime::Clock;
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::failure::Failure;
use super::genomes::{self, File, Genome, Lease};
use super::services::{Body, Objects, Queues, Tables};
use crate::contract::limits::MAX_LAMBDA_INDEX_BYTES;
use crate::contract::{GenomeMessage, GenomePath, Reason, keys};
use crate::fasta::FastaError;
use crate::index::{Builder, Format, Index, IndexError, Sites};

/// Pieces of a file that wait to be read.
const PIECES: usize = 64;

/// What tells of the index of a genome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Key of the index.
    pub key: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in small hexadecimal digits.
    pub sha256: String,
    /// Number of distinct sites.
    pub sites: u64,
    /// Number of sequences.
    pub contigs: u64,
}

/// Builds the index in the folder `scratch`, and moves on who waits for it.
pub(super) async fn build_index<W: Tables + Objects + Queues + Clock>(
    world: &W,
    scratch: &Path,
    GenomeMessage { genome, attempt }: &GenomeMessage,
) -> Result<(), Failure> {
    let found = match genomes::lease(world, genome, *attempt).await? {
        Lease::Taken(found) => found,
        Lease::Held(until) => {
            return Err(Failure::Busy(format!("the index of `{genome}` is being built, at most until {until}")));
        }
        Lease::Over(Some(found)) => return Ok(genomes::move_on(world, &found, *attempt).await?),
        Lease::Over(None) => return Ok(()),
    };
    let path = scratch.join(format!("{genome}-{attempt}.crx.part"));
    let outcome = build(world, &path, &found).await;
    // What is left behind would fill the storage for the next.
    let _ = fs::remove_file(&path);
    match outcome {
        Ok(Some(manifest)) => {
            tracing::info!(genome, attempt, bytes = manifest.bytes, sites = manifest.sites, "index is there");
            Ok(genomes::ready(world, genome, *attempt, (manifest.bytes, manifest.sites)).await?)
        }
        Ok(None) => {
            tracing::warn!(genome, attempt, "the index is too large for functions");
            Ok(genomes::leave_to_instance(world, genome, *attempt).await?)
        }
        Err(failure @ Failure::Final(..)) => Err(failure),
        Err(failure) => {
            genomes::release(world, genome, *attempt).await?;
            Err(failure)
        }
    }
}

/// Builds the index and uploads it; none when it is too large for functions.
async fn build<W: Tables + Objects>(world: &W, path: &Path, genome: &Genome) -> Result<Option<Manifest>, Failure> {
    let files = genomes::files(world, &genome.name, genome.attempt).await?.files;
    if files.is_empty() {
        return Err(Failure::Final(Reason::DownloadFailed, "there is no file of the genome".to_owned()));
    }
    let mut builder = Builder::new(Sites::All);
    for file in &files {
        builder = add(world, &genome.name, file, builder).await?;
    }
    let index = builder.finish().map_err(|error| failed(&error))?;
    let limit = if genome.path == GenomePath::Lambda { MAX_LAMBDA_INDEX_BYTES } else { u64::MAX };
    let Some((bytes, sha256)) = write(&index, path, limit)? else { return Ok(None) };
    let manifest = Manifest {
        key: keys::index(&genome.name, genome.attempt),
        bytes,
        sha256,
        sites: index.sites() as u64,
        contigs: index.contigs().map_or(0, <[_]>::len) as u64,
    };
    drop(index);
    world.put_file(&manifest.key, path).await?;
    let content = serde_json::to_vec(&manifest).map_err(|error| Failure::internal(error.to_string()))?;
    world.put(&keys::manifest(&genome.name), content, "application/json").await?;
    Ok(Some(manifest))
}

fn failed(error: &IndexError) -> Failure {
    match error {
        IndexError::Io(_) => Failure::Passing(Reason::IndexFailed, error.to_string()),
        _ => Failure::Final(Reason::IndexFailed, error.to_string()),
    }
}

/// Adds a file to the index, and checks it.
async fn add(world: &impl Objects, genome: &str, file: &File, mut builder: Builder) -> Result<Builder, Failure> {
    let key = keys::fasta(genome, &file.name);
    let Some(mut body) = world.open(&key).await? else {
        return Err(Failure::internal(format!("there is no object `{key}`")));
    };
    let (sender, receiver) = sync_channel(PIECES);
    let name = file.name.clone();
    let reader = thread::spawn(move || {
        let mut pieces = Pieces { receiver, piece: Vec::new(), read: 0, bytes: 0, md5: Md5::new() };
        let outcome = builder.add_fasta(&mut pieces, &name);
        // After a fault the rest is read too: whether the file is the right one is known at its end only.
        let _ = io::copy(&mut pieces, &mut io::sink());
        (builder, outcome, pieces.bytes, hexadecimal(&pieces.md5.finalize()))
    });
    // Waits here when the reader is slower: this thread has nothing else to do.
    while let Some(piece) = body.next().await? {
        if sender.send(piece).is_err() {
            break;
        }
    }
    drop(sender);
    let (builder, outcome, bytes, md5) =
        reader.join().map_err(|_| Failure::internal(format!("reading `{key}` broke off")))?;
    if file.md5.as_ref().is_some_and(|expected| *expected != md5) {
        let expected = file.md5.as_deref().unwrap_or_default();
        let message = format!("{} has the MD5 {md5}, not {expected} as the server says", file.name);
        return Err(Failure::Final(Reason::ChecksumMismatch, message));
    }
    if bytes != file.bytes {
        let message = format!("{} has {bytes} bytes, not {}", file.name, file.bytes);
        return Err(Failure::Final(Reason::ChecksumMismatch, message));
    }
    outcome.map_err(|error: FastaError| Failure::Final(Reason::BadFasta, error.to_string()))?;
    Ok(builder)
}

/// A body that another thread receives.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    read: usize,
    bytes: u64,
    md5: Md5,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() {
            let Ok(piece) = self.receiver.recv() else { return Ok(0) };
            self.md5.update(&piece);
            self.bytes += piece.len() as u64;
            (self.piece, self.read) = (piece, 0);
        }
        let read = (&self.piece[self.read..]).read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

/// Small hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Writes the index to a file. Gives its size and SHA-256; none when it would have more than `limit` bytes.
fn write(index: &Index, path: &Path, limit: u64) -> Result<Option<(u64, String)>, Failure> {
    let io = |error: &dyn std::fmt::Display| Failure::Passing(Reason::IndexFailed, format!("the index: {error}"));
    let file = fs::File::create(path).map_err(|error| io(&error))?;
    let mut output = Sealed { file, sha256: Sha256::new(), left: limit, is_full: false };
    match index.write(Format::Crx, &mut output) {
        Ok(bytes) => Ok(Some((bytes, hexadecimal(&output.sha256.finalize())))),
        Err(_) if output.is_full => Ok(None),
        Err(error) => Err(io(&error)),
    }
}

/// A file that is hashed while it is written, and does not become too large.
struct Sealed {
    file: fs::File,
    sha256: Sha256,
    left: u64,
    is_full: bool,
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.left {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let written = self.file.write(bytes).inspect_err(|error| {
            self.is_full |= self.left < u64::MAX >> 1 && error.kind() == io::ErrorKind::StorageFull;
        })?;
        self.left -= written as u64;
        self.sha256.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
