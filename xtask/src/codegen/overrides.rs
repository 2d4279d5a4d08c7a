//! `overrides.toml`: what the sources say wrongly or not at all about references, and how services are grouped.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};

use super::references::{Reference, Target};

const TEXT: &str = include_str!("../../overrides.toml");

/// What a property takes by hand.
#[derive(Debug, Clone)]
pub(crate) enum Override {
    /// Any string.
    Text,
    /// The ARN of anything.
    AnyArn,
    /// References to these.
    Targets(BTreeSet<Target>),
}

/// The contents of the file.
pub(crate) struct Overrides {
    references: BTreeMap<String, Override>,
    attributes: BTreeMap<Target, Reference>,
    refs: BTreeMap<String, Reference>,
    ignored: BTreeSet<Target>,
    widen: BTreeMap<Target, BTreeSet<Target>>,
    widen_unless_arn: BTreeMap<Target, BTreeSet<Target>>,
    ranges: BTreeMap<String, (i64, i64)>,
    string_maps: BTreeSet<String>,
    enums: BTreeMap<String, Vec<String>>,
    by_name: BTreeMap<String, BTreeSet<Target>>,
    /// Kinds of things that have an ARN but are no resource type.
    pub(crate) kinds: Vec<String>,
    /// Feature family by pattern of module names: `iot*`.
    families: Vec<(String, Vec<String>)>,
    /// The properties whose override was looked up, so that a stale one is found.
    used: RefCell<BTreeSet<String>>,
}

impl Overrides {
    /// Reads the file that is compiled in.
    pub(crate) fn read() -> Result<Self> {
        let table: toml::Table = TEXT.parse().context("overrides.toml")?;
        let mut references = BTreeMap::new();
        for (property, value) in section(&table, "references")? {
            references.insert(property.clone(), read_override(property, value)?);
        }
        let mut attributes = BTreeMap::new();
        for (attribute, value) in section(&table, "attributes")? {
            attributes.insert(target(attribute)?, reference(value)?);
        }
        let mut refs = BTreeMap::new();
        for (type_name, value) in section(&table, "ref")? {
            let reference = match value.as_str() {
                Some("arn") => Reference::Arn(type_name.clone()),
                Some("id") => Reference::Id(type_name.clone()),
                _ => bail!("overrides.toml: [ref] {type_name} is neither \"arn\" nor \"id\""),
            };
            refs.insert(type_name.clone(), reference);
        }
        let mut by_name = BTreeMap::new();
        for (name, targets) in section(&table, "by_name")? {
            by_name.insert(name.clone(), texts(targets)?.iter().map(|text| target(text)).collect::<Result<_>>()?);
        }
        let mut ranges = BTreeMap::new();
        for (property, limits) in section(&table, "ranges")? {
            let limits =
                limits.as_array().map(|limits| limits.iter().filter_map(toml::Value::as_integer).collect::<Vec<_>>());
            let Some([minimum, maximum]) = limits.as_deref() else {
                bail!("overrides.toml: [ranges] {property} is not [minimum, maximum]")
            };
            ranges.insert(property.clone(), (*minimum, *maximum));
        }
        let mut enums = BTreeMap::new();
        for (property, values) in section(&table, "enums")? {
            enums.insert(property.clone(), texts(values)?);
        }
        let mut families = Vec::new();
        for (family, patterns) in section(&table, "families")? {
            families.push((family.clone(), texts(patterns)?));
        }
        Ok(Self {
            references,
            attributes,
            refs,
            ignored: texts(required(&table, "not_identifiers")?)?
                .iter()
                .map(|text| target(text))
                .collect::<Result<_>>()?,
            widen: widening(&table, "widen")?,
            widen_unless_arn: widening(&table, "widen_unless_arn")?,
            ranges,
            string_maps: texts(required(&table, "string_maps")?)?.into_iter().collect(),
            enums,
            by_name,
            kinds: texts(required(&table, "kinds")?)?,
            families,
            used: RefCell::default(),
        })
    }

    /// What a property takes by hand: `AWS::Lambda::Function.Role`, or `AWS::Lambda::Function/Code.S3Bucket` below the top.
    pub(crate) fn reference(&self, property: &str) -> Option<&Override> {
        let found = self.references.get(property)?;
        self.used.borrow_mut().insert(property.to_owned());
        Some(found)
    }

    /// The range of an integer by hand.
    pub(crate) fn range(&self, property: &str) -> Option<(i64, i64)> {
        let found = self.ranges.get(property)?;
        self.used.borrow_mut().insert(property.to_owned());
        Some(*found)
    }

