//! Jobs that are submitted.

use handler_runtime::{Clock, ServiceError};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::answer::{Answer, Refusal};
use super::build::hexadecimal;
use super::item::{Item, Key, Reader, Value};
use super::jobs::{self, Job};
use super::ncbi;
use super::services::{Objects, Tables};
use crate::contract::api::SubmitAnswer;
use crate::contract::{Method, Options, keys, tables};
use crate::off_target::MAX_DISTANCE;

/// Letters of a sequence, once in upper case and with T for U: bases, and what IUPAC writes for several of them.
const LETTERS: &[u8] = b"ACGTRYSWKMBDHVN";
/// The name of a sequence without header, as the local command gives it.
const UNNAMED: &str = "sequence";
/// The longest name of a record that is kept.
const NAME_LETTERS: usize = 256;
/// The longest idempotency key.
const KEY_LETTERS: usize = 255;
/// The longest piece of a request that an answer repeats.
const EXCERPT_LETTERS: usize = 50;
/// Attribute of the row of an idempotency key: the job.
const JOB: &str = "Job";

/// Takes a job with this new `id`. A request with the same key as an earlier one is answered with the job of that.
pub async fn submit<W: Tables + Objects + Clock>(
    world: &W,
    body: &[u8],
    idempotency_key: Option<&str>,
    id: String,
    max_sequence: u32,
) -> Result<Answer, ServiceError> {
    let known_as = match idempotency_key.map(idempotency_row).transpose() {
        Ok(known_as) => known_as,
        Err(refusal) => return Ok(refusal.into()),
    };
    if let Some(key) = &known_as
        && let Some(job) = earlier(world, key).await?
    {
        return Ok(accepted(&job));
    }
    let wanted = match read(body, max_sequence) {
        Ok(wanted) => wanted,
        Err(refusal) => return Ok(refusal.into()),
    };
    if !is_known(world, &wanted.genome).await? {
        return Ok(unknown_genome().into());
    }
    let now = world.now();
    let job = Job::new(id, wanted.record, wanted.sequence, wanted.genome, wanted.options, now);
    let expires = Value::from(jobs::expires(now));
    let tasks = Item::from([
        (tables::tasks::JOB_ID.to_owned(), job.id.as_str().into()),
        (tables::EXPIRES.to_owned(), expires.clone()),
    ]);
    let mut rows = vec![(Key::job(&job.id), job.item(now)), (Key::tasks(&job.id), tasks)];
    if let Some(key) = known_as.clone() {
        let mut row = key.attributes();
        row.insert(JOB.to_owned(), job.id.as_str().into());
        row.insert(tables::EXPIRES.to_owned(), expires);
        rows.push((key, row));
    }
    if world.insert(rows).await? {
        tracing::info!(job_id = job.id, genome = job.genome, letters = job.sequence.len(), "job taken");
        return Ok(accepted(&job));
    }
    // Another request with the key came first.
    let first = match &known_as {
        Some(key) => earlier(world, key).await?,
        None => None,
    };
    first.map(|job| accepted(&job)).ok_or_else(|| ServiceError::new("the job", "its id is taken"))
}

fn accepted(job: &Job) -> Answer {
    Answer::json(202, &SubmitAnswer { job_id: job.id.clone(), state: job.state })
}

/// The row that knows the job of an idempotency key. It lies beside the jobs, where no id of a job can be.
fn idempotency_row(key: &str) -> Result<Key, Refusal> {
    if key.is_empty() || key.len() > KEY_LETTERS {
        return Err(Refusal::bad("bad_idempotency_key", "give a key of 1 to 255 letters", None));
    }
    Ok(Key::job(&format!("key#{}", hexadecimal(&Sha256::digest(key.as_bytes())))))
}

async fn earlier(world: &impl Tables, key: &Key) -> Result<Option<Job>, ServiceError> {
    let Some(row) = world.get(key).await? else { return Ok(None) };
    jobs::get(world, Reader::new(&row, &key.partition).text(JOB)?).await
}

/// Whether there is, or may be, such a genome.
async fn is_known<W: Tables + Objects>(world: &W, genome: &str) -> Result<bool, ServiceError> {
    Ok(ncbi::is_accession(genome)
        || super::genomes::get(world, genome).await?.is_some()
        || !world.list(&keys::fasta(genome, "")).await?.is_empty())
}

fn unknown_genome() -> Refusal {
    let message = "the genome is neither an accession such as GCA_000482205.1 nor the name of an uploaded genome";
    Refusal::bad("unknown_genome", message, Some("genome"))
}

#[derive(Debug, PartialEq)]
struct Wanted {
    record: String,
    sequence: String,
    genome: String,
    options: Options,
}

