//! Patterns of stack names.

use stackgen_template::wildcard;

/// Whether `name` is of the form of `pattern`: `*` stands for any text, `?` for any character.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    wildcard::covers(&letters(pattern), &letters(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_text() {
        assert!(matches("etl-*", "etl-backend") && matches("étl-?ackend", "étl-backend"));
        assert!(!matches("etl", "etl-backend"));
    }
}
