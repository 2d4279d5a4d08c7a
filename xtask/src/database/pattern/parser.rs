//! The parts of a pattern, read and written again.

use std::iter::Peekable;
use std::str::Chars;

use super::class::{Item, literal};

/// Repetitions beyond this are written without their bound: each costs memory and time when the pattern is compiled.
const LARGEST_BOUND: u32 = 100;

/// An atom of the rewritten pattern with its repetition.
pub(super) struct Piece {
    pub(super) atom: String,
    pub(super) repeat: Option<(u32, Option<u32>)>,
    pub(super) lazy: bool,
}

pub(super) fn write(alternatives: &[Vec<Piece>], wider: &mut bool) -> String {
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
            let repetition = match (least, most) {
                (0, Some(1)) => "?".to_owned(),
                (0, None) => "*".to_owned(),
                (1, None) => "+".to_owned(),
                (least, None) => format!("{{{least},}}"),
                (least, Some(most)) if least == most => format!("{{{least}}}"),
                (least, Some(most)) => format!("{{{least},{most}}}"),
            };
            text.push_str(&repetition);
            if piece.lazy {
                text.push('?');
            }
        }
    }
    text
}

pub(super) struct Parser<'a> {
    pub(super) input: Peekable<Chars<'a>>,
    pub(super) wider: bool,
}

impl Parser<'_> {
    pub(super) fn alternation(&mut self) -> Result<Vec<Vec<Piece>>, &'static str> {
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

    pub(super) fn repeat(&mut self) -> Result<Option<(u32, Option<u32>)>, &'static str> {
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

    pub(super) fn group(&mut self) -> Result<String, &'static str> {
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

    pub(super) fn skip_name(&mut self) -> Result<(), &'static str> {
        for character in self.input.by_ref() {
            if character == '>' {
                return Ok(());
            }
        }
        Err("unbalanced parenthesis")
    }

    /// An escape outside a class; the backslash is read.
    pub(super) fn escape(&mut self) -> Result<String, &'static str> {
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
}
