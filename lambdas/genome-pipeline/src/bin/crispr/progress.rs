//! The progress bar: stage, percentage and remaining time, on a terminal only.

use std::io::{self, Read};

use genome_pipeline::run::{Progress, Stage};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    /// A bar without a stage.
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{msg:18} [{bar:40}] {percent:>3} % {eta:>6}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self(bar)
    }

    /// Begins a stage.
    pub(crate) fn stage(&self, name: &'static str, steps: u64) {
        self.0.reset();
        self.0.set_length(steps);
        self.0.set_message(name);
    }

    /// Counts the bytes that are read from `input`.
    pub(crate) fn reading<R: Read>(&self, input: R) -> Counted<'_, R> {
        Counted { bar: &self.0, input }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, stage: Stage, steps: usize) {
        let name = match stage {
            Stage::Efficiency => "Efficiency",
            Stage::OffTargets => "Off-target sites",
        };
        self.stage(name, steps as u64);
    }

    fn advance(&self, steps: usize) {
        self.0.inc(steps as u64);
    }
}

/// An input whose bytes are counted.
pub(crate) struct Counted<'a, R> {
    bar: &'a ProgressBar,
    input: R,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.bar.inc(read as u64);
        Ok(read)
    }
}
