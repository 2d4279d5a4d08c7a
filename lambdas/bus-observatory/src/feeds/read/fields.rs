//! The fields of an object, and the problems that are met while reading them.

use std::ops::RangeInclusive;

use stackgen_template::{Map, Path, Place, Places, ReadError, ReadErrorKind, Segment, Value};

use super::super::Problem;

/// Everything wrong with a file, as far as it was read.
pub(super) struct Problems<'a> {
    file: &'a str,
    places: &'a Places,
    found: Vec<(Place, Problem)>,
}

impl<'a> Problems<'a> {
    pub(super) fn new(file: &'a str, places: &'a Places) -> Self {
        Self { file, places, found: Vec::new() }
    }

    /// The one problem of a text that is no JSON.
    pub(super) fn syntax(file: &str, error: &ReadError) -> Problem {
        let place = error.place();
        let message = match error.kind() {
            ReadErrorKind::Syntax(message) => format!("not JSON: {message}"),
            kind => kind.to_string(),
        };
        Problem { file: file.to_owned(), line: place.line, column: Some(place.column), path: String::new(), message }
    }

    /// Notes that the value at `path` is wrong; one that is absent is placed where it would stand.
    pub(super) fn add(&mut self, path: &Path, message: impl Into<String>) {
        let place = self.places.nearest(path).unwrap_or(Place::START);
        self.found.push((
            place,
            Problem {
                file: self.file.to_owned(),
                line: place.line,
                column: None,
                path: written(path),
                message: message.into(),
            },
        ));
    }

    /// What was read when nothing is wrong, else the problems in the order of the text.
    pub(super) fn finish<T>(mut self, read: Option<T>) -> Result<T, Vec<Problem>> {
        self.found.sort_by_key(|(place, _)| *place);
        match read {
            Some(read) if self.found.is_empty() => Ok(read),
            _ => Err(self.found.into_iter().map(|(_, problem)| problem).collect()),
        }
    }
}

/// The path as it is written in programs: `feeds[3].auth.header`.
fn written(path: &Path) -> String {
    let mut text = String::new();
    for segment in path.segments() {
        match segment {
            Segment::Index(index) => {
                text.push('[');
                text.push_str(&index.to_string());
                text.push(']');
            }
            Segment::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
        }
    }
    text
}

/// An object whose fields are read by name. What is wrong with one is noted, and reading goes on.
pub(super) struct Fields<'a> {
    map: &'a Map,
    path: Path,
}

impl<'a> Fields<'a> {
    /// The object `value`, whose fields must be among `known`.
    pub(super) fn of(value: &'a Value, path: Path, known: &[&str], problems: &mut Problems) -> Option<Self> {
        let Value::Map(map) = value else {
            problems.add(&path, format!("must be an object, not {}", kind(value)));
            return None;
        };
        for name in map.keys().filter(|name| !known.contains(name)) {
            let message = match nearest(name, known) {
                Some(near) => format!("unknown field; did you mean `{near}`?"),
                None => format!("unknown field; known are {}", listed(known)),
            };
            problems.add(&path.clone().key(name.to_owned()), message);
        }
        Some(Self { map, path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn path_of(&self, name: &'static str) -> Path {
        self.path.clone().key(name)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    pub(super) fn required(&self, name: &'static str, problems: &mut Problems) -> Option<&'a Value> {
        if !self.has(name) {
            problems.add(&self.path_of(name), "is missing");
        }
        self.map.get(name)
    }

    /// Reads a field that may be absent. The outer option is none when the field is there and wrong.
    #[expect(clippy::option_option, reason = "the outer one says whether it is right, the inner whether it is there")]
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        problems: &mut Problems,
        read: impl FnOnce(&Self, &mut Problems) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.has(name) { read(self, problems).map(Some) } else { Some(None) }
    }

    /// A text that is not blank and that `rule` accepts.
    pub(super) fn checked_text<T>(
        &self,
        name: &'static str,
        problems: &mut Problems,
        rule: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.required(name, problems)?;
        let Some(text) = value.as_str() else {
            problems.add(&self.path_of(name), format!("must be text, not {}", kind(value)));
            return None;
        };
        let checked = if text.trim().is_empty() { Err("must not be empty".to_owned()) } else { rule(text) };
        checked.map_err(|message| problems.add(&self.path_of(name), message)).ok()
    }

    /// A text that is not blank.
    pub(super) fn text(&self, name: &'static str, problems: &mut Problems) -> Option<String> {
        self.checked_text(name, problems, |text| Ok(text.to_owned()))
    }

    pub(super) fn boolean(&self, name: &'static str, problems: &mut Problems) -> Option<bool> {
        let value = self.required(name, problems)?;
        if value.as_bool().is_none() {
            problems.add(&self.path_of(name), format!("must be true or false, not {}", kind(value)));
        }
        value.as_bool()
    }

    pub(super) fn integer(
        &self,
        name: &'static str,
        range: RangeInclusive<i64>,
        problems: &mut Problems,
    ) -> Option<i64> {
        let value = self.required(name, problems)?;
        let Value::Number(number) = value else {
            problems.add(&self.path_of(name), format!("must be a number, not {}", kind(value)));
            return None;
        };
        let integer = number.as_i64().filter(|integer| range.contains(integer));
        if integer.is_none() {
            problems.add(&self.path_of(name), format!("must be an integer from {} to {}", range.start(), range.end()));
        }
        integer
    }

    pub(super) fn list(&self, name: &'static str, problems: &mut Problems) -> Option<(&'a [Value], Path)> {
        let value = self.required(name, problems)?;
        let Some(items) = value.as_list() else {
            problems.add(&self.path_of(name), format!("must be a list, not {}", kind(value)));
            return None;
        };
        Some((items, self.path_of(name)))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) | Value::Reference(_) => "an object",
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The name that differs from `name` by two letters at most, if there is one.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .map(|known| (distance(name, known), *known))
        .filter(|(distance, _)| *distance <= 2)
        .min()
        .map(|(_, known)| known)
}

/// The number of letters to insert, remove or replace to turn one text into the other.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in two.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        assert_eq!(nearest("system_di", &["stack", "system_id"]), Some("system_id"));
        assert_eq!(nearest("colour", &["stack", "system_id"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
    }
}
