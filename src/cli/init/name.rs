//! Names that an app may have.

/// The longest name. Names of roles and functions begin with it, and have at most 64 characters.
const MAXIMUM: usize = 40;

/// Names that Cargo refuses, or that are taken in the new app.
const TAKEN: [&str; 14] = [
    "alloc",
    "build",
    "core",
    "deps",
    "examples",
    "handlers",
    "incremental",
    "proc-macro",
    "stackgen",
    "stackgen-contract",
    "std",
    "target",
    "test",
    "tests",
];

/// Keywords, which Cargo takes for no package.
const KEYWORDS: [&str; 50] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// Checks a name, which is that of a package and of a stack. The error says what is wrong.
pub(super) fn check(name: &str) -> Result<(), String> {
    let is_letter = |character: char| character.is_ascii_lowercase();
    let is_sound = name.starts_with(is_letter)
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|character| is_letter(character) || character.is_ascii_digit() || character == '-');
    if !is_sound {
        Err(format!(
            "`{name}` cannot be the name of an app, which has lower-case letters, digits and single hyphens, and begins with a letter"
        ))
    } else if name.len() > MAXIMUM {
        Err(format!("`{name}` cannot be the name of an app, which has at most {MAXIMUM} characters"))
    } else if TAKEN.contains(&name) || KEYWORDS.contains(&name) {
        Err(format!("`{name}` cannot be the name of an app, since it means something else to Cargo or Rust"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_packages_and_stacks() {
        for name in ["photos", "a", "bus-observatory", "etl2", &"a".repeat(MAXIMUM)] {
            assert_eq!(check(name), Ok(()));
        }
        let long = "a".repeat(MAXIMUM + 1);
        for name in ["", "Photos", "2etl", "-a", "a-", "a--b", "a_b", "a b", "ä", "fn", "test", "stackgen", &long] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
