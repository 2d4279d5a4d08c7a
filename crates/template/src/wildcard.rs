//! Patterns with `*` and `?`.

/// A letter of a pattern: a byte where all is ASCII, else a character.
pub trait Letter: Copy + PartialEq {
    /// Stands for any letters, or none.
    const ANY: Self;
    /// Stands for any one letter.
    const ONE: Self;
}

impl Letter for u8 {
    const ANY: Self = b'*';
    const ONE: Self = b'?';
}

impl Letter for char {
    const ANY: Self = '*';
    const ONE: Self = '?';
}

/// Whether `pattern` stands for all that `text` stands for, which may be a pattern itself.
pub fn covers<L: Letter>(pattern: &[L], text: &[L]) -> bool {
    let (mut at, mut position) = (0, 0);
    // Where the last `*` stands, and how much of the text it has taken: a mismatch makes it take one more.
    let mut retry: Option<(usize, usize)> = None;
    while position < text.len() {
        match pattern.get(at) {
            Some(letter) if *letter == L::ANY => {
                retry = Some((at, position));
                at += 1;
            }
            Some(letter) if *letter == text[position] || (*letter == L::ONE && text[position] != L::ANY) => {
                at += 1;
                position += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    (at, position) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == L::ANY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_letters() {
        for (pattern, text, expected) in [
            ("get*", "getobject", true),
            ("*", "", true),
            ("", "", true),
            ("g?t", "get", true),
            ("?", "", false),
            ("*object*", "getobjectacl", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("a*b", "aab-", false),
            ("get", "getobject", false),
            ("**t", "put", true),
            ("get*", "get*acl", true),
            ("get?", "get*", false),
            ("get*", "get?", true),
            ("get?", "get?", true),
        ] {
            assert_eq!(covers(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
            let letters = |text: &str| text.chars().collect::<Vec<char>>();
            assert_eq!(covers(&letters(pattern), &letters(text)), expected, "{pattern} {text}");
        }
        assert!(covers(&['?', 'b'], &['ä', 'b']), "a letter of two bytes is one letter");
    }
}
