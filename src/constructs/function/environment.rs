//! Environment variables of functions.

use stackgen_template::{Map, Value};

use crate::core::{Problem, Scope};

/// Lambda's limit on all variables of a function together, in bytes.
const ENVIRONMENT_LIMIT: usize = 4_096;

/// Environment variables are text; numbers and truth values are written so.
pub(super) fn as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => number.to_string().into(),
        Value::Bool(value) => value.to_string().into(),
        other => other,
    }
}

/// Reports variables that Lambda refuses.
pub(super) fn check_environment(environment: &Map, scope: &mut Scope<'_>) {
    for name in environment.keys() {
        if stackgen_contract::is_reserved(name) {
            let problem = Problem::error(format!("`{name}` is an environment variable that Lambda sets itself"));
            scope.report(problem.hint("give the variable another name"));
            continue;
        }
        let mut characters = name.chars();
        let begins_well = characters.next().is_some_and(|first| first.is_ascii_alphabetic());
        if name.len() < 2 || !begins_well || !characters.all(|other| other.is_ascii_alphanumeric() || other == '_') {
            let problem = Problem::error(format!("`{name}` cannot be the name of an environment variable"));
            scope.report(problem.hint("begin with a letter, then use letters, digits and `_`: two characters or more"));
        }
    }
    let size: usize = environment.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum();
    if size > ENVIRONMENT_LIMIT {
        let message = format!("the environment variables take {size} bytes, of {ENVIRONMENT_LIMIT} that Lambda allows");
        scope.report(Problem::error(message).hint("put large values into a parameter or an object, and give its name"));
    }
}
