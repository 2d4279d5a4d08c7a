//! Why a command ends early.

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// Why a command ends early: what is printed, and the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) message: String,
    /// Why, the outermost cause first.
    pub(super) causes: Vec<String>,
    pub(super) hint: Option<String>,
    code: u8,
    is_broken_pipe: bool,
}

impl Failure {
    /// The app or a template is at fault.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), hint: None, code: 1, is_broken_pipe: false }
    }

    /// The command line is at fault.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, ..Self::new(message) }
    }

    /// Sets the exit code.
    #[cfg(feature = "deploy")]
    #[must_use]
    pub(super) fn code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// An error with all its causes.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        Self { causes: causes(error), ..Self::new(error.to_string()) }
    }

    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The exit code. Whoever reads our output may stop when it has enough: that is no failure.
    pub(super) fn exit_code(&self) -> ExitCode {
        if self.is_broken_pipe { ExitCode::SUCCESS } else { ExitCode::from(self.code) }
    }

    /// Whether there is nobody left to print to.
    pub(super) fn is_silent(&self) -> bool {
        self.is_broken_pipe
    }
}

/// The causes of an error, the outermost first.
fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes = Vec::new();
    let mut at = error.source();
    while let Some(cause) = at {
        causes.push(cause.to_string());
        at = cause.source();
    }
    causes
}

/// Writing to standard output or standard error failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        Self { is_broken_pipe, causes: vec![error.to_string()], ..Self::new("cannot write the output") }
    }
}
