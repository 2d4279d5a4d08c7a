//! Names that Lambda takes, checked by the compiler.

/// The variables that Lambda sets and refuses from others (Lambda's guide, "Defined runtime environment variables").
/// Those that begin with `AWS_LAMBDA_` are reserved too.
const RESERVED: &[&str] = &[
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// Checks the names of an environment when the program is compiled: of the form that Lambda takes (a letter, then
/// letters, digits and underscores), not reserved, no name twice.
///
/// # Panics
/// In a constant, and then the program does not compile.
pub const fn check_names(names: &[&str]) {
    let mut index = 0;
    while index < names.len() {
        let name = names[index].as_bytes();
        assert!(is_name(name), "the name of an environment variable is a letter, then letters, digits and underscores");
        assert!(!begins_with(name, b"AWS_LAMBDA_"), "Lambda reserves the environment variables `AWS_LAMBDA_…`");
        assert!(!contains(RESERVED, name), "Lambda sets this environment variable itself and refuses it from others");
        let (earlier, _) = names.split_at(index);
        assert!(!contains(earlier, name), "two fields name the same environment variable");
        index += 1;
    }
}

/// Whether Lambda sets the variable itself and refuses it from others.
pub const fn is_reserved(name: &str) -> bool {
    begins_with(name.as_bytes(), b"AWS_LAMBDA_") || contains(RESERVED, name.as_bytes())
}

const fn is_name(name: &[u8]) -> bool {
    if name.len() < 2 || !name[0].is_ascii_alphabetic() {
        return false;
    }
    let mut index = 1;
    while index < name.len() {
        if !name[index].is_ascii_alphanumeric() && name[index] != b'_' {
            return false;
        }
        index += 1;
    }
    true
}

const fn begins_with(name: &[u8], prefix: &[u8]) -> bool {
    if name.len() < prefix.len() {
        return false;
    }
    let (start, _) = name.split_at(prefix.len());
    equal(start, prefix)
}

const fn contains(names: &[&str], name: &[u8]) -> bool {
    let mut index = 0;
    while index < names.len() {
        if equal(names[index].as_bytes(), name) {
            return true;
        }
        index += 1;
    }
    false
}

const fn equal(one: &[u8], two: &[u8]) -> bool {
    if one.len() != two.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != two[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{check_names, is_reserved};

    #[test]
    fn ordinary_names_pass() {
        check_names(&["STATS_TABLE", "a1", "AWS_ENDPOINT_URL"]);
    }

    #[test]
    fn names_of_lambda_are_known() {
        assert!(is_reserved("AWS_REGION") && is_reserved("AWS_LAMBDA_OWN"));
        assert!(!is_reserved("AWS_ENDPOINT_URL") && !is_reserved("STATS_TABLE"));
    }

    #[test]
    #[should_panic(expected = "the same environment variable")]
    fn a_name_twice_is_refused() {
        check_names(&["ONE", "TWO", "ONE"]);
    }

    #[test]
    #[should_panic(expected = "refuses it from others")]
    fn a_name_of_lambda_is_refused() {
        check_names(&["AWS_REGION"]);
    }

    #[test]
    #[should_panic(expected = "AWS_LAMBDA_")]
    fn a_name_in_the_space_of_lambda_is_refused() {
        check_names(&["AWS_LAMBDA_OWN"]);
    }

    #[test]
    #[should_panic(expected = "a letter, then letters")]
    fn a_name_with_a_hyphen_is_refused() {
        check_names(&["STATS-TABLE"]);
    }

    #[test]
    #[should_panic(expected = "a letter, then letters")]
    fn an_empty_name_is_refused() {
        check_names(&[""]);
    }
}
