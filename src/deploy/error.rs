//! Why a deployment, or a look at one, failed.

use std::error::Error;
use std::fmt;

use aws_sdk_cloudformation::error::ProvideErrorMetadata;

/// Why a deployment, or a look at one, failed.
#[derive(Debug)]
pub struct DeployError {
    kind: DeployErrorKind,
    message: String,
    hint: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// What a caller may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeployErrorKind {
    /// A stack ended in a state that is not the wanted one.
    StackFailed,
    /// The changes were not approved.
    NotApproved,
    /// What was asked for makes no sense for the stacks as they are.
    Refused,
    /// Someone else changed the stack meanwhile.
    Conflict,
    /// A service refused a request, or could not be reached.
    Service,
    /// Something on this machine: a file, a build, the app itself.
    Local,
}

impl DeployError {
    pub(crate) fn new(kind: DeployErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, cause: None }
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(DeployErrorKind::Refused, message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(DeployErrorKind::Conflict, message)
            .hint("`events` shows who; run the command again when they are done")
    }

    /// Changes that were not approved, or that nobody could be asked about. For whoever approves.
    pub fn not_approved(message: impl Into<String>) -> Self {
        Self::new(DeployErrorKind::NotApproved, message)
    }

    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self::new(DeployErrorKind::Local, message)
    }

    /// A request that failed. `what` says what could not be done.
    pub(crate) fn service<E>(what: impl fmt::Display, error: E) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let failed = Self::new(DeployErrorKind::Service, format!("cannot {what}"));
        let answer = error.code().map(|code| match error.message() {
            Some(message) => format!("{message} ({code})"),
            None => code.to_owned(),
        });
        let failed = match error.code().and_then(hint_for) {
            Some(hint) => failed.hint(hint),
            None => failed,
        };
        match answer {
            // The service answered: its words are the cause.
            Some(answer) => failed.cause(answer),
            // It did not: the chain says whether the name, the connection or the credentials failed.
            None => match unreachable_hint(&error) {
                Some(hint) => failed.hint(hint).cause(error),
                None => failed.cause(error),
            },
        }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(crate) fn cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> DeployErrorKind {
        self.kind
    }

    /// What to do, when that is known.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// What to do about an error code that every service has.
fn hint_for(code: &str) -> Option<&'static str> {
    Some(match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => {
            "the credentials expired: sign in again, and run the same command; it goes on where it was"
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => {
            "the role or user of these credentials lacks a permission; `aws sts get-caller-identity` says who it is"
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "SignatureDoesNotMatch" => {
            "the credentials are not those of an account: check the profile and the environment"
        }
        _ => return None,
    })
}

/// What to do about a request that no service answered.
fn unreachable_hint(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut at = Some(error);
    while let Some(inner) = at {
        let text = inner.to_string();
        if text.contains("credential") || text.contains("SSO") {
            return Some("no credentials were found: set a profile with `--profile`, or sign in");
        }
        if text.contains("egion") && text.contains("missing") {
            return Some("set a region with `--region`");
        }
        at = inner.source();
    }
    None
}

impl fmt::Display for DeployError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for DeployError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}
