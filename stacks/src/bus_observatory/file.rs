//! Where the feeds are read from.

use std::fs;
use std::path::PathBuf;

use bus_observatory::feeds::Configuration;
use stackgen::prelude::*;

/// The file at the root of the workspace.
const FILE: &str = "feeds.json";
/// The context value that names another file: `-c feeds=PATH`. The path begins in the current folder.
const CONTEXT: &str = "feeds";

/// Reads the feeds, and reports all that is wrong with them.
pub(super) fn read(app: &mut App) -> Option<Configuration> {
    let (path, name) = match app.context(CONTEXT) {
        Some(path) => (PathBuf::from(path), path.to_owned()),
        None => (app.root().join(FILE), FILE.to_owned()),
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            let problem = Problem::error(format!("{name}: cannot be read: {error}"));
            app.report(problem.hint(format!("looked for at {}; `-c feeds=PATH` names another file", path.display())));
            return None;
        }
    };
    match Configuration::read(&text, &name) {
        Ok(configuration) => Some(configuration),
        Err(problems) => {
            for problem in problems {
                app.report(Problem::error(problem.to_string()));
            }
            None
        }
    }
}
