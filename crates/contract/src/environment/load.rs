//! Reading variables and collecting what is wrong with them.

use std::fmt::Display;
use std::str::FromStr;

use super::{EnvironmentError, VariableProblem, VariableProblemKind};

/// The variable `name` of the process. A value that is not Unicode reads as its readable part.
pub fn system_variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Reads variables one by one and remembers the problems of all.
#[derive(Debug)]
pub struct Reader<R> {
    read: R,
    problems: Vec<VariableProblem>,
}

impl<R: Fn(&str) -> Option<String>> Reader<R> {
    /// Reads the variables that `read` gives by name.
    pub fn new(read: R) -> Self {
        Self { read, problems: Vec::new() }
    }

    /// A variable that must be set and not empty; none when there is a problem.
    pub fn required<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<T> {
        match (self.read)(name) {
            None => self.problem(name, VariableProblemKind::Missing),
            Some(value) if value.is_empty() => self.problem(name, VariableProblemKind::Empty),
            Some(value) => self.parse(name, value),
        }
    }

    /// A variable that may be absent or empty, which is the same; the outer option is none when there is a problem.
    pub fn optional<T: FromStr<Err: Display>>(&mut self, name: &'static str) -> Option<Option<T>> {
        match (self.read)(name).filter(|value| !value.is_empty()) {
            None => Some(None),
            Some(value) => self.parse(name, value).map(Some),
        }
    }

    /// The problems that were met.
    pub fn into_error(self) -> EnvironmentError {
        EnvironmentError::new(self.problems)
    }

    fn parse<T: FromStr<Err: Display>>(&mut self, name: &'static str, value: String) -> Option<T> {
        match value.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let reason = error.to_string();
                self.problem(name, VariableProblemKind::Invalid { value, reason })
            }
        }
    }

    fn problem<T>(&mut self, name: &'static str, kind: VariableProblemKind) -> Option<T> {
        self.problems.push(VariableProblem { name, kind });
        None
    }
}
