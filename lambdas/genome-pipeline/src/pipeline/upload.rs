//! Uploads of genomes.

use std::time::Duration;

use handler_runtime::{Clock, ServiceError};
use sha2::{Digest, Sha256};

use super::answer::{Answer, Refusal};
use super::services::{Objects, Tables};
use super::{genomes, jobs, ncbi};
use crate::contract::api::{UploadAnswer, UploadRequest};
use crate::contract::keys;
use crate::contract::limits::MAX_UPLOAD_BYTES;

/// How long a URL works.
pub const VALID: Duration = Duration::from_hours(1);
const ENDINGS: [&str; 3] = [".fa", ".fasta", ".fna"];
const STEM_LETTERS: usize = 100;

/// Signs the upload of a file for who knows the token.
pub async fn sign<W: Tables + Objects + Clock>(
    world: &W,
    authorization: Option<&str>,
    token: &str,
    body: &[u8],
) -> Result<Answer, ServiceError> {
    let given = authorization.and_then(|value| value.strip_prefix("Bearer "));
    if !given.is_some_and(|given| is_token(given, token)) {
        return Ok(Refusal::new(401, "unauthorized", "the token is missing or wrong", None).into());
    }
    let request = match read(body) {
        Ok(request) => request,
        Err(refusal) => return Ok(refusal.into()),
    };
    if genomes::get(world, &request.name).await?.is_some() {
        let message = format!("`{}` is in use already: choose another name", request.name);
        return Ok(Refusal::new(409, "genome_exists", message, Some("name")).into());
    }
    let key = keys::fasta(&request.name, &request.file);
    let url = world.sign_put(&key, request.size).await?;
    let expires = jobs::written(world.now().saturating_add(VALID).unwrap_or(jiff::Timestamp::MAX));
    tracing::info!(genome = request.name, file = request.file, bytes = request.size, "upload signed");
    Ok(Answer::json(200, &UploadAnswer { url, key, expires }))
}

/// Compares in a time that tells nothing: of hashes, each byte, whatever the others are.
fn is_token(given: &str, token: &str) -> bool {
    let [given, expected] = [given, token].map(|text| Sha256::digest(text.as_bytes()));
    let difference = given.iter().zip(expected.iter()).fold(0, |difference, (a, b)| difference | (a ^ b));
    std::hint::black_box(difference) == 0 && !token.is_empty()
}

fn read(body: &[u8]) -> Result<UploadRequest, Refusal> {
    let request: UploadRequest = serde_json::from_slice(body)
        .map_err(|error| Refusal::bad("bad_json", format!("the body cannot be read: {error}"), None))?;
    if !ncbi::is_custom_name(&request.name) {
        let message = "give a name of 3 to 64 small letters, digits, `-` and `_`, which begins with a letter or digit";
        return Err(Refusal::bad("bad_name", message, Some("name")));
    }
    if !is_file_name(&request.file) {
        let message = "give a file name of letters, digits, `.`, `-` and `_` that ends with .fa, .fasta or .fna, \
                       and perhaps .gz";
        return Err(Refusal::bad("bad_file", message, Some("file")));
    }
    if request.size == 0 || request.size > MAX_UPLOAD_BYTES {
        let message = format!("the size is {}: it must be from 1 to {MAX_UPLOAD_BYTES} bytes", request.size);
        return Err(Refusal::bad("bad_size", message, Some("size")));
    }
    Ok(request)
}

fn is_file_name(file: &str) -> bool {
    let name = file.strip_suffix(".gz").unwrap_or(file);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    ENDINGS.iter().any(|ending| {
        name.strip_suffix(ending)
            .is_some_and(|stem| (1..=STEM_LETTERS).contains(&stem.len()) && stem.bytes().all(is_plain))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain_and_of_fasta() {
        for file in ["a.fa", "A-1_2.x.fasta", "x.fna.gz", "..fa", &format!("{}.fa", "a".repeat(100))] {
            assert!(is_file_name(file), "{file}");
        }
        for file in [
            "",
            ".fa",
            "a.txt",
            "a/b.fa",
            "a.fa.zip",
            "a b.fa",
            "a.fa.gz.gz",
            "é.fa",
            &format!("{}.fa", "a".repeat(101)),
        ] {
            assert!(!is_file_name(file), "{file}");
        }
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(is_token("secret", "secret"));
        for given in ["", "secre", "secret ", "Secret"] {
            assert!(!is_token(given, "secret"));
        }
        assert!(!is_token("", ""), "an empty secret lets nobody in");
    }
}
