//! One stack of ten resources: `cargo run --release --example small -- synth -o DIR`.

mod group;

use std::process::ExitCode;

use stackgen::prelude::*;

fn main() -> ExitCode {
    stackgen::cli::run(|app| {
        let memory = Int::try_from(256)?;
        group::add_group(&mut app.stack("Small"), "App", memory);
        Ok::<_, Box<dyn std::error::Error>>(())
    })
}
