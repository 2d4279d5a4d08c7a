//! The reader of YAML.

mod anchor;
mod scalar;
mod tag;

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StrInput};

use self::anchor::{Anchors, TooLarge};
use self::tag::Tag;
use super::keys::Keys;
use super::{DEPTH_LIMIT, Document, ReadError, ReadErrorKind, number, without_mark};
use crate::place::{PlaceRecorder, Recorded};
use crate::{Map, Place, Text, Value};

/// Reads a document in YAML, with the short forms of functions.
///
/// `!Ref`, `!Sub` and all others become the long forms, and `!GetAtt` of one text becomes a list. Scalars without quotes
/// are read as CloudFormation reads them, with one exception: what could be meant as text stays text, such as
/// `012345678901` and `2012-10-17`. Aliases and merge keys are written out.
///
/// A key that a mapping has twice is an error, and so is a second document.
///
/// ```
/// use stackgen_template::{read_yaml, to_json_compact};
///
/// let document = read_yaml("Value: !Join ['-', [!Ref AWS::Region, !GetAtt Nested.Outputs.Name]]")?;
/// assert_eq!(
///     to_json_compact(&document.value),
///     r#"{"Value":{"Fn::Join":["-",[{"Ref":"AWS::Region"},{"Fn::GetAtt":["Nested","Outputs.Name"]}]]}}"#,
/// );
/// # Ok::<(), stackgen_template::ReadError>(())
/// ```
pub fn read_yaml(text: &str) -> Result<Document, ReadError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(without_mark(text)),
        places: PlaceRecorder::default(),
        anchors: Anchors::default(),
    };
    let value = reader.document()?;
    Ok(Document { value, places: reader.places.finish() })
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    places: PlaceRecorder,
    anchors: Anchors,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Place), ReadError> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, place(&span.start))),
            Some(Err(error)) => Err(syntax(&error)),
            None => Ok((Event::StreamEnd, Place::START)),
        }
    }

    fn document(&mut self) -> Result<Value, ReadError> {
        let mut value = None;
        loop {
            let (event, place) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) => {
                    if value.is_some() {
                        return Err(ReadError::new(ReadErrorKind::SeveralDocuments, place));
                    }
                }
                event => value = Some(self.node(event, place, 0)?),
            }
        }
        Ok(value.unwrap_or_else(|| {
            self.places.scalar(Place::START);
            Value::Null
        }))
    }

    fn node(&mut self, event: Event<'a>, place: Place, depth: usize) -> Result<Value, ReadError> {
        if depth > DEPTH_LIMIT {
            return Err(ReadError::new(ReadErrorKind::TooDeep, place));
        }
        let mark = self.places.mark();
        let (value, anchor) = match event {
            Event::Alias(anchor) => return self.alias(anchor, place),
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(text.into_owned(), style, Tag::of(tag.as_deref()), place)?, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                let value = match Tag::of(tag.as_deref()) {
                    Tag::Function(key) => self.call(key, place, |reader| reader.list(place, depth + 1))?,
                    tag => {
                        expect_core(tag, "seq", place)?;
                        self.list(place, depth)?
                    }
                };
                (value, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let value = match Tag::of(tag.as_deref()) {
                    Tag::Function(key) => self.call(key, place, |reader| reader.map(place, depth + 1))?,
                    tag => {
                        expect_core(tag, "map", place)?;
                        self.map(place, depth)?
                    }
                };
                (value, anchor)
            }
            _ => return Err(ReadError::syntax("expected a value", place)),
        };
        if anchor > 0 {
            let places = self.places.since(mark);
            self.anchors.keep(anchor, &value, places).map_err(|TooLarge| too_large(place))?;
        }
        Ok(value)
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<Value, ReadError> {
        let anchored = self.anchors.copy(anchor).map_err(|TooLarge| too_large(place))?;
        let anchored =
            anchored.ok_or_else(|| ReadError::syntax("an alias stands inside the value of its anchor", place))?;
        self.places.repeat(&anchored.places);
        Ok(anchored.value)
    }

    /// A function in its short form: a mapping of one key, which has the place of the tag.
    fn call(
        &mut self,
        key: Text,
        place: Place,
        argument: impl FnOnce(&mut Self) -> Result<Value, ReadError>,
    ) -> Result<Value, ReadError> {
        let open = self.places.open_map(place);
        self.places.key(place, &key);
        let argument = argument(self)?;
        self.places.close(open);
        Ok(Value::single(key, argument))
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, tag: Tag, place: Place) -> Result<Value, ReadError> {
        let value = match tag {
            // What a function is given is text, whatever it looks like: `!Ref 1` is a name.
            Tag::Function(key) => {
                return self.call(key.clone(), place, |reader| Ok(reader.argument(&key, text, place)));
            }
            Tag::None if style == ScalarStyle::Plain => scalar::resolve(text),
            Tag::None | Tag::Text => Value::from(text),
            Tag::Core(name) => core_scalar(&name, text, place)?,
            Tag::Other(tag) => return Err(ReadError::new(ReadErrorKind::UnsupportedTag(tag), place)),
        };
        self.places.scalar(place);
        Ok(value)
    }

    /// The argument of a function that is given a scalar. The resource and the attribute of `!GetAtt` are split apart.
    fn argument(&mut self, key: &str, text: String, place: Place) -> Value {
        if key != "Fn::GetAtt" {
            self.places.scalar(place);
            return Value::from(text);
        }
        let open = self.places.open_list(place);
        let parts = text.splitn(2, '.').map(|part| Value::from(part.to_owned())).collect::<Vec<_>>();
        for _ in &parts {
            self.places.scalar(place);
        }
        self.places.close(open);
        Value::List(parts)
    }

    fn list(&mut self, place: Place, depth: usize) -> Result<Value, ReadError> {
        let open = self.places.open_list(place);
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => break,
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
        self.places.close(open);
        Ok(Value::List(items))
    }

    fn map(&mut self, place: Place, depth: usize) -> Result<Value, ReadError> {
        let open = self.places.open_map(place);
        let mut map = Map::new();
        let mut keys = Keys::default();
        let mut merged = Vec::new();
        loop {
            let (key, place) = match self.next()? {
                (Event::MappingEnd, _) => break,
                (event, place) => (self.key(event, place)?, place),
            };
            let Key::Text(key) = key else {
                let mark = self.places.mark();
                let (event, place) = self.next()?;
                let value = self.node(event, place, depth + 1)?;
                let places = self.places.take_since(mark);
                merge_sources(value, &places, place, &mut merged)?;
                continue;
            };
            if let Some(index) = keys.duplicate(&map, &key) {
                let first = self.places.key_place(open, index);
                return Err(ReadError::new(ReadErrorKind::DuplicateKey { key, first }, place));
            }
            self.places.key(place, &key);
            let (event, place) = self.next()?;
            let value = self.node(event, place, depth + 1)?;
            map.push(key, value);
        }
        // The mapping's own entries win, wherever the merge key stands, and then the sources in their order.
        for (key, value, places) in merged {
            if keys.duplicate(&map, &key).is_none() {
                self.places.repeat(&places);
                map.push(key, value);
            }
        }
        self.places.close(open);
        Ok(Value::Map(map))
    }

    /// A key, which is always text: CloudFormation takes `80: x` for `"80": x`.
    fn key(&mut self, event: Event<'a>, place: Place) -> Result<Key, ReadError> {
        let (text, style, anchor, tag) = match event {
            Event::Scalar(text, style, anchor, tag) => (text, style, anchor, Tag::of(tag.as_deref())),
            Event::Alias(anchor) => {
                let anchored = self.anchors.copy(anchor).map_err(|TooLarge| too_large(place))?;
                return match anchored.map(|anchored| anchored.value) {
                    Some(Value::String(text)) => Ok(Key::Text(text.into_owned())),
                    _ => Err(ReadError::syntax("a key must be text", place)),
                };
            }
            _ => return Err(ReadError::syntax("a key must be text", place)),
        };
        match tag {
            Tag::None if style == ScalarStyle::Plain && text == "<<" => return Ok(Key::Merge),
            Tag::None if style == ScalarStyle::Plain && text.is_empty() => {
                return Err(ReadError::syntax("expected a key in front of `:`", place));
            }
            Tag::None | Tag::Text => {}
            tag => expect_core(tag, "str", place)?,
        }
        let text = text.into_owned();
        if anchor > 0 {
            let mut places = PlaceRecorder::default();
            places.scalar(place);
            let kept = self.anchors.keep(anchor, &Value::String(Cow::Owned(text.clone())), places.since(0));
            kept.map_err(|TooLarge| too_large(place))?;
        }
        Ok(Key::Text(text))
    }
}

