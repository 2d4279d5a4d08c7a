//! Results as a table, as JSON and as CSV.

use std::{error::Error, io::Write};

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use data_review::{Failure, Review};
use serde::{Serialize, Serializer};

use crate::{Entry, Outcome};

/// Groups of findings that a line has room for.
const NOTES: usize = 6;

/// A table of one line for each file.
pub(crate) fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([
        "FILE",
        "TYPE",
        "STATUS",
        "ROWS",
        "CASTS",
        "STATIONS",
        "PARAMETERS",
        "ERRORS",
        "WARNINGS",
        "NOTES",
    ]);
    for entry in entries {
        table.add_row(row(entry));
    }
    for index in 3..9 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(entry: &Entry) -> [String; 10] {
    let file = one_line(&entry.file);
    let without_numbers = |kind: String, status: String, notes: &str| {
        let none = || String::from("-");
        [file.clone(), kind, status, none(), none(), none(), none(), none(), none(), one_line(notes)]
    };
    match &entry.outcome {
        Outcome::Review(review) => {
            let Review { summary, findings, .. } = review.as_ref();
            let mut notes: Vec<String> = findings
                .iter()
                .take(NOTES)
                .map(|found| match &found.parameter {
                    Some(parameter) => format!("{} {parameter} {}", found.code.name(), found.count),
                    None => format!("{} {}", found.code.name(), found.count),
                })
                .collect();
            if findings.len() > NOTES {
                notes.push(format!("and {} more", findings.len() - NOTES));
            }
            [
                file,
                name_of(&summary.file_type),
                name_of(&summary.status),
                summary.observations.to_string(),
                summary.casts.to_string(),
                summary.stations.to_string(),
                summary.parameter_count.to_string(),
                summary.finding_counts.error.to_string(),
                summary.finding_counts.warning.to_string(),
                one_line(&notes.join(", ")),
            ]
        }
        Outcome::Failure(failure) => {
            without_numbers(name_of(&failure.detected_type), name_of(&failure.kind), &failure.message)
        }
        Outcome::Unavailable(message) => without_numbers(String::from("-"), String::from("unavailable"), message),
    }
}

/// The name of a variant as it is in the tables of the stack.
fn name_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|name| name.as_str().map(ToOwned::to_owned)).unwrap_or_default()
}

/// A text without the characters that would break the line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Everything that was found.
pub(crate) fn json(out: &mut impl Write, entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    serde_json::to_writer_pretty(&mut *out, entries)?;
    writeln!(out)?;
    Ok(())
}

#[derive(Serialize)]
struct FailureFields<'a> {
    kind: String,
    detected_type: String,
    message: &'a str,
}

/// A failure with the names of the table of failures.
pub(crate) fn failure<S: Serializer>(failure: &Failure, serializer: S) -> Result<S::Ok, S::Error> {
    FailureFields {
        kind: name_of(&failure.kind),
        detected_type: name_of(&failure.detected_type),
        message: &failure.message,
    }
    .serialize(serializer)
}

/// The statistics of all parameters of all files.
pub(crate) fn csv(out: &mut impl Write, entries: &[Entry]) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "file",
        "file_type",
        "parameter",
        "unit",
        "n",
        "fill",
        "invalid",
        "missing_rate",
        "good",
        "min",
        "max",
        "mean",
        "flags",
    ])?;
    for entry in entries {
        let Outcome::Review(review) = &entry.outcome else { continue };
        for found in &review.parameters {
            let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
            let flags: Vec<String> = found.flags.iter().map(|(flag, count)| format!("{flag}:{count}")).collect();
            writer.write_record([
                entry.file.clone(),
                name_of(&review.summary.file_type),
                found.parameter.clone(),
                found.unit.clone(),
                found.n.to_string(),
                found.fill.to_string(),
                found.invalid.to_string(),
                found.missing_rate.to_string(),
                found.good.to_string(),
                number(found.min),
                number(found.max),
                number(found.mean),
                flags.join(" "),
            ])?;
        }
    }
    writer.flush()?;
    Ok(())
}
