//! From what was built to the files that are uploaded.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use super::archive::{Entry, write_archive};
use super::cache::Cache;
use super::object::object_keys;
use super::selection::Program;
use super::{BuildError, BuildEvent, executable};
use crate::assets::error::slashes;
use crate::assets::{Asset, AssetSource, Digest, files_to_ship, hexadecimal};

/// The name of a function's program in its zip.
const BOOTSTRAP: &str = "bootstrap";

/// How large the unzipped content of a function may be: 250 MiB.
const FUNCTION_BYTES: usize = 250 * 1024 * 1024;

/// An asset and the executable file it is made of.
pub(super) struct ProgramJob<'a> {
    pub(super) asset: &'a Asset,
    pub(super) program: &'a Program,
    pub(super) path: &'a Path,
}

/// Checks and packs programs, side by side.
pub(super) fn pack_programs(
    cache: &Cache,
    jobs: &[ProgramJob<'_>],
    listener: &mut dyn FnMut(BuildEvent),
) -> Result<(), BuildError> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let (sender, results) = channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if sender.send(pack_program(cache, job)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for result in results {
            result?.into_iter().for_each(&mut *listener);
        }
        Ok(())
    })
}

/// Checks and packs a program, and gives what there is to tell.
fn pack_program(cache: &Cache, job: &ProgramJob<'_>) -> Result<Vec<BuildEvent>, BuildError> {
    let ProgramJob { asset, program, path } = job;
    let content = fs::read(path).map_err(|error| BuildError::file("read", path, error))?;
    let glibc = executable::check(&program.binary, &content, program.architecture)?;
    let is_function = matches!(asset.source, AssetSource::RustFunction { .. });
    if is_function && content.len() > FUNCTION_BYTES {
        let size = content.len() / (1024 * 1024);
        let message = format!("`{}` has {size} MiB, and a function has room for 250 MiB", program.binary);
        return Err(BuildError::new(message).hint("set `strip = true` in `[profile.lambda]`"));
    }
    let mut events = vec![BuildEvent::Checked { program: program.binary.clone(), glibc }];
    events.extend(write_program(cache, asset, &content)?);
    Ok(events)
}

/// Packs what stands for a program that is not written yet: it says so and fails.
pub(super) fn pack_stand_in(cache: &Cache, asset: &Asset, program: &Program) -> Result<Vec<BuildEvent>, BuildError> {
    let Program { package, binary, .. } = program;
    let content = format!("#!/bin/sh\necho 'the program {binary} of {package} is not written yet' >&2\nexit 1\n");
    let mut events = vec![BuildEvent::StandIn { package: package.clone(), program: binary.clone() }];
    events.extend(write_program(cache, asset, content.as_bytes())?);
    Ok(events)
}

/// Writes the objects of a program: a zip for a function, else the program and its checksum.
fn write_program(cache: &Cache, asset: &Asset, content: &[u8]) -> Result<Vec<BuildEvent>, BuildError> {
    let key = asset.key();
    if matches!(asset.source, AssetSource::RustFunction { .. }) {
        let bytes = cache.put(&key, |file| {
            let entries = vec![Entry::Program { name: BOOTSTRAP, content }];
            write_archive(file, entries).map_err(|error| BuildError::file("write", &cache.path(&key), error))
        })?;
        return Ok(vec![BuildEvent::Packed { key, bytes }]);
    }
    let checksum = hexadecimal(&Digest::of_bytes(content)) + "\n";
    let objects = object_keys(asset).into_iter().map(|object| {
        let content = if object == key { content } else { checksum.as_bytes() };
        let bytes = cache.put(&object, |file| {
            file.write_all(content).map_err(|error| BuildError::file("write", &cache.path(&object), error))
        })?;
        Ok(BuildEvent::Packed { key: object, bytes })
    });
    objects.collect()
}

/// Packs all files below `folder`.
pub(super) fn pack_folder(cache: &Cache, asset: &Asset, folder: &Path) -> Result<BuildEvent, BuildError> {
    let files = files_to_ship(folder)?;
    if files.is_empty() {
        return Err(BuildError::new(format!("the folder `{}` holds no file to ship", slashes(folder))));
    }
    let key = asset.key();
    let bytes = cache.put(&key, |file| {
        let entries = files.iter().map(|file| Entry::File { name: &file.name, path: &file.path });
        write_archive(file, entries.collect()).map_err(|error| BuildError::file("pack", folder, error))
    })?;
    Ok(BuildEvent::Packed { key, bytes })
}
