//! The step `parts`: one part of a file is fetched. Who fetches the last completes the file.

use std::time::Duration;

use handler_runtime::Clock;

use super::failure::Failure;
use super::genomes;
use super::services::{Fetch, Objects, Queue, Queues, Response, Tables};
use crate::contract::{GenomeMessage, GenomeState, PartMessage, Reason, keys};

/// How often a part is asked for again, and how long after.
const RETRIES: usize = 3;
const PAUSE: Duration = Duration::from_secs(5);

/// Fetches a part, and has the genome indexed when it was the last.
pub(super) async fn load_part<W: Tables + Objects + Queues + Fetch + Clock>(
    world: &W,
    message: &PartMessage,
) -> Result<(), Failure> {
    let PartMessage { genome, attempt, file, part, .. } = message;
    let found = genomes::get(world, genome).await?.filter(|found| found.attempt == *attempt);
    match found.map(|found| found.state) {
        Some(GenomeState::Downloading) => {}
        // The last part may have been received again because the message to index was not sent.
        Some(GenomeState::Indexing) => return index(world, genome, *attempt).await,
        _ => {
            tracing::info!(genome, attempt, file, part, "nothing to fetch in this attempt");
            return Ok(());
        }
    }
    if let Some(fault) = fault(message) {
        return Err(Failure::Final(Reason::Internal, fault));
    }
    if genomes::part(world, genome, *attempt, (file, *part)).await?.is_none() {
        let content = fetch(world, message).await?;
        let etag = match &message.upload_id {
            Some(upload) => world.put_part(&message.key, upload, *part, content).await?,
            None => world.put(&message.key, content, "application/gzip").await?,
        };
        genomes::part_is_there(world, genome, *attempt, (file, *part), &etag).await?;
        genomes::touch(world, genome, *attempt).await?;
    }
    complete(world, genome, *attempt).await
}

/// What is wrong with a message that can be read.
fn fault(message: &PartMessage) -> Option<String> {
    let PartMessage { genome, file, key, part, parts, start, end, upload_id, .. } = message;
    if *key != keys::fasta(genome, file) {
        Some(format!("the key `{key}` is not that of `{file}` of `{genome}`"))
    } else if !(1..=*parts).contains(part) {
        Some(format!("part {part} is not one of {parts}"))
    } else if *parts > 1 && upload_id.is_none() {
        Some(format!("{parts} parts belong to no upload"))
    } else if end < start {
        Some(format!("part {part} has no bytes from {start} to {end}"))
    } else {
        None
    }
}

/// Completes what is there as a whole.
async fn complete<W: Tables + Objects + Queues + Clock>(world: &W, genome: &str, attempt: u32) -> Result<(), Failure> {
    let files = genomes::files(world, genome, attempt).await?;
    let complete: Option<Vec<_>> = files.files.iter().map(|file| Some((file, files.complete(file)?))).collect();
    let Some(complete) = complete.filter(|files| !files.is_empty()) else { return Ok(()) };
    for (file, parts) in complete {
        let Some(upload) = &file.upload_id else { continue };
        let key = keys::fasta(genome, &file.name);
        // Another function may have completed it: then it is there.
        let is_complete =
            world.complete_parts(&key, upload, parts).await? || world.size(&key).await? == Some(file.bytes);
        if !is_complete {
            return Err(Failure::internal(format!("the upload of `{key}` is gone, and so is the file")));
        }
    }
    index(world, genome, attempt).await
}

async fn index<W: Tables + Queues + Clock>(world: &W, genome: &str, attempt: u32) -> Result<(), Failure> {
    if genomes::files_are_there(world, genome, attempt).await?.is_there() {
        genomes::send(world, Queue::Index, &GenomeMessage { genome: genome.to_owned(), attempt }).await?;
    }
    Ok(())
}

/// The bytes of the part, and no others.
async fn fetch<W: Fetch + Clock>(world: &W, message: &PartMessage) -> Result<Vec<u8>, Failure> {
    let PartMessage { url, part, start, end, .. } = message;
    let mut tried = 0;
    loop {
        let fault = match world.get(url, Some((*start, *end))).await {
            Ok(answer) => match judge(message, answer) {
                Ok(content) => return Ok(content),
                Err(fault) => fault,
            },
            Err(error) => Fault::Passing(error),
        };
        match fault {
            Fault::Final(what) => {
                return Err(Failure::Final(Reason::DownloadFailed, format!("part {part} of {url}: {what}")));
            }
            Fault::Passing(what) if tried == RETRIES => {
                return Err(Failure::Passing(Reason::DownloadFailed, format!("part {part} of {url}: {what}")));
            }
            Fault::Passing(what) => {
                tracing::warn!(url, part, fault = what, "asking again");
                tried += 1;
                world.wait(PAUSE).await;
            }
        }
    }
}

enum Fault {
    Final(String),
    Passing(String),
}

fn judge(PartMessage { parts, start, end, .. }: &PartMessage, answer: Response) -> Result<Vec<u8>, Fault> {
    let Response { status, content_range, body, .. } = answer;
    let wanted = end - start + 1;
    match status {
        206 => {
            let range = content_range.as_deref().and_then(|range| range.strip_prefix("bytes "));
            let range = range.and_then(|range| range.split('/').next());
            if range != Some(&format!("{start}-{end}")) {
                let range = content_range.unwrap_or_default();
                return Err(Fault::Final(format!("asked for bytes {start}-{end}, the server sent `{range}`")));
            }
        }
        200 if *parts == 1 => {}
        404 | 500.. => return Err(Fault::Passing(format!("the server answered {status}"))),
        _ => return Err(Fault::Final(format!("the server answered {status} to a request for a range"))),
    }
    if body.len() as u64 == wanted {
        Ok(body)
    } else {
        Err(Fault::Passing(format!("{} bytes came, not {wanted}", body.len())))
    }
}
