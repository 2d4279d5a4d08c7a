//! What the tests of constructs share.

use crate::core::{App, Scope, Severity};

/// The template of a stack called `test` that `build` filled, as JSON.
///
/// Fails on any error or warning of synthesis. Hashes of assets are blotted out: they change with every edit of a handler.
#[track_caller]
pub(crate) fn template_of(build: impl FnOnce(&mut Scope<'_>)) -> String {
    let mut app = App::new().with_root(env!("CARGO_MANIFEST_DIR"));
    build(&mut app.stack("test"));
    let synthesis = app.synthesize();
    let problems: Vec<_> = synthesis
        .problems
        .iter()
        .filter(|problem| problem.severity != Severity::Information)
        .map(ToString::to_string)
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    without_hashes(&synthesis.stacks[0].template.to_json())
}

/// The messages of the problems that synthesis of a stack filled by `build` reports.
pub(crate) fn problems_of(build: impl FnOnce(&mut Scope<'_>)) -> Vec<String> {
    let mut app = App::new().with_root(env!("CARGO_MANIFEST_DIR"));
    build(&mut app.stack("test"));
    app.synthesize().problems.into_iter().map(|problem| problem.message).collect()
}

/// The text with every run of 64 hexadecimal digits made zeros.
fn without_hashes(text: &str) -> String {
    let mut blotted = String::with_capacity(text.len());
    let mut run = String::new();
    for character in text.chars().chain(['\n']) {
        if character.is_ascii_digit() || ('a'..='f').contains(&character) {
            run.push(character);
            continue;
        }
        if run.len() == 64 {
            run = "0".repeat(64);
        }
        blotted.push_str(&run);
        run.clear();
        blotted.push(character);
    }
    blotted.pop();
    blotted
}
