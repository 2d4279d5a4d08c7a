//! The code of Lambda functions: from one place, and whole.

use stackgen_template::{Map, Trail, Value};

use super::values::{is_computed, is_set};
use crate::{Code, Finding};

/// The properties that each begin a way to give code.
const WAYS: [&str; 3] = ["ZipFile", "S3Bucket", "ImageUri"];

pub(super) fn check(properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let Some(value) = properties.get("Code").filter(|value| !is_computed(value)) else { return };
    let Value::Map(code) = value else { return };
    let trail = trail.key("Code");
    let set: Vec<&str> = WAYS.into_iter().filter(|name| is_set(code, name) == Some(true)).collect();
    let certain = WAYS.iter().all(|name| is_set(code, name).is_some());
    match set.as_slice() {
        [] if certain && is_set(code, "S3Key") == Some(false) => {
            let message = "the function has no code";
            let hint = "give `ZipFile`, `S3Bucket` and `S3Key`, or `ImageUri`";
            findings.push(Finding::new(Code::OneOf, trail.to_path(), message).hint(hint));
        }
        [first, second, ..] => {
            let message = format!("`{second}` cannot be set beside `{first}`: code comes from one place");
            findings.push(Finding::new(Code::Exclusive, trail.key(second).to_path(), message));
        }
        _ => {}
    }
    for (given, needed) in [("S3Bucket", "S3Key"), ("S3Key", "S3Bucket")] {
        if is_set(code, given) == Some(true) && is_set(code, needed) == Some(false) {
            let message = format!("`{given}` needs `{needed}`, which is not set");
            findings.push(Finding::new(Code::Dependent, trail.key(given).to_path(), message));
        }
    }
}
