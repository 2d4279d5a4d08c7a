//! `graph`: the resources, and how data flows between them.

mod dot;
mod flow;
mod index;
mod json;
mod kind;
mod mermaid;
mod model;
mod overview;
mod permission;
mod role;

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;

use crate::core::App;

use super::arguments::GraphFormat;
use super::console::Console;
use super::context::{Context, Dependencies, select};
use super::error::Failure;
use super::outcome::BuildOutcome;
use super::problems;

pub(super) fn run<O: BuildOutcome>(
    context: Context<impl FnOnce(&mut App) -> O>,
    own: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<ExitCode, Failure> {
    let mut synthesis = context.synthesize(false)?;
    // The whole app is drawn first: references lead through stacks that were not asked for.
    let graph = flow::graph(&synthesis.stacks);
    select(&mut synthesis, own, Dependencies::Left)?;
    let graph = graph.keep(|stack| synthesis.stack(stack).is_some());
    let graph = if own.get_flag("overview") { overview::of(graph) } else { graph };
    let has_errors = synthesis.has_errors();
    problems::print(&mut synthesis.problems, console)?;
    let format = if own.get_flag("json") {
        GraphFormat::Json
    } else {
        own.get_one("format").copied().unwrap_or(GraphFormat::Mermaid)
    };
    let text = match format {
        GraphFormat::Mermaid => mermaid::write(&graph),
        GraphFormat::Dot => dot::write(&graph),
        GraphFormat::Json => json::write(&graph),
    };
    console.output().write_all(text.as_bytes())?;
    Ok(ExitCode::from(u8::from(has_errors)))
}
