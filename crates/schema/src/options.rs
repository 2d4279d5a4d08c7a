//! What a validation takes into account beside the template.

use stackgen_template::{Path, Segment};

use crate::{Code, Finding};

/// How to validate.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The regions that the template is for: a resource type that one of them lacks is an error. None is any region.
    pub regions: Vec<String>,
    /// Findings that are accepted.
    pub suppressions: Vec<Suppression>,
    /// Makes values of enumerations that are unknown warnings: the service may know more than the embedded schema.
    pub allow_unknown_enum: bool,
}

impl Options {
    /// Options that take nothing into account.
    pub fn new() -> Self {
        Self::default()
    }

    /// For these regions, too.
    #[must_use]
    pub fn regions<R: Into<String>>(mut self, regions: impl IntoIterator<Item = R>) -> Self {
        self.regions.extend(regions.into_iter().map(Into::into));
        self
    }

    /// With this finding accepted, too.
    #[must_use]
    pub fn suppress(mut self, suppression: Suppression) -> Self {
        self.suppressions.push(suppression);
        self
    }

    /// Whether unknown values of enumerations are warnings instead of errors.
    #[must_use]
    pub fn allow_unknown_enum(mut self, allow: bool) -> Self {
        self.allow_unknown_enum = allow;
        self
    }
}

/// Where a suppression holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// In the whole template.
    Everywhere,
    /// In the resource of this logical id.
    Resource(String),
    /// At this path and below it.
    Path(Path),
}

/// A finding that is accepted, with the reason why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The code of the finding.
    pub code: Code,
    /// Where it is accepted.
    pub scope: Scope,
    /// Why it is accepted.
    pub reason: String,
}

impl Suppression {
    /// Accepts `code` in the whole template.
    pub fn everywhere(code: Code, reason: impl Into<String>) -> Self {
        Self { code, scope: Scope::Everywhere, reason: reason.into() }
    }

    /// Accepts `code` in one resource.
    pub fn resource(code: Code, logical_id: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code, scope: Scope::Resource(logical_id.into()), reason: reason.into() }
    }

    /// Accepts `code` at a path and below it.
    pub fn path(code: Code, path: Path, reason: impl Into<String>) -> Self {
        Self { code, scope: Scope::Path(path), reason: reason.into() }
    }

    /// Whether the finding is one that this accepts.
    pub fn covers(&self, finding: &Finding) -> bool {
        self.code == finding.code
            && match &self.scope {
                Scope::Everywhere => true,
                Scope::Path(path) => finding.path.starts_with(path),
                Scope::Resource(wanted) => match finding.path.segments() {
                    [Segment::Key(section), Segment::Key(logical_id), ..] => {
                        section == "Resources" && logical_id == wanted
                    }
                    _ => false,
                },
            }
    }
}
