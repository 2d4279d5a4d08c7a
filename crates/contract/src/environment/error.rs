//! What is wrong with an environment.

use std::fmt;

/// Every problem of an environment at once, so that one look at the log tells all that is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentError {
    problems: Vec<VariableProblem>,
}

impl EnvironmentError {
    pub(super) fn new(problems: Vec<VariableProblem>) -> Self {
        Self { problems }
    }

    /// The problems, in the order of the definition.
    pub fn problems(&self) -> &[VariableProblem] {
        &self.problems
    }
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the environment is incomplete: ")?;
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            problem.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for EnvironmentError {}

/// What is wrong with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableProblem {
    /// The name of the variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub kind: VariableProblemKind,
}

/// The ways in which a variable can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VariableProblemKind {
    /// It is not set.
    Missing,
    /// It is set to the empty text.
    Empty,
    /// Its value is not of its type.
    Invalid {
        /// The value that was found.
        value: String,
        /// Why it is none of its type.
        reason: String,
    },
}

impl fmt::Display for VariableProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        match &self.kind {
            VariableProblemKind::Missing => write!(formatter, "`{name}` is not set"),
            VariableProblemKind::Empty => write!(formatter, "`{name}` is empty"),
            VariableProblemKind::Invalid { value, reason } => write!(formatter, "`{name}` is `{value}`: {reason}"),
        }
    }
}
