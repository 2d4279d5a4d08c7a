//! XML of feeds: the parts that tell of one vehicle, each read alone.

use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value};

use super::value::Malformed;

/// Elements that are nested deeper are not read.
const MAXIMUM_DEPTH: usize = 32;

/// A document, cut into what tells of one vehicle each and the rest.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Document<'a> {
    /// Local name of the first element.
    pub(super) root: &'a str,
    /// What stands before the first entity.
    pub(super) head: &'a str,
    /// The entities, each from its opening tag to its closing one.
    pub(super) entities: Vec<&'a str>,
    /// Entities that begin again before they end.
    pub(super) broken: u64,
    /// Whether the text ends within an element.
    pub(super) partial: bool,
}

/// A tag and where it stands.
struct Tag<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    closes: bool,
    empty: bool,
}

/// Cuts `text` at the elements with the local name `entity`.
pub(super) fn cut<'a>(text: &'a str, entity: &str) -> Document<'a> {
    let mut document = Document { head: text, ..Document::default() };
    let mut begun: Option<usize> = None;
    let mut root_ended = false;
    let mut from = 0;
    let mut whole = true;
    while let Some(tag) = next_tag(text, from, &mut whole) {
        from = tag.end;
        let local = local_name(tag.name);
        if document.root.is_empty() && !tag.closes {
            document.root = local;
            root_ended = tag.empty;
            continue;
        }
        root_ended |= tag.closes && local == document.root;
        if local != entity {
            continue;
        }
        let first = document.entities.is_empty() && begun.is_none();
        match (tag.closes, begun) {
            (false, earlier) => {
                if first {
                    document.head = &text[..tag.start];
                }
                document.broken += u64::from(earlier.is_some());
                begun = Some(tag.start);
                if tag.empty {
                    document.entities.push(&text[tag.start..tag.end]);
                    begun = None;
                }
            }
            (true, Some(start)) => {
                document.entities.push(&text[start..tag.end]);
                begun = None;
            }
            (true, None) => {}
        }
    }
    document.partial = begun.is_some() || !root_ended || !whole;
    document
}

/// The next tag from a place on, past comments, declarations and quoted text. A text that ends within one is not whole.
fn next_tag<'a>(text: &'a str, mut from: usize, whole: &mut bool) -> Option<Tag<'a>> {
    loop {
        let start = from + text[from..].find('<')?;
        let rest = &text[start..];
        let end_mark = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<![CDATA[") {
            "]]>"
        } else if rest.starts_with("<?") {
            "?>"
        } else {
            ">"
        };
        let Some(length) = rest.find(end_mark) else {
            *whole = false;
            return None;
        };
        let end = start + length + end_mark.len();
        if end_mark != ">" || rest.starts_with("<!") {
            from = end;
            continue;
        }
        let inner = &text[start + 1..end - 1];
        let closes = inner.starts_with('/');
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let name = inner.split(|letter: char| letter.is_whitespace() || letter == '/').next().unwrap_or_default();
        return Some(Tag { start, end, name, closes, empty: inner.ends_with('/') });
    }
}

fn local_name(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// An element as a value by local names: texts, objects, and lists where a name repeats.
pub(super) fn value(text: &str) -> Result<Value, Malformed> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|_| Malformed)?;
        match event {
            Event::Start(tag) => {
                if open.len() == MAXIMUM_DEPTH {
                    return Err(Malformed);
                }
                open.push(Element::new(local_name(tag.name().as_ref())));
            }
            Event::Empty(tag) => {
                let element = Element::new(local_name(tag.name().as_ref()));
                match open.last_mut() {
                    Some(parent) => parent.add(element),
                    None => return Ok(element.value()),
                }
            }
            Event::End(_) => {
                let element = open.pop().ok_or(Malformed)?;
                match open.last_mut() {
                    Some(parent) => parent.add(element),
                    None => return Ok(element.value()),
                }
            }
            Event::Text(part) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&part.xml10_content());
                }
            }
            Event::CData(part) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&part.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let letter = letter(&reference)?;
                if let Some(element) = open.last_mut() {
                    element.text.push(letter);
                }
            }
            Event::Eof => return Err(Malformed),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The text of the first element with a local name, in a text that need not be a whole document.
pub(super) fn first_text(text: &str, name: &str) -> Option<String> {
    let mut from = 0;
    while let Some(tag) = next_tag(text, from, &mut true) {
        from = tag.end;
        if local_name(tag.name) == name && !tag.closes && !tag.empty {
            let rest = &text[tag.end..];
            return Some(rest[..rest.find('<')?].trim().to_owned());
        }
    }
    None
}

/// Whether a text has an element with a local name.
pub(super) fn has_element(text: &str, name: &str) -> bool {
    let mut from = 0;
    while let Some(tag) = next_tag(text, from, &mut true) {
        from = tag.end;
        if local_name(tag.name) == name {
            return true;
        }
    }
    false
}

/// The letter of a reference. Only those that XML itself knows are: entities of a document would be a way to grow it.
fn letter(reference: &BytesRef<'_>) -> Result<char, Malformed> {
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| Malformed)? {
        return Ok(letter);
    }
    match reference.xml10_content().as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Malformed),
    }
}

struct Element {
    name: String,
    text: String,
    fields: Map<String, Value>,
}

impl Element {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), text: String::new(), fields: Map::new() }
    }

    fn add(&mut self, child: Self) {
        let name = child.name.clone();
        let value = child.value();
        match self.fields.get_mut(&name) {
            Some(Value::Array(values)) => values.push(value),
            Some(earlier) => *earlier = Value::Array(vec![earlier.take(), value]),
            None => {
                self.fields.insert(name, value);
            }
        }
    }

    fn value(self) -> Value {
        if self.fields.is_empty() { Value::String(self.text.trim().to_owned()) } else { Value::Object(self.fields) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_is_cut_at_its_entities() {
        let text = "<?xml version=\"1.0\"?><r:buses a=\"1\"><time>9</time><!-- <bus>no</bus> --><bus>1</bus>\
                    <bus/><bus>2<bus>3</bus><x/><![CDATA[<bus>]]></r:buses>";
        let document = cut(text, "bus");
        assert_eq!((document.root, document.broken, document.partial), ("buses", 1, false));
        assert_eq!(document.entities, ["<bus>1</bus>", "<bus/>", "<bus>3</bus>"]);
        assert!(document.head.ends_with("-->"));
        assert_eq!(first_text(document.head, "time").as_deref(), Some("9"));
        for end in text.char_indices().map(|(index, _)| index) {
            assert!(cut(&text[..end], "bus").partial, "{end}");
        }
    }

    #[test]
    fn an_element_is_a_value() {
        let text = "<s:a xmlns:s='x'><s:b>1 &lt; &#50;</s:b><c><d/><d>e</d></c><f><![CDATA[<g>]]></f></s:a>";
        assert_eq!(value(text), Ok(json!({"b": "1 < 2", "c": {"d": ["", "e"]}, "f": "<g>"})));
        for text in ["", "<a>", "<a></b>", "<a>&who;</a>", "<a b", &"<a>".repeat(99)] {
            assert_eq!(value(text), Err(Malformed), "{text}");
        }
    }
}
