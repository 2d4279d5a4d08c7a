//! Guides, indexes and scores from the command line.

mod arguments;
mod commands;
mod files;
mod progress;

use std::{
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    match commands::run(&arguments::command().get_matches()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if standard error is closed, too.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
