//! How text and numbers are written in YAML, so that every reader takes them for what they are.

use std::borrow::Cow;
use std::fmt::Write;

use crate::write::json;

/// Readers look this far for the colon that makes a text a key.
const KEY_LENGTH: usize = 1000;

/// Whether a key is too long to be written in front of its colon.
pub(super) const fn is_long_key(key: &str) -> bool {
    key.len() > KEY_LENGTH
}

/// A number of JSON as YAML 1.1 wants it: one with an exponent needs a point and the exponent's sign.
pub(super) fn number(text: &str) -> Cow<'_, str> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return Cow::Borrowed(text) };
    let fraction = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    Cow::Owned(format!("{mantissa}{fraction}e{sign}{exponent}"))
}

/// Adds text in the form that is easiest to read: as a block when it has several lines, in quotes where it needs them.
///
/// A block is indented by `indent` blanks, which must be two more than what it belongs to.
pub(super) fn push_string(output: &mut String, text: &str, indent: usize) {
    if indent > 0 && text.contains('\n') && is_fit_for_block(text) {
        push_block(output, text, indent);
    } else {
        push_line(output, text);
    }
}

/// Adds text within one line.
pub(super) fn push_line(output: &mut String, text: &str) {
    if is_plain(text) {
        output.push_str(text);
    } else if text.chars().all(is_printable) {
        output.push('\'');
        output.push_str(&text.replace('\'', "''"));
        output.push('\'');
    } else {
        push_quoted(output, text);
    }
}

/// Adds text in double quotes, with escapes for what some reader would not take as it is.
pub(super) fn push_quoted(output: &mut String, text: &str) {
    let mut start = 0;
    let mut quoted = String::with_capacity(text.len() + 2);
    json::push_string(&mut quoted, text);
    for (index, character) in quoted.char_indices() {
        if is_printable(character) {
            continue;
        }
        output.push_str(&quoted[start..index]);
        start = index + character.len_utf8();
        // All of them are in the range of the short escape.
        let _ = write!(output, "\\u{:04x}", u32::from(character));
    }
    output.push_str(&quoted[start..]);
}

/// Adds the lines of text as a literal block.
fn push_block(output: &mut String, text: &str, indent: usize) {
    output.push('|');
    // Blanks in front of the first line would be taken for indentation, so the indentation has to be said.
    if text.starts_with([' ', '\n']) {
        output.push('2');
    }
    let lines = match text.strip_suffix('\n') {
        None => {
            output.push('-');
            text
        }
        Some(lines) => {
            if lines.is_empty() || lines.ends_with('\n') {
                output.push('+');
            }
            lines
        }
    };
    for line in lines.split('\n') {
        output.push('\n');
        if !line.is_empty() {
            output.extend(std::iter::repeat_n(' ', indent));
            output.push_str(line);
        }
    }
}

/// Whether text of several lines can stand in a literal block: with nothing that needs an escape, and with something
/// else than blanks in its first line and its last, where readers differ.
fn is_fit_for_block(text: &str) -> bool {
    let has_text = |line: Option<&str>| line.is_some_and(|line| line.contains(|character| character != ' '));
    let lines = text.trim_end_matches('\n');
    has_text(lines.split('\n').next())
        && has_text(lines.rsplit('\n').next())
        && text.chars().all(|character| character == '\n' || is_printable(character))
}

/// Whether text needs no quotes: it is plainly a word, a name, a sentence.
///
/// Nothing that begins with a digit or a sign is, so that no number, date or time of any version of YAML slips through.
fn is_plain(text: &str) -> bool {
    let starts_like_a_word = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
    starts_like_a_word
        && !is_reserved(text)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b' ' | b'-'
                        | b'_'
                        | b'.'
                        | b'/'
                        | b':'
                        | b'@'
                        | b'+'
                        | b'='
                        | b','
                        | b'*'
                        | b'('
                        | b')'
                        | b'$'
                        | b';'
                        | b'<'
                        | b'>'
                        | b'!'
                        | b'?'
                        | b'%'
                        | b'~'
                )
        })
}

/// Whether a word is a truth value or null for some reader.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether every reader takes a character as it is, outside of escapes. Line breaks are none, and tabs are for escapes.
fn is_printable(character: char) -> bool {
    matches!(
        character,
        ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}'
            | '\u{10000}'..='\u{10ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        let mut output = String::new();
        push_line(&mut output, text);
        output
    }

    #[test]
    fn words_and_names_have_no_quotes() {
        for text in ["text", "AWS::S3::Bucket", "arn:aws:s3:::bucket/*", "/path", "a sentence (of words), with more"] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn what_could_be_something_else_has_quotes() {
        for text in [
            "",
            " ",
            "a ",
            " a",
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "N",
            "true",
            "Null",
            "~",
            "=",
            "<<",
            "-",
            "---",
            "- a",
            "5",
            "0644",
            "0o7",
            "0x1f",
            "1_000",
            "1e5",
            "+5",
            ".5",
            "2012-10-17",
            "12:30:45",
            "190:20:30",
            "a: b",
            "a:",
            "a #b",
            "#",
            "@a",
            "`a",
            "%a",
            "*",
            "*a",
            "&a",
            "!Ref a",
            "|",
            ">",
            "[a",
            "{a",
            "${A}",
            "?",
            "? a",
            ".inf",
            ".NaN",
            "é",
        ] {
            assert_eq!(line(text), format!("'{text}'"));
        }
        assert_eq!(line("it's"), "'it''s'");
    }

    #[test]
    fn what_cannot_stand_is_escaped() {
        assert_eq!(line("a\tb\n\"\\"), r#""a\tb\n\"\\""#);
        assert_eq!(line("\u{7f}\u{85}\u{2028}\u{feff}é😀"), "\"\\u007f\\u0085\\u2028\\ufeffé😀\"");
    }

    #[test]
    fn exponents_are_written_for_every_version() {
        assert_eq!(number("1e5"), "1.0e+5");
        assert_eq!(number("-1.5E-7"), "-1.5e-7");
        assert_eq!(number("1.10"), "1.10");
    }
}
