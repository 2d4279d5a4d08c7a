//! Bars on a terminal: one a stack that is being changed, and one for what is built or uploaded.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::io::{self, IsTerminal};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::console::Console;

/// How often bars are drawn anew while nothing happens, in milliseconds: their clocks go on.
pub(super) const TICK: u64 = 250;

/// Bars by what they stand for. They are drawn by the thread that tells of events only: another one would wait for standard
/// error, which the console holds.
#[derive(Debug)]
pub(super) struct Bars {
    all: MultiProgress,
    shown: RefCell<BTreeMap<String, ProgressBar>>,
}

impl Bars {
    /// Bars on standard error; none where that is no terminal, or only errors are told.
    pub(super) fn of(console: &Console<'_>) -> Option<Self> {
        let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let is_shown = io::stderr().is_terminal() && !is_dumb && !console.is_quiet();
        is_shown.then(|| Self {
            all: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
            shown: RefCell::default(),
        })
    }

    /// Shows a bar of `length` steps called `name`, with its name printed as `title`.
    pub(super) fn begin(&self, name: &str, title: String, length: u64) {
        let style = ProgressStyle::with_template("{prefix} {bar:24} {pos:>3}/{len} {elapsed:>4} {wide_msg}");
        self.insert(name, title, ProgressBar::new(length), style);
    }

    /// Shows a line called `name` for something of unknown length, which counts its steps.
    pub(super) fn begin_open(&self, name: &str, title: String) {
        self.insert(
            name,
            title,
            ProgressBar::no_length(),
            ProgressStyle::with_template("{prefix} {pos} {elapsed:>4} {wide_msg}"),
        );
    }

    fn insert(
        &self,
        name: &str,
        title: String,
        bar: ProgressBar,
        style: Result<ProgressStyle, indicatif::style::TemplateError>,
    ) {
        let bar = self.all.add(bar.with_prefix(title));
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━╸·"));
        }
        bar.tick();
        if let Some(earlier) = self.shown.borrow_mut().insert(name.to_owned(), bar) {
            earlier.finish_and_clear();
        }
    }

    /// Sets how far the bar called `name` is; false when there is none.
    pub(super) fn at(&self, name: &str, position: u64, message: String) -> bool {
        let shown = self.shown.borrow();
        let Some(bar) = shown.get(name) else { return false };
        bar.set_message(message);
        bar.set_position(position);
        bar.tick();
        true
    }

    /// The bar called `name` is a step further; false when there is none.
    pub(super) fn further(&self, name: &str, message: String) -> bool {
        let position = self.shown.borrow().get(name).map(ProgressBar::position);
        position.is_some_and(|position| self.at(name, position + 1, message))
    }

    /// Takes the bar called `name` away.
    pub(super) fn end(&self, name: &str) {
        if let Some(bar) = self.shown.borrow_mut().remove(name) {
            bar.finish_and_clear();
        }
    }

    /// Draws all bars anew.
    pub(super) fn tick(&self) {
        self.shown.borrow().values().for_each(ProgressBar::tick);
    }

    /// Does what writes to the terminal, with the bars out of its way.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.all.suspend(write)
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.shown.borrow().values().for_each(ProgressBar::finish_and_clear);
    }
}
