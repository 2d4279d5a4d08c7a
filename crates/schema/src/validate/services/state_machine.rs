//! The definitions of state machines: how a template holds them.

use stackgen_template::{Intrinsic, Map, SubPart, Trail, Value, read_json};

use super::states;
use super::values::cases;
use crate::{Code, Finding};

/// [`states::UNKNOWN`] inside a text of JSON. Outside of one it is no JSON, as little as most of what may be put in there.
const ESCAPED_UNKNOWN: &str = "\\u0001";

pub(super) fn check(properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    if let Some(definition) = properties.get("Definition") {
        cases(definition, &trail.key("Definition"), &mut |value, trail| {
            if matches!(value, Value::Map(_)) && !super::values::is_computed(value) {
                states::check(value, trail, true, findings);
            }
        });
    }
    let substitutions = properties.contains_key("DefinitionSubstitutions");
    if let Some(definition) = properties.get("DefinitionString") {
        cases(definition, &trail.key("DefinitionString"), &mut |value, trail| {
            let Some(text) = written_text(value) else { return };
            match read_json(&text) {
                Ok(document) => states::check(&document.value, trail, false, findings),
                // What is put in may stand where JSON wants a number, a list or a mapping.
                Err(_) if text.contains(ESCAPED_UNKNOWN) || substitutions => {}
                Err(error) => findings.push(Finding::new(
                    Code::StateMachineShape,
                    trail.to_path(),
                    format!("the definition is not JSON: {error}"),
                )),
            }
        });
    }
}

/// The text of a definition, with [`ESCAPED_UNKNOWN`] for what a deployment puts in.
fn written_text(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return Some(text.to_string());
    }
    let intrinsic = Intrinsic::of(value)?;
    if let Some((text, _)) = intrinsic.sub() {
        let parts = text.parts().map(|part| match part {
            SubPart::Text(text) | SubPart::Unclosed(text) => text.to_owned(),
            SubPart::Escaped(name) => format!("${{{name}}}"),
            SubPart::Variable(_) => ESCAPED_UNKNOWN.to_owned(),
        });
        return Some(parts.collect());
    }
    let (delimiter, list) = intrinsic.join()?;
    let texts: Vec<&str> = list.as_list()?.iter().map(|item| item.as_str().unwrap_or(ESCAPED_UNKNOWN)).collect();
    Some(texts.join(delimiter))
}
