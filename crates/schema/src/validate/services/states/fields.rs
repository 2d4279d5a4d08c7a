//! What states may have, and which way they go on.

use stackgen_template::{Map, Value};

use super::is_unknown;
use crate::validate::services::values::has_computed;

/// What a state of each type must have, beside the way on.
pub(super) const TYPES: [(&str, &[&str]); 8] = [
    ("Task", &["Resource"]),
    ("Pass", &[]),
    ("Choice", &["Choices"]),
    ("Wait", &[]),
    ("Succeed", &[]),
    ("Fail", &[]),
    ("Parallel", &["Branches"]),
    ("Map", &[]),
];

/// What a state of some type may have. Others are let pass unless they are spelt nearly like one of these.
pub(super) const FIELDS: [&str; 44] = [
    "Type",
    "Comment",
    "Next",
    "End",
    "InputPath",
    "OutputPath",
    "ResultPath",
    "Parameters",
    "ResultSelector",
    "Result",
    "Resource",
    "Retry",
    "Catch",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
    "Credentials",
    "Choices",
    "Default",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
    "Error",
    "ErrorPath",
    "Cause",
    "CausePath",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ItemsPath",
    "Items",
    "ItemSelector",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "ToleratedFailurePercentage",
    "ToleratedFailureCount",
    "QueryLanguage",
    "Arguments",
    "Output",
];

/// Fields that only states with JSONPath have.
pub(super) const JSON_PATH: [&str; 5] = ["InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector"];
/// Fields that only states with JSONata have.
pub(super) const JSONATA: [&str; 2] = ["Arguments", "Output"];

pub(super) fn has_function(map: &Map) -> bool {
    map.keys().any(|key| key.starts_with("Fn::") || key == "Ref")
}

/// Collects the states that follow a state; says whether all of them are known.
pub(super) fn ways_out<'v>(state: &'v Map, targets: &mut Vec<&'v str>) -> bool {
    let mut certain = !state.keys().any(|key| key.starts_with("Fn::"));
    let mut follow = |map: &'v Map, field: &str| {
        if let Some(value) = map.get(field) {
            match value.as_str() {
                Some(target) if !is_unknown(target) => targets.push(target),
                _ => certain = false,
            }
        }
    };
    follow(state, "Next");
    follow(state, "Default");
    let mut lists_known = true;
    for field in ["Choices", "Catch"] {
        match state.get(field) {
            Some(Value::List(items)) => {
                for item in items {
                    match item {
                        Value::Map(item) if !has_function(item) => follow(item, "Next"),
                        _ => lists_known = false,
                    }
                }
            }
            Some(value) => lists_known &= !has_computed(value),
            None => {}
        }
    }
    certain && lists_known
}
