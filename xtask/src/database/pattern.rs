//! Rewriting patterns of the registry for a small engine.
//!
//! The registry's patterns are those of ECMA or Java; the validator has `regex-lite`, which knows neither Unicode classes nor
//! look-around. What cannot be said exactly is said wider, never narrower: a pattern may let something pass, but must
//! not refuse what the service takes.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Repetitions beyond this are written without their bound: each costs memory and time when the pattern is compiled.
const LARGEST_BOUND: u32 = 100;

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

/// An atom of the rewritten pattern with its repetition.
struct Piece {
    atom: String,
    repeat: Option<(u32, Option<u32>)>,
    lazy: bool,
}

fn write(alternatives: &[Vec<Piece>], wider: &mut bool) -> String {
    let mut text = String::new();
    for (index, sequence) in alternatives.iter().enumerate() {
        if index > 0 {
            text.push('|');
        }
        for piece in sequence {
            text.push_str(&piece.atom);
            let Some((least, most)) = piece.repeat else { continue };
            let bounded = least <= LARGEST_BOUND && most.is_none_or(|most| most <= LARGEST_BOUND);
            let (least, most) = if bounded {
                (least, most)
            } else {
                *wider = true;
                (if least > LARGEST_BOUND { 1 } else { least }, None)
            };
            text.push_str(&match (least, most) {
                (0, Some(1)) => "?".to_owned(),
                (0, None) => "*".to_owned(),
                (1, None) => "+".to_owned(),
                (least, None) => format!("{{{least},}}"),
                (least, Some(most)) if least == most => format!("{{{least}}}"),
                (least, Some(most)) => format!("{{{least},{most}}}"),
            });
            if piece.lazy {
                text.push('?');
            }
        }
    }
    text
}

struct Parser<'a> {
    input: Peekable<Chars<'a>>,
    wider: bool,
}

