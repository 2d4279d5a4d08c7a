//! A finding with the file that it points to.

use stackgen_schema::{Finding, Severity};
use stackgen_template::{Place, Places};

use crate::core::Problem;

/// A finding of a template file, or a problem of the app, with the file that it points to.
#[derive(Debug, Clone)]
pub(super) struct LocatedFinding {
    pub(super) severity: Severity,
    /// None for what no rule found: a file that cannot be read, a report of a construct.
    pub(super) code: Option<&'static str>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) stack: Option<String>,
    /// The path in the template, or of the construct.
    pub(super) path: Option<String>,
    pub(super) file: Option<String>,
    /// Line and column in the file.
    pub(super) position: Option<Place>,
}

impl LocatedFinding {
    /// A problem of the app: the file is the user's source.
    pub(super) fn of_problem(problem: Problem) -> Self {
        Self {
            severity: problem.severity,
            code: problem.code,
            message: problem.message,
            hint: problem.hint,
            stack: problem.stack,
            path: problem.path,
            file: problem.place.map(|place| place.file().to_owned()),
            position: problem.place.map(|place| Place { line: place.line(), column: place.column() }),
        }
    }

    /// A finding in a template file, at the key of what it is about or of the nearest thing around it.
    pub(super) fn of_finding(finding: Finding, file: &str, places: &Places) -> Self {
        Self {
            severity: finding.severity,
            code: Some(finding.code.as_str()),
            position: places.nearest(&finding.path),
            path: (!finding.path.is_root()).then(|| finding.path.to_string()),
            message: finding.message,
            hint: finding.hint,
            stack: None,
            file: Some(file.to_owned()),
        }
    }

    /// A file that is no template, or cannot be read.
    pub(super) fn unreadable(file: &str, message: String, position: Option<Place>) -> Self {
        Self {
            severity: Severity::Error,
            code: None,
            message,
            hint: None,
            stack: None,
            path: None,
            file: Some(file.to_owned()),
            position,
        }
    }

    /// `file:line:column`.
    pub(super) fn place(&self) -> Option<String> {
        let file = self.file.as_ref()?;
        Some(self.position.map_or_else(|| file.clone(), |position| format!("{file}:{position}")))
    }

    /// The stack and the path.
    pub(super) fn within(&self) -> Option<String> {
        match (&self.stack, &self.path) {
            (Some(stack), Some(path)) => Some(format!("{stack}: {path}")),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}
