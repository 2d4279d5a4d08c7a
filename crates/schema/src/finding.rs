//! What the validator reports.

use std::fmt;

use stackgen_template::Path;

use crate::Code;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Information,
    /// Deploys, but most likely not what is meant.
    Warning,
    /// CloudFormation or the service would refuse it.
    Error,
}

impl Severity {
    /// The severity as it is printed: `error`, `warning`, `information`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One thing that is wrong, or worth knowing, at one place of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is: the path from the top of the template.
    pub path: Path,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
    /// What to do about it, where that can be said.
    pub hint: Option<String>,
}

impl Finding {
    /// A finding of the severity that `code` has by default, without a hint.
    pub fn new(code: Code, path: Path, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), path, message: message.into(), hint: None }
    }

    /// The same finding with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} at {}: {}", self.severity, self.code, self.path, self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}
