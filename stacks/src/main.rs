//! The command `stackgen` of the app.

use std::process::ExitCode;

fn main() -> ExitCode {
    stackgen::cli::run(stackgen_app::app)
}
