//! The name of a construct within its scope.

use std::borrow::Cow;

/// The name of a construct within its scope, and the logical id when the author wants a certain one.
///
/// Names along the path make the logical id; a construct named `Default` adds nothing to it, so that wrapping a
/// construct in another renames nothing.
#[derive(Debug, Clone)]
pub struct Identifier {
    pub(super) name: Cow<'static, str>,
    pub(super) logical_id: Option<String>,
}

impl Identifier {
    /// The identifier `name`.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), logical_id: None }
    }

    /// Sets the logical id in the template, in place of the one that the path gives. What the construct adds below
    /// itself is named after it.
    #[must_use]
    pub fn logical_id(mut self, logical_id: impl Into<String>) -> Self {
        self.logical_id = Some(logical_id.into());
        self
    }
}

impl From<&'static str> for Identifier {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Identifier {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl From<Cow<'static, str>> for Identifier {
    fn from(name: Cow<'static, str>) -> Self {
        Self::new(name)
    }
}
