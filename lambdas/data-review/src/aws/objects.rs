//! S3.

use std::ops::Range;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use handler_runtime::{ServiceError, code, failed};
use jiff::Timestamp;

use crate::pipeline::{Facts, Listed, ObjectPage, Objects, Part, Piece, Wanted};

/// Objects of S3.
#[derive(Debug, Clone)]
pub struct Buckets(
    /// The client.
    pub Client,
);

impl Objects for Buckets {
    async fn list(&self, bucket: &str, prefix: &str, after: Option<&str>) -> Result<ObjectPage, ServiceError> {
        let call = self.0.list_objects_v2().bucket(bucket).prefix(prefix).set_start_after(after.map(str::to_owned));
        let answer = call.send().await.map_err(failed(format!("s3:ListBucket `{bucket}`")))?;
        let more = answer.is_truncated().unwrap_or_default();
        let objects = answer.contents.unwrap_or_default().into_iter().filter_map(|object| {
            Some(Listed {
                key: object.key?,
                etag: unquoted(&object.e_tag?),
                size: object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            })
        });
        Ok(ObjectPage { objects: objects.collect(), more })
    }

    async fn read(&self, wanted: Wanted<'_>, part: Part) -> Result<Option<Piece>, ServiceError> {
        let Wanted { bucket, key, version, etag } = wanted;
        let what = format!("s3:GetObject `{bucket}/{key}`");
        let range = match &part {
            Part::Range(Range { start, end }) => Some(format!("bytes={start}-{}", end.saturating_sub(1))),
            Part::Whole { .. } => None,
        };
        let call = self.0.get_object().bucket(bucket).key(key).set_version_id(version.map(str::to_owned));
        let call = call.set_if_match(etag.map(|etag| format!("\"{etag}\""))).set_range(range);
        let mut answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) => {
                return match code(&error) {
                    // The last: the version is a mark of a deletion.
                    Some("NoSuchKey" | "NoSuchVersion" | "PreconditionFailed" | "MethodNotAllowed") => Ok(None),
                    _ => Err(failed(what)(error)),
                };
            }
        };
        let facts = facts_of(&answer);
        let (mut skipped, most) = match part {
            // A server may answer a range with all there is, and the local one does so for versions.
            Part::Range(range) => {
                let before = if answer.content_range().is_none() { range.start } else { 0 };
                (before, range.end.min(facts.size).saturating_sub(range.start))
            }
            Part::Whole { most } if facts.size > most => return Ok(Some(Piece { facts, content: None })),
            Part::Whole { .. } => (0, facts.size),
        };
        let failure = |error: &dyn std::fmt::Display| ServiceError::new(what.as_str(), error.to_string());
        let room = usize::try_from(most).map_err(|error| failure(&error))?;
        let mut content = Vec::with_capacity(room);
        while let Some(chunk) = answer.body.try_next().await.map_err(|error| failure(&error))? {
            let before = usize::try_from(skipped).unwrap_or(usize::MAX).min(chunk.len());
            skipped -= before as u64;
            let rest = &chunk[before..];
            let taken = rest.len().min(room - content.len());
            content.extend_from_slice(&rest[..taken]);
            if taken < rest.len() {
                break;
            }
        }
        Ok(Some(Piece { facts, content: Some(content) }))
    }
}

fn facts_of(answer: &GetObjectOutput) -> Facts {
    // `bytes 0-99/1234`
    let whole = answer.content_range().and_then(|range| range.rsplit_once('/')?.1.parse().ok());
    let length = answer.content_length().and_then(|length| u64::try_from(length).ok());
    let seconds = answer.last_modified().map_or(0, aws_sdk_s3::primitives::DateTime::secs);
    Facts {
        // Objects from before a bucket kept versions have the version `null`, and share it with those that replace them.
        version: answer.version_id().filter(|id| *id != "null").map(str::to_owned),
        etag: unquoted(answer.e_tag().unwrap_or_default()),
        size: whole.or(length).unwrap_or_default(),
        last_modified: Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
    }
}

fn unquoted(etag: &str) -> String {
    etag.trim_matches('"').to_owned()
}
