//! What a rule or schedule hands to its target.

use stackgen_contract::ToInput;
use stackgen_template::Value;

use super::json_text::json_text;
use crate::core::{Problem, Scope};

/// An input as JSON text, or why there is none: reported when the construct is added.
#[derive(Debug, Clone)]
pub(crate) enum TargetInput {
    Text(Value),
    Fault(String),
}

impl TargetInput {
    pub(crate) fn of(input: &(impl ToInput + ?Sized)) -> Self {
        match input.to_input() {
            Ok(text) => Self::Text(text.into()),
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
                Self::Fault(format!("{error}{cause}"))
            }
        }
    }

    pub(crate) fn of_value(value: &Value) -> Self {
        Self::Text(json_text(value))
    }

    /// The text; a fault is reported and gives none.
    pub(crate) fn resolve(self, scope: &mut Scope<'_>) -> Option<Value> {
        match self {
            Self::Text(text) => Some(text),
            Self::Fault(message) => {
                scope.report(Problem::error(message).hint("an input is what JSON can say: mappings have text as keys"));
                None
            }
        }
    }
}

/// Whether a schedule or rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// It runs.
    Enabled,
    /// It does nothing until it is enabled.
    Disabled,
}

impl stackgen_resources::typed::TakesExpression for Activation {}

impl stackgen_resources::typed::Arg<Self> for Activation {
    fn into_value(self) -> Value {
        match self {
            Self::Enabled => "ENABLED".into(),
            Self::Disabled => "DISABLED".into(),
        }
    }
}
