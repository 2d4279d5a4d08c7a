//! Prints what is wrong with an app.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::core::{Problem, Severity};

use super::console::{Console, Palette, Style, count};

/// Prints problems to standard error, in the order of the files that they point to. Unless only errors are told,
/// warnings too.
pub(super) fn print(problems: &mut Vec<Problem>, console: &mut Console<'_>) -> io::Result<()> {
    sort(problems);
    for problem in problems.iter() {
        if problem.severity == Severity::Error || (problem.severity == Severity::Warning && !console.is_quiet()) {
            let text = format(problem, console.messages_palette());
            writeln!(console.messages(), "{text}")?;
        }
    }
    Ok(())
}

/// Sorts problems by place, and drops repetitions. What is said of the app as a whole, such as of a file that it reads,
/// comes first and keeps its order.
pub(super) fn sort(problems: &mut Vec<Problem>) {
    let place = |problem: &Problem| problem.place.map(|place| (place.file(), place.line(), place.column()));
    let told = |problem: &Problem| (problem.path.clone(), problem.code, problem.message.clone());
    problems.sort_by_cached_key(|problem| {
        let is_of_app = problem.place.is_none() && problem.stack.is_none();
        (place(problem), problem.stack.clone(), (!is_of_app).then(|| told(problem)))
    });
    let all = |problem: &Problem| (place(problem), problem.stack.clone(), told(problem));
    problems.dedup_by(|one, other| all(one) == all(other));
}

/// A problem as people read it, over several lines, the last of which is empty.
fn format(problem: &Problem, palette: Palette) -> String {
    let place = problem.place.map(|place| format!("{}:{}:{}", place.file(), place.line(), place.column()));
    let within = match (&problem.stack, &problem.path) {
        (Some(stack), Some(path)) => Some(format!("{stack}: {path}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    format_parts(
        &Parts {
            severity: problem.severity,
            code: problem.code,
            message: &problem.message,
            place: place.as_deref(),
            within: within.as_deref(),
            hint: problem.hint.as_deref(),
        },
        palette,
    )
}

/// The parts of a problem or finding.
pub(super) struct Parts<'a> {
    pub(super) severity: Severity,
    pub(super) code: Option<&'a str>,
    pub(super) message: &'a str,
    pub(super) place: Option<&'a str>,
    pub(super) within: Option<&'a str>,
    pub(super) hint: Option<&'a str>,
}

/// A problem or finding as people read it, over several lines, the last of which is empty.
pub(super) fn format_parts(parts: &Parts<'_>, palette: Palette) -> String {
    let style = match parts.severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Information => Style::Hint,
    };
    let label = match parts.code {
        Some(code) => format!("{}[{code}]", parts.severity.as_str()),
        None => parts.severity.as_str().to_owned(),
    };
    let mut text = format!("{}: {}\n", palette.styled(label, style), palette.styled(parts.message, Style::Strong));
    let mut line = |sign: &str, style: Style, content: Option<&str>| {
        if let Some(content) = content {
            let _ = writeln!(text, " {} {content}", palette.styled(sign, style));
        }
    };
    line("-->", Style::Dim, parts.place);
    line(" in", Style::Dim, parts.within);
    line(" hint:", Style::Hint, parts.hint);
    text
}

/// `2 errors, 1 warning`; none when there is neither.
pub(super) fn tally(severities: impl Iterator<Item = Severity>) -> Option<String> {
    let (mut errors, mut warnings) = (0, 0);
    for severity in severities {
        match severity {
            Severity::Error => errors += 1,
            Severity::Warning => warnings += 1,
            Severity::Information => {}
        }
    }
    let parts: Vec<_> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
