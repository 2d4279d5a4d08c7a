//! Required properties, as types: a value that lacks one names it in its own type.

/// The state of a required property that was set.
#[derive(Debug)]
pub enum Set {}

/// Holds for a required property that was set. The generated `missing::…` types do not implement it.
#[diagnostic::on_unimplemented(
    message = "the required property `{Self}` was not set",
    label = "required property `{Self}` is missing",
    note = "call its setter before the value is used"
)]
pub trait Given {}

impl Given for Set {}
