//! Runtimes of functions.

use stackgen_template::{Map, Trail};

use super::values::cases;
use crate::database::DATA_DATE;
use crate::{Code, Database, Finding};

/// Runtimes that were deprecated when the data of this version was made.
pub(super) fn check(properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Some(value) = properties.get("Runtime") else { return };
    cases(value, &trail.key("Runtime"), &mut |value, trail| {
        let Some(name) = value.as_str() else { return };
        let Some(runtime) = Database::get().runtime(name) else { return };
        let past = |date: Option<crate::Date>| date.filter(|date| *date <= DATA_DATE);
        let message = if let Some(date) = past(runtime.creation_blocked()) {
            format!("functions of the runtime `{name}` can no longer be created since {date}")
        } else if let Some(date) = past(runtime.deprecated()) {
            format!("the runtime `{name}` is deprecated since {date}")
        } else {
            return;
        };
        let mut finding = Finding::new(Code::Runtime, trail.to_path(), message);
        finding.hint = runtime.successor().map(|successor| format!("use `{successor}`"));
        findings.push(finding);
    });
}

#[cfg(test)]
mod tests {
    use stackgen_template::Value;

    use super::*;

    #[test]
    fn only_deprecated_runtimes_are_told() {
        for (name, told) in [("python3.6", true), ("provided.al2023", false), ("something-new", false)] {
            let mut findings = Vec::new();
            let mut properties = Map::new();
            properties.insert("Runtime", Value::from(name));
            check(&properties, &Trail::root(), &mut findings);
            assert_eq!(!findings.is_empty(), told, "{name}: {findings:?}");
        }
    }
}