fn read(body: &[u8], max_sequence: u32) -> Result<Wanted, Refusal> {
    let Ok(Json::Object(body)) = serde_json::from_slice(body) else {
        return Err(Refusal::bad("bad_json", "the body is no JSON object", None));
    };
    let sequence = field(&body, "sequence")?;
    let genome = field(&body, "genome")?.trim().to_owned();
    let (record, sequence) = letters(sequence, max_sequence)?;
    if !ncbi::is_accession(&genome) && !ncbi::is_custom_name(&genome) {
        return Err(unknown_genome());
    }
    let options = options(body.get("options"))?;
    Ok(Wanted { record, sequence, genome, options })
}

fn field<'a>(body: &'a Map<String, Json>, name: &'static str) -> Result<&'a str, Refusal> {
    match body.get(name) {
        None | Some(Json::Null) => Err(Refusal::bad("missing_field", format!("`{name}` is missing"), Some(name))),
        Some(Json::String(text)) if text.trim().is_empty() => {
            Err(Refusal::bad("empty_field", format!("`{name}` is empty"), Some(name)))
        }
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(Refusal::bad("bad_field", format!("`{name}` is no text"), Some(name))),
    }
}

/// The name of the record, and its letters.
fn letters(text: &str, max_sequence: u32) -> Result<(String, String), Refusal> {
    let refuse = |code, message: String| Err(Refusal::bad(code, message, Some("sequence")));
    let text = text.trim_start();
    let (name, text) = match text.strip_prefix('>') {
        None => (UNNAMED, text),
        Some(record) => {
            let (header, letters) = record.split_once(['\n', '\r']).unwrap_or((record, ""));
            let has_name = header.chars().next().is_some_and(|first| !first.is_whitespace());
            (header.split_whitespace().next().filter(|_| has_name).unwrap_or_default(), letters)
        }
    };
    if text.contains('>') {
        return refuse("several_records", "there are several records: submit one at a time".to_owned());
    }
    let mut letters = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_whitespace()) {
        let upper = match letter.to_ascii_uppercase() {
            'U' => 'T',
            upper => upper,
        };
        let position = letters.len() + 1;
        if !u8::try_from(upper).is_ok_and(|upper| LETTERS.contains(&upper)) {
            return refuse("bad_letter", format!("'{}' at position {position} is no base", letter.escape_default()));
        }
        if position > max_sequence as usize {
            return refuse("sequence_too_long", format!("the sequence has more than {max_sequence} letters"));
        }
        letters.push(upper);
    }
    if letters.is_empty() {
        return refuse("empty_field", "the sequence has no letters".to_owned());
    }
    Ok((name.chars().filter(|letter| !letter.is_control()).take(NAME_LETTERS).collect(), letters))
}

fn options(given: Option<&Json>) -> Result<Options, Refusal> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(Options::default()) };
    let Json::Object(given) = given else {
        return Err(Refusal::bad("bad_option", "`options` is no JSON object", Some("options")));
    };
    let mut options = Options::default();
    for (option, value) in given {
        let bad = |allowed: &str| bad_option(option, &format!("is {}: give {allowed}", excerpt(&value.to_string())));
        match option.as_str() {
            "method" => {
                let known = Method::ALL.into_iter().find(|method| value.as_str() == Some(&named(*method)));
                options.method = known.ok_or_else(|| bad(&methods()))?;
            }
            "threshold" => {
                let known = value.as_f64().filter(|threshold| (0.0..=100.0).contains(threshold));
                options.threshold = known.ok_or_else(|| bad("a number from 0 to 100"))?;
            }
            "max_distance" => {
                let known = value.as_u64().and_then(|distance| u8::try_from(distance).ok());
                let known = known.filter(|distance| *distance <= MAX_DISTANCE);
                options.max_distance = known.ok_or_else(|| bad(&format!("a whole number from 0 to {MAX_DISTANCE}")))?;
            }
            _ => return Err(bad_option(option, "is no option: there are `method`, `threshold` and `max_distance`")),
        }
    }
    Ok(options)
}

fn bad_option(option: &str, fault: &str) -> Refusal {
    let option = excerpt(option);
    Refusal::bad("bad_option", format!("`{option}` {fault}"), Some(&format!("options.{option}")))
}

/// As much of what was sent as is worth sending back.
fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT_LETTERS).collect()
}

fn named(method: Method) -> String {
    serde_json::to_value(method).ok().and_then(|name| Some(name.as_str()?.to_owned())).unwrap_or_default()
}

/// The methods that there are, for people.
fn methods() -> String {
    let names: Vec<String> = Method::ALL.into_iter().map(|method| format!("`{}`", named(method))).collect();
    format!("one of {}", names.join(", "))
}
