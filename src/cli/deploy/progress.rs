//! What a deployment tells, as lines for people or for programs.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::io::{self, Write};
use std::time::Duration;

use stackgen_template::to_json_compact;

use crate::deploy::{Event, EventKind, Outcome, ResourceEvent};

use super::super::console::{Console, Palette, Style, count};
use super::bars::{Bars, TICK};

/// Prints events as they come.
pub(super) struct Progress<'p, 'c> {
    console: &'p RefCell<&'p mut Console<'c>>,
    is_json: bool,
    /// The width that names of stacks are printed in.
    width: usize,
    /// Resources of each stack that came to their end, and how many will.
    counts: RefCell<BTreeMap<String, (BTreeSet<String>, usize)>>,
    /// Bars, on a terminal: they take the place of lines about single resources that go well.
    bars: Option<Bars>,
    /// What went wrong with the output, to be told at the end.
    fault: RefCell<Option<io::Error>>,
}

impl<'p, 'c> Progress<'p, 'c> {
    pub(super) fn new(console: &'p RefCell<&'p mut Console<'c>>, is_json: bool, names: &[String]) -> Self {
        let width = names.iter().map(String::len).max().unwrap_or_default();
        let bars = if is_json { None } else { Bars::of(&console.borrow()) };
        Self { console, is_json, width, counts: RefCell::default(), bars, fault: RefCell::default() }
    }

    /// Does what writes to the terminal, with the bars out of its way.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bars {
            Some(bars) => bars.aside(write),
            None => write(),
        }
    }

    /// Runs `work` and has the clocks of the bars go on meanwhile.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let Some(bars) = &self.bars else { return work.await };
        let mut work = std::pin::pin!(work);
        let mut ticks = tokio::time::interval(Duration::from_millis(TICK));
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = ticks.tick() => bars.tick(),
            }
        }
    }

    /// Shows an event in the bar of its stack; true when that says it all.
    fn draw(&self, bars: &Bars, event: &Event, palette: Palette) -> bool {
        match &event.kind {
            EventKind::Executing { changes } => {
                self.counts.borrow_mut().insert(event.stack.clone(), (BTreeSet::new(), *changes));
                let title = format_args!("{:width$}", event.stack, width = self.width);
                bars.begin(&event.stack, palette.styled(title, Style::Strong).to_string(), *changes as u64);
                true
            }
            EventKind::Resource(resource) if !resource.is_stack && !resource.is_failure() => {
                let mut counts = self.counts.borrow_mut();
                let Some((done, of)) = counts.get_mut(&event.stack) else { return false };
                if resource.is_final() {
                    done.insert(resource.logical_id.clone());
                }
                let message = format!("{} {}", resource.status, resource.logical_id);
                bars.at(&event.stack, done.len().min(*of) as u64, message)
            }
            EventKind::Finished { .. } | EventKind::Failed { .. } => {
                bars.end(&event.stack);
                false
            }
            _ => false,
        }
    }

    /// Prints an event.
    pub(super) fn tell(&self, event: &Event) {
        let palette = self.console.borrow().messages_palette();
        if let Some(bars) = &self.bars
            && self.draw(bars, event, palette)
        {
            return;
        }
        self.aside(|| self.print(event));
    }

    fn print(&self, event: &Event) {
        let mut console = self.console.borrow_mut();
        let printed = if self.is_json {
            writeln!(console.output(), "{}", to_json_compact(&event.to_json())).and_then(|()| console.flush())
        } else {
            match self.line(event, console.messages_palette()) {
                Some(line) => console.note(line).and_then(|()| console.flush()),
                None => Ok(()),
            }
        };
        if let Err(error) = printed {
            self.fault.borrow_mut().get_or_insert(error);
        }
    }

    /// What went wrong with the output, if something did.
    pub(super) fn finish(self) -> io::Result<()> {
        self.fault.into_inner().map_or(Ok(()), Err)
    }

    fn line(&self, event: &Event, palette: Palette) -> Option<String> {
        let text = match &event.kind {
            EventKind::Started | EventKind::Planned { .. } => return None,
            EventKind::Following { status, by } => {
                let by = by.as_ref().map(|by| format!(", begun by {by}")).unwrap_or_default();
                format!("{status} is under way{by}: following it")
            }
            EventKind::Recovering { status, action } => format!("{status}: {action}"),
            EventKind::Renaming { resources } => format!("renaming {}", count(*resources, "resource")),
            EventKind::Executing { changes } => {
                self.counts.borrow_mut().insert(event.stack.clone(), (BTreeSet::new(), *changes));
                format!("changing {}", count(*changes, "resource"))
            }
            EventKind::Resource(resource) => self.resource(&event.stack, resource, palette)?,
            EventKind::Finished { outcome, duration } => {
                let word = match outcome {
                    Outcome::Created => "created",
                    Outcome::Updated => "updated",
                    Outcome::Unchanged => "no changes",
                    Outcome::Deleted => "deleted",
                    Outcome::Prepared => "planned",
                };
                format!("{} {}", palette.styled(word, Style::Success), palette.styled(seconds(*duration), Style::Dim))
            }
            EventKind::Failed { duration } => {
                format!("{} {}", palette.styled("failed", Style::Error), palette.styled(seconds(*duration), Style::Dim))
            }
            EventKind::Skipped { because_of } => format!("skipped, since `{because_of}` failed"),
        };
        Some(format!(
            "{} {text}",
            palette.styled(format_args!("{:width$}", event.stack, width = self.width), Style::Strong)
        ))
    }

    /// A resource that came to its end. What only begins is not told: it is many lines that say little.
    fn resource(&self, stack: &str, event: &ResourceEvent, palette: Palette) -> Option<String> {
        if event.is_stack {
            let is_bad = event.is_failure() || event.status.contains("ROLLBACK_IN_PROGRESS");
            return is_bad.then(|| {
                let reason = event.reason.as_deref().unwrap_or_default();
                format!("{} {reason}", palette.styled(&event.status, Style::Warning))
            });
        }
        if !event.is_final() {
            return None;
        }
        let mut counts = self.counts.borrow_mut();
        let tally = counts.get_mut(stack).map(|(done, of)| {
            done.insert(event.logical_id.clone());
            format!("{:>3}/{of} ", done.len().min(*of))
        });
        let style = if event.is_failure() { Style::Error } else { Style::Success };
        let reason = if event.is_failure() { event.reason.as_deref() } else { None };
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        Some(format!(
            "{}{} {} {}{reason}",
            palette.styled(tally.unwrap_or_default(), Style::Dim),
            palette.styled(&event.status, style),
            event.logical_id,
            palette.styled(&event.type_name, Style::Dim),
        ))
    }
}

/// `4.2 s`, `3 min 5 s`
fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        return format!("{:.1} s", duration.as_secs_f64());
    }
    format!("{} min {} s", whole / 60, whole % 60)
}
