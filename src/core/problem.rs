//! What is wrong with an app, and where.

use std::fmt;
use std::panic::Location;

pub use stackgen_schema::Severity;

/// A fault found while constructs were added or templates checked.
#[derive(Debug, Clone)]
pub struct Problem {
    /// How bad it is. Errors keep templates from being written.
    pub severity: Severity,
    /// The stable code of the rule, such as `SG1001`; none for what constructs report.
    pub code: Option<&'static str>,
    /// The stack, when the fault is of one.
    pub stack: Option<String>,
    /// Where in the template, or the path of the construct.
    pub path: Option<String>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where the user added the construct.
    pub place: Option<&'static Location<'static>>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Problem {
    /// An error at no particular place.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: None,
            stack: None,
            path: None,
            message: message.into(),
            place: None,
            hint: None,
        }
    }

    /// A warning at no particular place.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Says where the user's construct was added.
    #[must_use]
    pub fn at(mut self, place: &'static Location<'static>) -> Self {
        self.place = Some(place);
        self
    }

    /// Says which stack the fault is in.
    #[must_use]
    pub fn in_stack(mut self, stack: impl Into<String>) -> Self {
        self.stack = Some(stack.into());
        self
    }

    /// Says which construct or template path the fault is at.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    /// `message`, then indented lines for the place, the path and the hint.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if let Some(code) = self.code {
            write!(formatter, " [{code}]")?;
        }
        if let Some(place) = self.place {
            write!(formatter, "\n  --> {}:{}:{}", place.file(), place.line(), place.column())?;
        }
        match (&self.stack, &self.path) {
            (Some(stack), Some(path)) => write!(formatter, "\n   in {stack}: {path}")?,
            (Some(one), None) | (None, Some(one)) => write!(formatter, "\n   in {one}")?,
            (None, None) => {}
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
