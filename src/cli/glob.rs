//! Patterns of stack names.

/// Whether `name` is of the form of `pattern`: `*` stands for any text, `?` for any character.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut position) = (0, 0);
    // Where the last `*` stands, and how much of the name it has taken: a mismatch makes it take one more.
    let mut star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, position));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[position] => {
                at += 1;
                position += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    position = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_text() {
        for (pattern, name, expected) in [
            ("etl-backend", "etl-backend", true),
            ("etl-*", "etl-backend", true),
            ("*end", "etl-backend", true),
            ("e*b*d", "etl-backend", true),
            ("*", "", true),
            ("etl-?ackend", "etl-backend", true),
            ("etl", "etl-backend", false),
            ("*x*", "etl-backend", false),
            ("?", "", false),
            ("a*b", "aab-", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
