//! What every command has: the app, and the stacks that were asked for.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ArgMatches;

use crate::assets::nearest;
use crate::core::{App, Problem, Severity, Synthesis};

use super::console::Console;
use super::error::Failure;
use super::outcome::BuildOutcome;
use super::{glob, problems};

/// What every command has: the app, not built yet.
pub(super) struct Context<B> {
    app: App,
    build: B,
}

/// Whether the stacks that the chosen ones depend on are chosen too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dependencies {
    Left,
    Included,
}

impl<O: BuildOutcome, B: FnOnce(&mut App) -> O> Context<B> {
    pub(super) fn new(matches: &ArgMatches, build: B) -> Self {
        let root = matches.get_one::<PathBuf>("root").cloned().unwrap_or_else(root_of_workspace);
        let mut app = App::new().with_root(root);
        for (key, value) in matches.get_many::<(String, String)>("context").into_iter().flatten() {
            app.set_context(key, value);
        }
        Self { app, build }
    }

    /// The folder that paths of assets begin in.
    pub(super) fn root(&self) -> PathBuf {
        self.app.root().to_owned()
    }

    /// Builds the app and synthesizes it.
    pub(super) fn synthesize(mut self, validate: bool) -> Result<Synthesis, Failure> {
        self.app.set_validation(validate);
        match (self.build)(&mut self.app).error() {
            Some(error) => Err(Failure::of(&*error)),
            None => Ok(self.app.synthesize()),
        }
    }

    /// Builds the app and synthesizes it without checking the templates, for commands that only look. What the app
    /// itself reports is printed.
    pub(super) fn look(self, own: &ArgMatches, console: &mut Console<'_>) -> Result<Look, Failure> {
        let mut synthesis = self.synthesize(false)?;
        select(&mut synthesis, own, Dependencies::Left)?;
        let has_errors = synthesis.has_errors();
        problems::print(&mut synthesis.problems, console)?;
        Ok(Look { synthesis, has_errors })
    }
}

/// The app as a command that only looks sees it.
pub(super) struct Look {
    pub(super) synthesis: Synthesis,
    /// Whether the app reported errors: what is shown may then not be all, and the exit code is 1.
    pub(super) has_errors: bool,
}

/// Keeps the stacks that the command line names, and their problems.
pub(super) fn select(synthesis: &mut Synthesis, own: &ArgMatches, dependencies: Dependencies) -> Result<(), Failure> {
    let patterns: Vec<&String> = own.get_many("stacks").into_iter().flatten().collect();
    if patterns.is_empty() {
        return Ok(());
    }
    let mut chosen: BTreeSet<String> = BTreeSet::new();
    for pattern in patterns {
        let names = || synthesis.stacks.iter().map(|stack| stack.name.as_str());
        let found: Vec<_> = names().filter(|name| glob::matches(pattern, name)).map(str::to_owned).collect();
        // An app that could not be built in full says why, and that may be why the stack is not there.
        if found.is_empty() && !lacks_parts(synthesis) {
            let failure = Failure::usage(format!("no stack is called `{pattern}`"));
            return Err(match nearest(pattern, names()) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint(format!("the stacks are {}", names().collect::<Vec<_>>().join(", "))),
            });
        }
        chosen.extend(found);
    }
    if dependencies == Dependencies::Included {
        // Stacks stand after those that they depend on, so one way back reaches all.
        for stack in synthesis.stacks.iter().rev() {
            if chosen.contains(&stack.name) {
                chosen.extend(stack.dependencies.iter().cloned());
            }
        }
    }
    synthesis.stacks.retain(|stack| chosen.contains(&stack.name));
    let concerns = |problem: &Problem| problem.stack.as_ref().is_none_or(|stack| chosen.contains(stack));
    synthesis.problems.retain(concerns);
    Ok(())
}

/// Whether the app itself, not one of its stacks, reported errors.
fn lacks_parts(synthesis: &Synthesis) -> bool {
    synthesis.problems.iter().any(|problem| problem.severity == Severity::Error && problem.stack.is_none())
}

/// The nearest folder upward with a `Cargo.lock`, as a path from here; here when there is none.
fn root_of_workspace() -> PathBuf {
    let Ok(here) = std::env::current_dir() else { return PathBuf::from(".") };
    let mut root = PathBuf::from(".");
    for folder in here.ancestors() {
        if folder.join("Cargo.lock").is_file() {
            return root;
        }
        root = if root.as_os_str() == "." { PathBuf::from("..") } else { root.join("..") };
    }
    PathBuf::from(".")
}