    /// Whether a property is a map of strings by hand.
    pub(crate) fn is_string_map(&self, property: &str) -> bool {
        let found = self.string_maps.contains(property);
        if found {
            self.used.borrow_mut().insert(property.to_owned());
        }
        found
    }

    /// The values that a property has by hand.
    pub(crate) fn values(&self, property: &str) -> Option<&[String]> {
        let found = self.enums.get(property)?;
        self.used.borrow_mut().insert(property.to_owned());
        Some(found)
    }

    /// Overrides of properties that no schema has.
    pub(crate) fn stale(&self) -> Vec<&str> {
        let used = self.used.borrow();
        self.references
            .keys()
            .chain(self.ranges.keys())
            .chain(&self.string_maps)
            .chain(self.enums.keys())
            .filter(|key| !used.contains(*key))
            .map(String::as_str)
            .collect()
    }

    /// The type of an attribute.
    pub(crate) fn attribute(&self, target: &Target) -> Option<Reference> {
        self.attributes.get(target).cloned()
    }

    /// What the `Ref` of a type gives.
    pub(crate) fn ref_of(&self, type_name: &str) -> Option<Reference> {
        self.refs.get(type_name).cloned()
    }

    /// Whether a target names neither an ARN nor an identifier.
    pub(crate) fn ignores(&self, target: &Target) -> bool {
        self.ignored.contains(target)
    }

    /// The targets with those that do as well; without any, those that the property's name tells.
    pub(crate) fn widen(&self, property: &str, targets: &BTreeSet<Target>) -> BTreeSet<Target> {
        let targets = if targets.is_empty() { self.by_name.get(property).unwrap_or(targets) } else { targets };
        let mut widened = targets.clone();
        for target in targets {
            widened.extend(self.widen.get(target).into_iter().flatten().cloned());
            if !property.to_ascii_lowercase().trim_end_matches('s').ends_with("arn") {
                widened.extend(self.widen_unless_arn.get(target).into_iter().flatten().cloned());
            }
        }
        widened
    }

    /// The cargo feature that a module belongs to.
    pub(crate) fn family<'a>(&'a self, module: &'a str) -> &'a str {
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(prefix) => module.starts_with(prefix),
            None => module == pattern,
        };
        let found = self.families.iter().find(|(_, patterns)| patterns.iter().any(matches));
        found.map_or(module, |(family, _)| family)
    }
}

fn read_override(property: &str, value: &toml::Value) -> Result<Override> {
    Ok(match value.as_str() {
        Some("text") => Override::Text,
        Some("any-arn") => Override::AnyArn,
        Some(other) => bail!("overrides.toml: {property} is `{other}`, not \"text\", \"any-arn\" or a list"),
        None => Override::Targets(texts(value)?.iter().map(|text| target(text)).collect::<Result<_>>()?),
    })
}

fn widening(table: &toml::Table, name: &str) -> Result<BTreeMap<Target, BTreeSet<Target>>> {
    let mut widening = BTreeMap::new();
    for (from, to) in section(table, name)? {
        widening.insert(target(from)?, texts(to)?.iter().map(|text| target(text)).collect::<Result<_>>()?);
    }
    Ok(widening)
}

fn reference(value: &toml::Value) -> Result<Reference> {
    let text = value.as_str().context("overrides.toml: an attribute's type is a text")?;
    if text == "attribute" {
        return Ok(Reference::Attribute);
    }
    let (form, type_name) =
        text.split_once(' ').with_context(|| format!("overrides.toml: `{text}` is not `arn TYPE`"))?;
    match form {
        "arn" => Ok(Reference::Arn(type_name.to_owned())),
        "id" => Ok(Reference::Id(type_name.to_owned())),
        _ => bail!("overrides.toml: `{text}` begins with neither `arn` nor `id`"),
    }
}

fn target(text: &str) -> Result<Target> {
    Target::parse(text).with_context(|| format!("overrides.toml: `{text}` is not `TYPE.Attribute`"))
}

fn required<'a>(table: &'a toml::Table, name: &str) -> Result<&'a toml::Value> {
    table.get(name).with_context(|| format!("overrides.toml has no `{name}`"))
}

fn section<'a>(table: &'a toml::Table, name: &str) -> Result<&'a toml::Table> {
    required(table, name)?.as_table().with_context(|| format!("overrides.toml: `{name}` is no table"))
}

fn texts(value: &toml::Value) -> Result<Vec<String>> {
    let items = value.as_array().context("overrides.toml: a list is expected")?;
    items
        .iter()
        .map(|item| item.as_str().map(str::to_owned).context("overrides.toml: a list of texts is expected"))
        .collect()
}