enum Key {
    Text(String),
    /// `<<`: the value's entries are to be added to the mapping.
    Merge,
}

/// Collects the entries that a merge key adds: those of one mapping, or of each in a list.
fn merge_sources(
    value: Value,
    places: &Recorded,
    place: Place,
    entries: &mut Vec<(String, Value, Recorded)>,
) -> Result<(), ReadError> {
    match value {
        Value::Map(map) => {
            let merged = map.into_iter().zip(places.entries());
            entries.extend(merged.map(|((key, value), places)| (key.into_owned(), value, places)));
            Ok(())
        }
        Value::List(items) if items.iter().all(|item| item.as_map().is_some()) => items
            .into_iter()
            .zip(places.items())
            .try_for_each(|(item, places)| merge_sources(item, &places, place, entries)),
        _ => Err(ReadError::syntax("the merge key `<<` takes a mapping, or a list of mappings", place)),
    }
}

fn expect_core(tag: Tag, expected: &str, place: Place) -> Result<(), ReadError> {
    match tag {
        Tag::None | Tag::Text => Ok(()),
        Tag::Core(name) if name == expected => Ok(()),
        tag => Err(ReadError::new(ReadErrorKind::UnsupportedTag(tag.written()), place)),
    }
}

/// The value of a scalar with a tag of YAML itself.
fn core_scalar(name: &str, text: String, place: Place) -> Result<Value, ReadError> {
    let value = match name {
        "str" => return Ok(Value::from(text)),
        "null" => scalar::is_null(&text).then_some(Value::Null),
        "bool" => scalar::truth(&text).map(Value::Bool),
        "int" | "float" => scalar::number(&text).map(Value::Number),
        _ => return Err(ReadError::new(ReadErrorKind::UnsupportedTag(format!("!!{name}")), place)),
    };
    value.ok_or_else(|| ReadError::syntax(format!("`{text}` is no value of the tag `!!{name}`"), place))
}

fn place(marker: &Marker) -> Place {
    Place { line: number(marker.line()), column: number(marker.col() + 1) }
}

fn syntax(error: &ScanError) -> ReadError {
    ReadError::syntax(error.info(), place(error.marker()))
}

fn too_large(place: Place) -> ReadError {
    ReadError::new(ReadErrorKind::TooLarge, place)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
