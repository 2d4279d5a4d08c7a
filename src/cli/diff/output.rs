//! How `diff` prints what differs.

use std::io::Write;

use clap::builder::PossibleValue;
use clap::{ArgMatches, ValueEnum};

use crate::diff::Changes;
use crate::diff::render::{MarkdownOptions, TextOptions, json, markdown, text};

use super::super::console::Console;
use super::super::error::Failure;
use super::super::{columns, github_summary};

/// The bytes that GitHub takes as the summary of a step, and some to spare.
const SUMMARY_LIMIT: usize = 1_000_000;

/// How changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Markdown,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Text, Self::Json, Self::Markdown]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Text => PossibleValue::new("text").help("A tree, for people"),
            Self::Json => {
                PossibleValue::new("json").help("For programs; its JSON schema is src/diff/changes.schema.json")
            }
            Self::Markdown => {
                PossibleValue::new("markdown").help("For the comment of a pull request, within its limit")
            }
        })
    }
}

/// Prints the changes as they were asked for.
pub(super) fn print(changes: &Changes, own: &ArgMatches, console: &mut Console<'_>) -> Result<(), Failure> {
    let format =
        if own.get_flag("json") { Format::Json } else { own.get_one("format").copied().unwrap_or(Format::Text) };
    let context = context_of(own);
    let output = match format {
        Format::Text => {
            let color = console.output_palette().color;
            text(changes, &TextOptions { color, width: columns::of_output(), context })
        }
        Format::Json => json(changes),
        Format::Markdown => markdown(changes, &MarkdownOptions { context, ..MarkdownOptions::default() }),
    };
    Ok(console.output().write_all(output.as_bytes())?)
}

fn context_of(own: &ArgMatches) -> usize {
    own.get_one("unified").copied().unwrap_or(3)
}

/// Adds the changes to the summary of a step, where GitHub asks for one.
pub(super) fn summarize(changes: &Changes, own: &ArgMatches) -> Result<(), Failure> {
    let options = MarkdownOptions { limit: SUMMARY_LIMIT, context: context_of(own), ..MarkdownOptions::default() };
    github_summary::add(|| markdown(changes, &options))
}