impl Parser<'_> {
    fn alternation(&mut self) -> Result<Vec<Vec<Piece>>, &'static str> {
        let mut alternatives = vec![Vec::new()];
        while let Some(character) = self.input.peek().copied() {
            if character == ')' {
                break;
            }
            self.input.next();
            if character == '|' {
                alternatives.push(Vec::new());
                continue;
            }
            let atom = match character {
                '(' => self.group()?,
                '[' => self.class()?,
                '\\' => self.escape()?,
                '{' | '}' | ']' => format!("\\{character}"),
                '*' | '+' | '?' => return Err("nothing to repeat"),
                '^' | '$' | '.' => character.to_string(),
                _ => literal(character),
            };
            let repeat = self.repeat()?;
            let lazy = repeat.is_some() && self.input.next_if_eq(&'?').is_some();
            if repeat.is_some() {
                // Possessive repetition: the texts that match are nearly the same, and never more.
                self.wider |= self.input.next_if_eq(&'+').is_some();
            }
            if !atom.is_empty() {
                let sequence = alternatives.last_mut().expect("there is always one");
                sequence.push(Piece { atom, repeat, lazy });
            }
        }
        Ok(alternatives)
    }

    fn repeat(&mut self) -> Result<Option<(u32, Option<u32>)>, &'static str> {
        let repeat = match self.input.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let text: String = self.input.clone().skip(1).take_while(|character| *character != '}').collect();
                let (least, most) = match text.split_once(',') {
                    Some((least, "")) => (least, None),
                    Some((least, most)) => (least, Some(most)),
                    None => (&text[..], Some(&text[..])),
                };
                let least = if least.is_empty() && most.is_some() { "0" } else { least };
                let (Ok(least), Ok(most)) = (least.trim().parse(), most.map(|most| most.trim().parse()).transpose())
                else {
                    return Ok(None);
                };
                if most.is_some_and(|most: u32| most < least) {
                    return Err("bounds in the wrong order");
                }
                for _ in 0..text.chars().count() + 2 {
                    self.input.next();
                }
                return Ok(Some((least, most)));
            }
            _ => return Ok(None),
        };
        self.input.next();
        Ok(Some(repeat))
    }

    fn group(&mut self) -> Result<String, &'static str> {
        let mut around = false;
        let mut prefix = "(?:".to_owned();
        if self.input.next_if_eq(&'?').is_some() {
            match self.input.next() {
                Some(':') => {}
                Some('=' | '!') => around = true,
                Some('P') => {
                    self.input.next();
                    self.skip_name()?;
                }
                Some('<') => match self.input.peek() {
                    Some('=' | '!') => {
                        self.input.next();
                        around = true;
                    }
                    _ => self.skip_name()?,
                },
                Some('>') => self.wider = true,
                Some(flag @ ('i' | 's' | 'm')) => match self.input.next() {
                    Some(')') => return Ok(format!("(?{flag})")),
                    Some(':') => prefix = format!("(?{flag}:"),
                    _ => return Err("flags"),
                },
                _ => return Err("an unknown kind of group"),
            }
        }
        let parts = self.alternation()?;
        if self.input.next() != Some(')') {
            return Err("unbalanced parenthesis");
        }
        if around {
            self.wider = true;
            self.repeat()?;
            return Ok(String::new());
        }
        Ok(format!("{prefix}{})", write(&parts, &mut self.wider)))
    }

    fn skip_name(&mut self) -> Result<(), &'static str> {
        while let Some(character) = self.input.next() {
            if character == '>' {
                return Ok(());
            }
        }
        Err("unbalanced parenthesis")
    }

    /// An escape outside a class; the backslash is read.
    fn escape(&mut self) -> Result<String, &'static str> {
        match self.input.peek() {
            Some('b' | 'B') => Ok(format!("\\{}", self.input.next().expect("peeked"))),
            Some('A') => {
                self.input.next();
                Ok("^".to_owned())
            }
            Some('Z' | 'z') => {
                self.input.next();
                Ok("$".to_owned())
            }
            Some('1'..='9') => Err("a back reference"),
            _ => match self.class_escape(false)? {
                Item::Character(character) => Ok(literal(character)),
                Item::Set(set) => Ok(if set.len() == 2 { set } else { format!("[{set}]") }),
                Item::Nothing => Err("a lone surrogate"),
            },
        }
    }

    /// A class; the bracket is read.
    fn class(&mut self) -> Result<String, &'static str> {
        let negated = self.input.next_if_eq(&'^').is_some();
        let mut body = String::new();
        let mut first = true;
        loop {
            let character = self.input.next().ok_or("unbalanced bracket")?;
            let item = match character {
                ']' if !first || negated => break,
                ']' => return Err("an empty class"),
                '\\' => self.class_escape(negated)?,
                '[' if self.input.peek() == Some(&':') => {
                    let name: String = self.input.clone().take_while(|character| *character != ']').collect();
                    if !name.ends_with(':') {
                        return Err("a class inside a class");
                    }
                    self.input.nth(name.chars().count());
                    Item::Set(format!("[{name}]"))
                }
                '&' if self.input.peek() == Some(&'&') => return Err("an intersection of classes"),
                _ => Item::Character(character),
            };
            first = false;
            let range = self.input.peek() == Some(&'-') && self.input.clone().nth(1) != Some(']');
            match item {
                Item::Character(start) if range => {
                    let mut ahead = self.input.clone();
                    ahead.next();
                    std::mem::swap(&mut self.input, &mut ahead);
                    let end = match self.input.next() {
                        Some('\\') => self.class_escape(negated)?,
                        Some(character) => Item::Character(character),
                        None => return Err("unbalanced bracket"),
                    };
                    match end {
                        Item::Character(end) if start <= end => {
                            let _ = write!(body, "{}-{}", class_literal(start), class_literal(end));
                        }
                        Item::Character(_) => return Err("a range in the wrong order"),
                        // `a-\uD7FF…`: the range ends among surrogates, which no text has.
                        Item::Nothing => {
                            let _ = write!(body, "{}-\\u{{D7FF}}", class_literal(start));
                        }
                        Item::Set(set) => {
                            body.push_str(&class_literal(start));
                            body.push_str("\\-");
                            body.push_str(&set);
                        }
                    }
                }
                Item::Character(character) => body.push_str(&class_literal(character)),
                Item::Set(set) => body.push_str(&set),
                Item::Nothing => {
                    // Halves of characters beyond U+FFFF, alone or as a range: such characters are meant.
                    if range {
                        self.input.next();
                        if self.input.next_if_eq(&'\\').is_some() {
                            self.class_escape(negated)?;
                        }
                    }
                    if !negated {
                        self.wider = true;
                        body.push_str("\\u{10000}-\\u{10FFFF}");
                    }
                }
            }
        }
        if body.is_empty() {
            return if negated { Ok("(?s:.)".to_owned()) } else { Err("an empty class") };
        }
        Ok(format!("[{}{body}]", if negated { "^" } else { "" }))
    }

    /// An escape that may stand in a class; the backslash is read.
    fn class_escape(&mut self, negated: bool) -> Result<Item, &'static str> {
        let character = self.input.next().ok_or("an escape of nothing")?;
        Ok(match character {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => Item::Set(format!("\\{character}")),
            'h' => Item::Set(" \\t".to_owned()),
            'n' => Item::Character('\n'),
            'r' => Item::Character('\r'),
            't' => Item::Character('\t'),
            'f' => Item::Character('\u{c}'),
            'v' => Item::Character('\u{b}'),
            '0' => Item::Character('\0'),
            'x' => Item::Character(char::from_u32(self.hexadecimal(2)?).ok_or("a surrogate")?),
            'u' => self.unicode()?,
            'p' | 'P' => {
                if self.input.next() != Some('{') {
                    return Err("an unknown property of characters");
                }
                let mut name = String::new();
                loop {
                    match self.input.next().ok_or("unbalanced brace")? {
                        '}' => break,
                        letter => name.push(letter),
                    }
                }
                Item::Set(self.property(&name, character == 'P', negated)?)
            }
            'a'..='z' | 'A'..='Z' | '1'..='9' => return Err("an unknown escape"),
            _ => Item::Character(character),
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Result<u32, &'static str> {
        let text: String = (0..digits).map_while(|_| self.input.next()).collect();
        u32::from_str_radix(&text, 16).map_err(|_| "a broken escape")
    }

    fn unicode(&mut self) -> Result<Item, &'static str> {
        if self.input.next_if_eq(&'{').is_some() {
            let text: String = self.input.by_ref().take_while(|character| *character != '}').collect();
            let code = u32::from_str_radix(&text, 16).map_err(|_| "a broken escape")?;
            return char::from_u32(code).map(Item::Character).ok_or("a surrogate");
        }
        let code = self.hexadecimal(4)?;
        if let Some(character) = char::from_u32(code) {
            return Ok(Item::Character(character));
        }
        // A surrogate: the first half of a pair makes one character with the second.
        let mut ahead = self.input.clone();
        if code < 0xDC00 && ahead.next() == Some('\\') && ahead.next() == Some('u') {
            let text: String = ahead.by_ref().take(4).collect();
            if let Ok(low @ 0xDC00..=0xDFFF) = u32::from_str_radix(&text, 16) {
                self.input = ahead;
                let combined = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                return char::from_u32(combined).map(Item::Character).ok_or("a surrogate");
            }
        }
        Ok(Item::Nothing)
    }

    /// The characters of a Unicode property: at least those, or, inside a negated class, at most those.
    fn property(&mut self, name: &str, complement: bool, negated: bool) -> Result<String, &'static str> {
        const BEYOND: &str = "\\u{80}-\\u{10FFFF}";
        if complement {
            return Err("the complement of a property");
        }
        let name = name.trim_start_matches("Is").trim_start_matches("general_category=");
        let ascii = match name {
            "ASCII" => return Ok("\\x00-\\x7f".to_owned()),
            "Alnum" => return Ok("a-zA-Z0-9".to_owned()),
            "Alpha" => return Ok("a-zA-Z".to_owned()),
            "Digit" => return Ok("0-9".to_owned()),
            "Upper" => return Ok("A-Z".to_owned()),
            "Lower" => return Ok("a-z".to_owned()),
            "Punct" => return Ok("!-/:-@\\[-`{-~".to_owned()),
            "Graph" => return Ok("!-~".to_owned()),
            "Print" => return Ok(" -~".to_owned()),
            "Blank" => return Ok(" \\t".to_owned()),
            "Space" => return Ok("\\s".to_owned()),
            "Cntrl" => return Ok("\\x00-\\x1f\\x7f".to_owned()),
            "L" | "Letter" | "Alphabetic" | "LC" => "a-zA-Z",
            "Lu" | "Lt" => "A-Z",
            "Ll" => "a-z",
            "Lo" | "Lm" | "M" | "Mn" | "Mc" | "Latin" => "",
            "N" | "Nd" => "0-9",
            "Z" | "Zs" => " ",
            "P" | "Punctuation" => "!-#%-*,-/:;?@\\[-\\]_{}",
            "Pd" => "\\-",
            "S" | "Symbol" => "$+<=>\\^`|~",
            "Sc" => "$",
            "Sm" => "+<=>|~",
            "C" | "Cc" | "Other" => "\\x00-\\x1f\\x7f",
            "Zl" | "Zp" | "Cf" | "Cs" | "Co" | "Cn" | "Nl" | "No" | "So" | "Sk" => "",
            _ => return Err("an unknown property of characters"),
        };
        self.wider = true;
        if negated {
            // An empty set inside a class is written as a character that stands there for itself.
            return Ok(if ascii.is_empty() { "\\u{10FFFF}".to_owned() } else { ascii.to_owned() });
        }
        Ok(format!("{ascii}{BEYOND}"))
    }
}

/// What an escape stands for.
enum Item {
    Character(char),
    /// The inside of a class.
    Set(String),
    /// Half of a character, which no text holds.
    Nothing,
}

fn literal(character: char) -> String {
    match character {
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => format!("\\{character}"),
        _ => class_literal(character),
    }
}

fn class_literal(character: char) -> String {
    match character {
        '\\' | '[' | ']' | '^' | '-' | '&' | '~' => format!("\\{character}"),
        character if character.is_ascii_graphic() || character == ' ' => character.to_string(),
        character if character.is_alphanumeric() => character.to_string(),
        character => format!("\\u{{{:X}}}", u32::from(character)),
    }
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
