//! Rewriting patterns of the registry for a small engine.
//!
//! The registry's patterns are those of ECMA or Java; the validator has `regex-lite`, which knows neither Unicode classes nor
//! look-around. What cannot be said exactly is said wider, never narrower: a pattern may let something pass, but must
//! not refuse what the service takes.

mod class;
mod parser;

use std::borrow::Cow;

use parser::{Parser, Piece, write};

/// What a pattern became.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Rewritten {
    /// Each must match.
    pub(crate) matches: Vec<String>,
    /// None may match.
    pub(crate) excludes: Vec<String>,
    /// The lengths, where the pattern was one repeated class.
    pub(crate) lengths: Option<(u32, Option<u32>)>,
    /// Whether the rewritten pattern accepts more than the original.
    pub(crate) wider: bool,
}

/// Rewrites `pattern`, or says why it cannot be used.
pub(crate) fn rewrite(pattern: &str) -> Result<Rewritten, &'static str> {
    let mut rewritten = Rewritten::default();
    let rest = leading_lookaheads(pattern, &mut rewritten)?;
    let mut parser = Parser { input: rest.chars().peekable(), wider: false };
    let mut parts = parser.alternation()?;
    if parser.input.peek().is_some() {
        return Err("unbalanced parenthesis");
    }
    rewritten.wider |= parser.wider;
    if let [sequence] = &mut parts[..]
        && let [Piece { atom: start, .. }, Piece { atom, repeat: Some(repeat), .. }, Piece { atom: end, .. }] =
            &mut sequence[..]
        && start == "^"
        && end == "$"
        && !atom.starts_with('(')
    {
        rewritten.lengths = Some(*repeat);
        *repeat = (0, None);
    }
    let text = write(&parts, &mut rewritten.wider);
    for candidate in rewritten.excludes.iter().chain([&text]).chain(&rewritten.matches) {
        if regex_lite::Regex::new(candidate).is_err() {
            return Err("not a regular expression");
        }
    }
    rewritten.matches.push(text);
    rewritten.matches.retain(|text| !accepts_everything(text));
    Ok(rewritten)
}

/// Whether the pattern refuses none of a list of unlike texts, as `.*` or `[\s\S]+` without bounds.
fn accepts_everything(pattern: &str) -> bool {
    let regex = regex_lite::Regex::new(pattern).expect("compiled before");
    let long = "x".repeat(300);
    ["", "\n", "\0", "a", "é", "🎉", "arn:aws:s3:::b", "{\"a\": [1]}", " \t", "-", &long]
        .iter()
        .all(|text| regex.is_match(text))
}

/// Takes look-aheads from the start of the pattern, each a condition of its own on the text.
fn leading_lookaheads<'a>(pattern: &'a str, rewritten: &mut Rewritten) -> Result<Cow<'a, str>, &'static str> {
    let anchored = pattern.strip_prefix('^');
    let mut rest = anchored.unwrap_or(pattern);
    let mut taken = false;
    while let Some(body) = rest.strip_prefix("(?=").or_else(|| rest.strip_prefix("(?!")) {
        // An unanchored look-ahead may hold anywhere; only at the start is it a condition on the whole text.
        if anchored.is_none() {
            break;
        }
        let end = group_end(body).ok_or("unbalanced parenthesis")?;
        // `^(?!a)b|c`: the look-ahead belongs to the first alternative only.
        if has_top_level_alternative(&body[end + 1..]) {
            break;
        }
        let mut parser = Parser { input: body[..end].chars().peekable(), wider: false };
        let parts = parser.alternation()?;
        let mut wider = parser.wider;
        let text = format!("^(?:{})", write(&parts, &mut wider));
        if rest.starts_with("(?=") {
            rewritten.matches.push(text);
            rewritten.wider |= wider;
        } else if wider {
            // A wider exclusion would refuse too much.
            rewritten.wider = true;
        } else {
            rewritten.excludes.push(text);
        }
        rest = &body[end + 1..];
        taken = true;
    }
    // The caret was taken off with the look-aheads; what remains must still start there.
    Ok(if taken { Cow::Owned(format!("^{rest}")) } else { Cow::Borrowed(pattern) })
}

fn group_end(text: &str) -> Option<usize> {
    let (mut depth, mut class, mut escaped) = (0, false, false);
    for (index, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if !class => class = true,
            ']' if class => class = false,
            '(' if !class => depth += 1,
            ')' if !class && depth == 0 => return Some(index),
            ')' if !class => depth -= 1,
            _ => {}
        }
    }
    None
}

fn has_top_level_alternative(text: &str) -> bool {
    let (mut depth, mut class, mut escaped) = (0, false, false);
    text.chars().any(|character| {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if !class => class = true,
            ']' if class => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            '|' => return !class && depth == 0,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn accepts(pattern: &str, text: &str) -> bool {
        let rewritten = rewrite(pattern).unwrap();
        let matches = |pattern: &String| regex_lite::Regex::new(pattern).unwrap().is_match(text);
        let length = u32::try_from(text.chars().count()).unwrap();
        rewritten.matches.iter().all(matches)
            && !rewritten.excludes.iter().any(matches)
            && rewritten.lengths.is_none_or(|(least, most)| length >= least && most.is_none_or(|most| length <= most))
    }

    #[test]
    fn patterns_keep_their_meaning() {
        for (pattern, good, bad) in [
            (r"^[a-zA-Z0-9-_]+$", "a-_9", "a b"),
            (r"^[\w+=,.@-]{1,64}$", "a@b", ""),
            (
                r"^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$",
                "arn:aws:iam::123456789012:role/x",
                "arn:aws:iam::1:role/x",
            ),
            (r"^(?!aws:)[^\x00-\x1f]*$", "name", "aws:name"),
            (r"^(?=.*[0-9])[a-z0-9]+$", "a1", "ab"),
            (r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$", "Zoë 1", "a<b"),
            (r"^[^\p{Cc}]+$", "é", "\u{1}"),
            (r"[\u0009\u000A\u000D\u0020-\u00FF]+", "a", "\u{1}"),
            (r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$", "a🎉", "\u{1}"),
            (r"^\$\{[a-z]+\}$", "${a}", "$a"),
            (r"^(?<name>ab){2}$", "abab", "ab"),
            (r"^[a-z][a-z0-9]{0,62}$", "a1", "1a"),
            (r"^[[:alpha:]]{3}$", "abc", "ab1"),
        ] {
            assert!(accepts(pattern, good), "{pattern} {good}");
            assert!(!accepts(pattern, bad), "{pattern} {bad}");
        }
    }

    #[test]
    fn bounds_of_one_class_become_lengths() {
        let rewritten = rewrite(r"^[a-z]{1,2048}$").unwrap();
        assert_eq!((rewritten.lengths, rewritten.wider), (Some((1, Some(2048))), false));
        assert_eq!(rewritten.matches, [r"^[a-z]*$"]);
    }

    #[test]
    fn what_accepts_everything_is_left_out() {
        for pattern in [".*", r"[\s\S]*", "^(?s).*$", ""] {
            assert_eq!(rewrite(pattern).unwrap().matches, [""; 0], "{pattern}");
        }
        assert_eq!(rewrite("^.*$").unwrap().matches.len(), 1);
    }

    #[test]
    fn what_cannot_be_said_is_refused_or_wider() {
        assert!(rewrite(r"^(a)\1$").is_err());
        assert!(rewrite(r"a{2,1}").is_err());
        assert!(rewrite(r"(a").is_err());
        assert!(rewrite(r"^a(?!b)c*$").unwrap().wider);
        assert!(accepts(r"^a(?!b)c*$", "acc"));
    }
}
