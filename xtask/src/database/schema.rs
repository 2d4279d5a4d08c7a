//! Registry schemas as nodes of constraints.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::encoder::{Encoder, Strings};
use super::format::{self, additional, json_type, tag};
use super::pattern;

/// Nodes and patterns of all schemas, each written once.
pub(crate) struct Nodes {
    pub(crate) strings: Strings,
    bytes: Encoder,
    written: HashMap<Vec<u8>, u32>,
    recursion: Vec<u32>,
    patterns: Patterns,
    pub(crate) counts: Counts,
}

/// What became of the schemas, for the report.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) constraints: usize,
    pub(crate) wider_patterns: usize,
    pub(crate) dropped_patterns: BTreeMap<String, &'static str>,
    pub(crate) unknown_formats: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Patterns {
    numbers: HashMap<String, u64>,
    texts: Vec<u32>,
}

impl Patterns {
    fn number(&mut self, text: &str, strings: &mut Strings) -> u64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u64;
        self.texts.push(strings.intern(text));
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// The sections that [`Nodes`] makes.
pub(crate) struct Sections {
    pub(crate) nodes: Vec<u8>,
    pub(crate) recursion: Vec<u8>,
    pub(crate) patterns: Vec<u8>,
}

/// A definition that is being written or was.
enum Definition {
    Written(u32),
    /// On the way to it; the number of the recursion when something inside refers back.
    Open(Option<u64>),
}

/// One schema being written: where its `$ref`s lead and what they became.
pub(crate) struct Document<'a> {
    root: &'a Value,
    definitions: HashMap<&'a str, Definition>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root, definitions: HashMap::new() }
    }
}

impl Nodes {
    pub(crate) fn new() -> Self {
        Self {
            strings: Strings::new(),
            bytes: Encoder::default(),
            written: HashMap::new(),
            recursion: Vec::new(),
            patterns: Patterns::default(),
            counts: Counts::default(),
        }
    }

