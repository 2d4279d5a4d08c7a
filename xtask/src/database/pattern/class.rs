//! Classes of characters: `[a-z]`, `\d`, `\p{L}`.

use std::fmt::Write as _;

use super::parser::Parser;

impl Parser<'_> {
    /// A class; the bracket is read.
    pub(super) fn class(&mut self) -> Result<String, &'static str> {
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
    pub(super) fn class_escape(&mut self, negated: bool) -> Result<Item, &'static str> {
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

    pub(super) fn hexadecimal(&mut self, digits: usize) -> Result<u32, &'static str> {
        let text: String = (0..digits).map_while(|_| self.input.next()).collect();
        u32::from_str_radix(&text, 16).map_err(|_| "a broken escape")
    }

    pub(super) fn unicode(&mut self) -> Result<Item, &'static str> {
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
    pub(super) fn property(&mut self, name: &str, complement: bool, negated: bool) -> Result<String, &'static str> {
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
            "N" | "Nd" => "0-9",
            "Z" | "Zs" => " ",
            "P" | "Punctuation" => "!-#%-*,-/:;?@\\[-\\]_{}",
            "Pd" => "\\-",
            "S" | "Symbol" => "$+<=>\\^`|~",
            "Sc" => "$",
            "Sm" => "+<=>|~",
            "C" | "Cc" | "Other" => "\\x00-\\x1f\\x7f",
            "Lo" | "Lm" | "M" | "Mn" | "Mc" | "Latin" | "Zl" | "Zp" | "Cf" | "Cs" | "Co" | "Cn" | "Nl" | "No"
            | "So" | "Sk" => "",
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
pub(super) enum Item {
    Character(char),
    /// The inside of a class.
    Set(String),
    /// Half of a character, which no text holds.
    Nothing,
}

pub(super) fn literal(character: char) -> String {
    match character {
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => format!("\\{character}"),
        _ => class_literal(character),
    }
}

pub(super) fn class_literal(character: char) -> String {
    match character {
        '\\' | '[' | ']' | '^' | '-' | '&' | '~' => format!("\\{character}"),
        character if character.is_ascii_graphic() || character == ' ' => character.to_string(),
        character if character.is_alphanumeric() => character.to_string(),
        character => format!("\\u{{{:X}}}", u32::from(character)),
    }
}
