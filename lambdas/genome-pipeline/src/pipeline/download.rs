//! The step `download`: what files a genome has, and in which parts they are fetched.

use handler_runtime::{Clock, ServiceError};

use super::failure::Failure;
use super::genomes::{self, File};
use super::ncbi;
use super::services::{Fetch, Objects, Queue, Queues, Response, Tables};
use crate::contract::limits::PART_BYTES;
use crate::contract::{GenomeMessage, GenomeState, PartMessage, Reason, keys};

/// Finds the files of a genome on the server at `base`, notes them, and has their parts fetched.
pub(super) async fn download<W: Tables + Objects + Queues + Fetch + Clock>(
    world: &W,
    base: &str,
    message: &GenomeMessage,
) -> Result<(), Failure> {
    let GenomeMessage { genome, attempt } = message;
    let found = genomes::get(world, genome).await?;
    if !found.is_some_and(|found| found.attempt == *attempt && found.state == GenomeState::Downloading) {
        tracing::info!(genome, attempt, "nothing to download in this attempt");
        return Ok(());
    }
    let (url, file) = find(world, base, genome).await?;
    let file = note(world, message, file).await?;
    genomes::touch(world, genome, *attempt).await?;
    for part in 1..=file.parts {
        let start = u64::from(part - 1) * PART_BYTES;
        let message = PartMessage {
            genome: genome.clone(),
            attempt: *attempt,
            file: file.name.clone(),
            url: url.clone(),
            key: keys::fasta(genome, &file.name),
            part,
            parts: file.parts,
            start,
            end: (start + PART_BYTES).min(file.bytes) - 1,
            upload_id: file.upload_id.clone(),
        };
        genomes::send(world, Queue::Parts, &message).await?;
    }
    tracing::info!(genome, attempt, file = file.name, bytes = file.bytes, parts = file.parts, "file found");
    Ok(())
}

/// The URL of the one file of a genome, and what is known of it.
async fn find(world: &impl Fetch, base: &str, genome: &str) -> Result<(String, File), Failure> {
    let folder = ncbi::folder_url(base, genome);
    let listing = text(world, &folder, Reason::GenomeNotFound).await?;
    let Some(name) = ncbi::folder_of(&listing, genome) else {
        return Err(Failure::Final(Reason::GenomeNotFound, format!("{folder} has no folder of {genome}")));
    };
    let folder = format!("{folder}{name}");
    let file = format!("{name}_genomic.fna.gz");
    let checksums = text(world, &format!("{folder}/md5checksums.txt"), Reason::DownloadFailed).await?;
    let Some(md5) = ncbi::checksum_of(&checksums, &file) else {
        return Err(Failure::Final(Reason::DownloadFailed, format!("{folder} has no checksum of {file}")));
    };
    let url = format!("{folder}/{file}");
    let head = checked(world.head(&url).await, &url, Reason::DownloadFailed)?;
    let Some(bytes) = head.content_length.filter(|bytes| *bytes > 0) else {
        return Err(Failure::Final(Reason::DownloadFailed, format!("{url} has no size")));
    };
    let parts = u32::try_from(bytes.div_ceil(PART_BYTES)).unwrap_or(u32::MAX);
    Ok((url, File { name: file, bytes, md5: Some(md5), upload_id: None, parts }))
}

async fn text(world: &impl Fetch, url: &str, absent: Reason) -> Result<String, Failure> {
    let answer = checked(world.get(url, None).await, url, absent)?;
    Ok(String::from_utf8_lossy(&answer.body).into_owned())
}

/// The answer, if it is one of success. What is `absent` stays so.
pub(super) fn checked(answer: Result<Response, String>, url: &str, absent: Reason) -> Result<Response, Failure> {
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(Response { status: status @ (400 | 404 | 410), .. }) => {
            Err(Failure::Final(absent, format!("{url} answered {status}")))
        }
        Ok(Response { status, .. }) => {
            Err(Failure::Passing(Reason::DownloadFailed, format!("{url} answered {status}")))
        }
        Err(error) => Err(Failure::Passing(Reason::DownloadFailed, format!("{url}: {error}"))),
    }
}

/// Notes the file and its parts, once in an attempt.
async fn note<W: Tables + Objects>(
    world: &W,
    GenomeMessage { genome, attempt }: &GenomeMessage,
    mut file: File,
) -> Result<File, ServiceError> {
    let file = match genomes::file(world, genome, *attempt, &file.name).await? {
        Some(noted) => noted,
        None => {
            if file.parts > 1 {
                file.upload_id = Some(world.begin_parts(&keys::fasta(genome, &file.name)).await?);
            }
            genomes::add_file(world, genome, *attempt, file).await?
        }
    };
    for part in 1..=file.parts {
        genomes::add_part(world, genome, *attempt, (&file.name, part)).await?;
    }
    Ok(file)
}