    /// Writes `schema`, a part of `document`, and returns the offset of its node.
    pub(crate) fn node<'a>(&mut self, document: &mut Document<'a>, schema: &'a Value) -> u32 {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return self.body(document, schema);
        };
        let target = self.reference(document, reference);
        // cfn-lint lets other keywords stand beside a reference.
        if schema.as_object().is_none_or(|keywords| keywords.len() == 1) {
            return target;
        }
        let beside = self.body(document, schema);
        self.all_of(&[target, beside])
    }

    /// The node at which all of `nodes` hold.
    pub(crate) fn all_of(&mut self, nodes: &[u32]) -> u32 {
        let mut encoder = Encoder::default();
        encoder.byte(tag::ALL_OF);
        encoder.offsets(nodes);
        self.finish_node(encoder)
    }

    /// The node of an object whose property at `path` is `node`; `*` is every item of a list.
    pub(crate) fn wrapped(&mut self, path: &[&str], node: u32) -> u32 {
        path.iter().rev().fold(node, |node, step| {
            let mut encoder = Encoder::default();
            if *step == "*" {
                encoder.byte(tag::ITEMS);
                encoder.offset(node);
            } else {
                encoder.byte(tag::OBJECT);
                encoder.count(1);
                encoder.offset(self.strings.intern(step));
                encoder.offset(node);
                encoder.count(0);
                encoder.byte(additional::ALLOWED);
            }
            self.finish_node(encoder)
        })
    }

    /// The node of a value that is one of `texts`.
    pub(crate) fn enumeration<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> u32 {
        let mut encoder = Encoder::default();
        encoder.byte(tag::ENUM);
        encoder.offsets(&self.strings.sorted(texts));
        self.finish_node(encoder)
    }

    pub(crate) fn finish(self) -> (Strings, Sections, Counts) {
        let (mut recursion, mut patterns) = (Encoder::default(), Encoder::default());
        for offset in &self.recursion {
            recursion.offset(*offset);
        }
        for offset in &self.patterns.texts {
            patterns.offset(*offset);
        }
        let sections =
            Sections { nodes: self.bytes.finish(), recursion: recursion.finish(), patterns: patterns.finish() };
        (self.strings, sections, self.counts)
    }

    pub(crate) fn size(&self) -> (usize, usize) {
        (self.written.len(), self.patterns.texts.len())
    }

    fn reference<'a>(&mut self, document: &mut Document<'a>, reference: &'a str) -> u32 {
        match document.definitions.get_mut(reference) {
            Some(Definition::Written(offset)) => return *offset,
            Some(Definition::Open(number)) => {
                let number = *number.get_or_insert_with(|| {
                    self.recursion.push(0);
                    self.recursion.len() as u64 - 1
                });
                let mut encoder = Encoder::default();
                encoder.byte(tag::RECURSE);
                encoder.count(number);
                return self.finish_node(encoder);
            }
            None => {}
        }
        let Some(target) = document.root.pointer(reference.trim_start_matches('#')) else {
            return self.finish_node(Encoder::default());
        };
        document.definitions.insert(reference, Definition::Open(None));
        let offset = self.node(document, target);
        let definition = document.definitions.insert(reference, Definition::Written(offset));
        if let Some(Definition::Open(Some(number))) = definition {
            self.recursion[usize::try_from(number).expect("a small number")] = offset;
        }
        offset
    }

    fn finish_node(&mut self, mut encoder: Encoder) -> u32 {
        encoder.byte(tag::END);
        let bytes = encoder.finish();
        if let Some(offset) = self.written.get(&bytes) {
            return *offset;
        }
        let offset = self.bytes.position();
        self.bytes.raw(&bytes);
        self.written.insert(bytes, offset);
        offset
    }

    fn body<'a>(&mut self, document: &mut Document<'a>, schema: &'a Value) -> u32 {
        let mut encoder = Encoder::default();
        match schema {
            Value::Bool(false) => encoder.byte(tag::NEVER),
            Value::Object(keywords) => self.keywords(document, keywords, &mut encoder),
            _ => {}
        }
        self.finish_node(encoder)
    }

    fn keywords<'a>(&mut self, document: &mut Document<'a>, keywords: &'a Map<String, Value>, encoder: &mut Encoder) {
        let types = keywords.get("type").map_or(0, json_types);
        if types != 0 {
            self.constraint(encoder, tag::TYPE);
            encoder.byte(types);
        }
        self.object(document, keywords, encoder);
        for (keyword, value) in keywords {
            self.keyword(document, keyword, value, encoder);
        }
        if let Some(test) = keywords.get("if") {
            let mut branch = |keyword| keywords.get(keyword).map(|schema| self.node(document, schema));
            let (then, otherwise) = (branch("then"), branch("else"));
            let test = self.node(document, test);
            self.constraint(encoder, tag::IF);
            encoder.offset(test);
            for node in [then, otherwise] {
                // No branch is the empty node's: everything holds.
                let node = node.unwrap_or_else(|| self.finish_node(Encoder::default()));
                encoder.offset(node);
            }
        }
    }

    /// `properties`, `patternProperties` and `additionalProperties` are one constraint, for one walk over the properties.
    fn object<'a>(&mut self, document: &mut Document<'a>, keywords: &'a Map<String, Value>, encoder: &mut Encoder) {
        let members = |keyword| keywords.get(keyword).and_then(Value::as_object);
        let (properties, by_pattern) = (members("properties"), members("patternProperties"));
        let others = keywords.get("additionalProperties");
        let open =
            others.is_none_or(|value| *value == Value::Bool(true) || value.as_object().is_some_and(Map::is_empty));
        if open && properties.is_none_or(Map::is_empty) && by_pattern.is_none_or(Map::is_empty) {
            return;
        }
        let mut listed: Vec<(&'a String, u32)> =
            properties.into_iter().flatten().map(|(name, schema)| (name, self.node(document, schema))).collect();
        listed.sort_unstable();
        let mut patterns = Vec::new();
        let (mut anything, mut everything) = (false, None);
        for (text, schema) in by_pattern.into_iter().flatten() {
            let node = self.node(document, schema);
            match pattern::rewrite(text) {
                Ok(rewritten) if rewritten.matches.len() == 1 && rewritten.excludes.is_empty() => {
                    patterns.push((self.patterns.number(&rewritten.matches[0], &mut self.strings), node));
                }
                Ok(rewritten) if rewritten.matches.is_empty() && rewritten.excludes.is_empty() => {
                    everything = Some(node);
                }
                // A name that cannot be judged may be meant by the pattern: every name is let in, with any value.
                _ => anything = true,
            }
        }
        self.constraint(encoder, tag::OBJECT);
        encoder.count(listed.len() as u64);
        for (name, node) in listed {
            encoder.offset(self.strings.intern(name));
            encoder.offset(node);
        }
        encoder.count(patterns.len() as u64);
        for (pattern, node) in patterns {
            encoder.count(pattern);
            encoder.offset(node);
        }
        match others {
            _ if let Some(node) = everything => {
                encoder.byte(additional::NODE);
                encoder.offset(node);
            }
            Some(Value::Bool(false)) if !anything => encoder.byte(additional::FORBIDDEN),
            Some(schema @ Value::Object(_)) if !open && !anything => {
                let node = self.node(document, schema);
                encoder.byte(additional::NODE);
                encoder.offset(node);
            }
            _ => encoder.byte(additional::ALLOWED),
        }
    }

    fn keyword<'a>(&mut self, document: &mut Document<'a>, keyword: &str, value: &'a Value, encoder: &mut Encoder) {
        match keyword {
            "required" => self.names(encoder, tag::REQUIRED, value),
            "requiredXor" => self.names(encoder, tag::REQUIRED_XOR, value),
            "requiredOr" => self.names(encoder, tag::REQUIRED_OR, value),
            "items" if value.is_object() => self.child(document, encoder, tag::ITEMS, value),
            "contains" => self.child(document, encoder, tag::CONTAINS, value),
            "propertyNames" => self.child(document, encoder, tag::PROPERTY_NAMES, value),
            "not" => self.child(document, encoder, tag::NOT, value),
            "minItems" => self.bound(encoder, tag::MIN_ITEMS, value, 1),
            "maxItems" => self.bound(encoder, tag::MAX_ITEMS, value, 0),
            "minLength" => self.bound(encoder, tag::MIN_LENGTH, value, 1),
            "maxLength" => self.bound(encoder, tag::MAX_LENGTH, value, 0),
            "minProperties" => self.bound(encoder, tag::MIN_PROPERTIES, value, 1),
            "maxProperties" => self.bound(encoder, tag::MAX_PROPERTIES, value, 0),
            "minimum" => self.number(encoder, tag::MINIMUM, value),
            "maximum" => self.number(encoder, tag::MAXIMUM, value),
            "exclusiveMinimum" => self.number(encoder, tag::ABOVE, value),
            "exclusiveMaximum" => self.number(encoder, tag::BELOW, value),
            "multipleOf" => self.number(encoder, tag::MULTIPLE_OF, value),
            "uniqueItems" if *value == Value::Bool(true) => self.constraint(encoder, tag::UNIQUE),
            "insertionOrder" if *value == Value::Bool(false) => self.constraint(encoder, tag::UNORDERED),
            "uniqueKeys" => self.names(encoder, tag::UNIQUE_KEYS, value),
            "pattern" => {
                if let Some(pattern) = value.as_str() {
                    self.pattern(encoder, pattern);
                }
            }
            "enum" => self.values(encoder, tag::ENUM, value, str::to_owned),
            "enumCaseInsensitive" => self.values(encoder, tag::ENUM_IGNORING_CASE, value, str::to_lowercase),
            "const" => {
                if let Some(text) = scalar(value) {
                    self.constraint(encoder, tag::CONSTANT);
                    encoder.offset(self.strings.intern(&text));
                }
            }
            "format" => {
                if let Some(name) = value.as_str() {
                    match format::FORMATS.iter().position(|format| *format == name) {
                        Some(number) => {
                            self.constraint(encoder, tag::FORMAT);
                            encoder.byte(u8::try_from(number).expect("few formats"));
                        }
                        None => *self.counts.unknown_formats.entry(name.to_owned()).or_default() += 1,
                    }
                }
            }
            "oneOf" => self.children(document, encoder, tag::ONE_OF, value),
            "anyOf" => self.children(document, encoder, tag::ANY_OF, value),
            "allOf" => self.children(document, encoder, tag::ALL_OF, value),
            "dependentRequired" | "dependencies" => self.dependencies(encoder, tag::DEPENDENT_REQUIRED, value),
            "dependentExcluded" => self.dependencies(encoder, tag::DEPENDENT_EXCLUDED, value),
            _ => {}
        }
    }

    fn constraint(&mut self, encoder: &mut Encoder, tag: u8) {
        self.counts.constraints += 1;
        encoder.byte(tag);
    }

    fn names(&mut self, encoder: &mut Encoder, tag: u8, value: &Value) {
        let names: Vec<u32> = texts(value).map(|name| self.strings.intern(name)).collect();
        if !names.is_empty() {
            self.constraint(encoder, tag);
            encoder.offsets(&names);
        }
    }

    fn child<'a>(&mut self, document: &mut Document<'a>, encoder: &mut Encoder, tag: u8, schema: &'a Value) {
        let node = self.node(document, schema);
        self.constraint(encoder, tag);
        encoder.offset(node);
    }

    fn children<'a>(&mut self, document: &mut Document<'a>, encoder: &mut Encoder, tag: u8, schemas: &'a Value) {
        let nodes: Vec<u32> =
            schemas.as_array().into_iter().flatten().map(|schema| self.node(document, schema)).collect();
        if !nodes.is_empty() {
            self.constraint(encoder, tag);
            encoder.offsets(&nodes);
        }
    }

    fn bound(&mut self, encoder: &mut Encoder, tag: u8, value: &Value, least: u64) {
        // Some schemas write a bound as 1.0, or one beyond every integer.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounds are small or saturate")]
        let bound = value.as_u64().or_else(|| value.as_f64().map(|bound| bound as u64));
        if let Some(bound) = bound.filter(|bound| *bound >= least) {
            self.constraint(encoder, tag);
            encoder.count(bound);
        }
    }

    fn number(&mut self, encoder: &mut Encoder, tag: u8, value: &Value) {
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        if let Some(number) = number {
            self.constraint(encoder, tag);
            encoder.number(number);
        }
    }

    fn values(&mut self, encoder: &mut Encoder, tag: u8, value: &Value, normal: impl Fn(&str) -> String) {
        let values: Option<Vec<String>> = value.as_array().map(|values| values.iter().map_while(scalar).collect());
        // An enumeration of mappings or lists cannot be told apart from others here.
        let Some(values) = values.filter(|values| Some(values.len()) == value.as_array().map(Vec::len)) else { return };
        let values: Vec<String> = values.iter().map(|text| normal(text)).collect();
        self.constraint(encoder, tag);
        encoder.offsets(&self.strings.sorted(values.iter().map(String::as_str)));
    }

    fn dependencies(&mut self, encoder: &mut Encoder, tag: u8, value: &Value) {
        for (name, others) in value.as_object().into_iter().flatten() {
            let others: Vec<u32> = texts(others).map(|name| self.strings.intern(name)).collect();
            if !others.is_empty() {
                self.constraint(encoder, tag);
                encoder.offset(self.strings.intern(name));
                encoder.offsets(&others);
            }
        }
    }

    fn pattern(&mut self, encoder: &mut Encoder, text: &str) {
        let rewritten = match pattern::rewrite(text) {
            Ok(rewritten) => rewritten,
            Err(reason) => {
                self.counts.dropped_patterns.insert(text.to_owned(), reason);
                return;
            }
        };
        self.counts.wider_patterns += usize::from(rewritten.wider);
        if let Some((least, most)) = rewritten.lengths {
            self.bound(encoder, tag::MIN_LENGTH, &least.into(), 1);
            if let Some(most) = most {
                self.bound(encoder, tag::MAX_LENGTH, &most.into(), 0);
            }
        }
        for (tag, patterns) in [(tag::PATTERN, rewritten.matches), (tag::NOT_PATTERN, rewritten.excludes)] {
            for text in patterns {
                self.constraint(encoder, tag);
                let number = self.patterns.number(&text, &mut self.strings);
                encoder.count(number);
            }
        }
    }
}

fn json_types(value: &Value) -> u8 {
    let bit = |name: &str| match name {
        "object" => json_type::OBJECT,
        "array" => json_type::ARRAY,
        "string" => json_type::STRING,
        "integer" => json_type::INTEGER,
        "number" => json_type::NUMBER,
        "boolean" => json_type::BOOLEAN,
        "null" => json_type::NULL,
        _ => 0,
    };
    match value {
        Value::String(name) => bit(name),
        Value::Array(_) => texts(value).map(bit).fold(0, |all, one| all | one),
        _ => 0,
    }
}

/// The texts of a list of texts.
pub(crate) fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// A scalar as CloudFormation compares it: as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
