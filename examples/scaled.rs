//! As many stacks of as many resources as the environment says: `STACKS` stacks (1) of `GROUP_COUNT` groups (10) of ten
//! resources, whose functions have `MEMORY` MiB (256).
//!
//! `STACKS=100 cargo run --release --example scaled -- synth -o DIR`

mod group;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use stackgen::prelude::*;

fn main() -> ExitCode {
    stackgen::cli::run(build)
}

fn build(app: &mut App) -> Result<(), Box<dyn Error>> {
    let (stacks, groups) = (number("STACKS", 1)?, number("GROUP_COUNT", 10)?);
    let memory = Int::try_from(number("MEMORY", 256)?).map_err(|error| format!("MEMORY: {error}"))?;
    for stack in 0..stacks {
        let mut stack = app.stack(format!("Scaled{stack}"));
        for group in 0..groups {
            group::add_group(&mut stack, &format!("Group{group}"), memory);
        }
    }
    Ok(())
}

/// The number in an environment variable, or `default` where it is not set.
fn number(variable: &str, default: i64) -> Result<i64, String> {
    match env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable}: `{text}` is no whole number")),
        Err(_) => Ok(default),
    }
}
