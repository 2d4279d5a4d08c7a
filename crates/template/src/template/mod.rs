//! A template as a whole.

mod section;
mod view;

pub use section::Section;
pub use view::{OutputView, ParameterView, ResourceView};

use crate::{Map, Output, Parameter, Path, Resource, Rule, Segment, Text, Value};

/// A CloudFormation template: anybody's, held without loss, and the one that is being built.
///
/// Underneath is the root mapping of the document, wrong types and unknown sections included, so that reading and
/// writing change nothing. The methods that look return none or nothing where the template holds something else than
/// they look for.
///
/// The methods that insert put a new section where the usual order of sections has it.
///
/// ```
/// use stackgen_template::{Expression, Output, Resource, Template};
///
/// let mut template = Template::new();
/// template.insert_output("BucketName", Output::new(Expression::reference("Bucket")));
/// template.insert_resource("Bucket", Resource::new("AWS::S3::Bucket").property("BucketName", "data"));
/// assert_eq!(
///     template.to_json(),
/// r#"{
///   "Resources": {
///     "Bucket": {
///       "Type": "AWS::S3::Bucket",
///       "Properties": {
///         "BucketName": "data"
///       }
///     }
///   },
///   "Outputs": {
///     "BucketName": {
///       "Value": {
///         "Ref": "Bucket"
///       }
///     }
///   }
/// }"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    root: Map,
}

impl Template {
    /// A template with nothing in it.
    pub const fn new() -> Self {
        Self { root: Map::new() }
    }

    /// The root mapping, with everything that the template holds.
    pub const fn root(&self) -> &Map {
        &self.root
    }

    /// The root mapping, to change.
    pub const fn root_mut(&mut self) -> &mut Map {
        &mut self.root
    }

    /// The root mapping, to keep.
    pub fn into_root(self) -> Map {
        self.root
    }

    /// The value at `path`; none for the root itself, which is a [`Map`].
    pub fn at(&self, path: &Path) -> Option<&Value> {
        match path.segments() {
            [Segment::Key(section), rest @ ..] => self.root.get(section)?.descend(rest),
            _ => None,
        }
    }

    /// The template as JSON, indented by two blanks, without a line break at the end.
    pub fn to_json(&self) -> String {
        crate::write::json::map_pretty(&self.root)
    }

    /// The template as JSON without any blanks, which is what counts against the size that CloudFormation takes.
    pub fn to_json_compact(&self) -> String {
        crate::write::json::map_compact(&self.root)
    }

    /// The template as YAML, with a line break at the end.
    #[cfg(feature = "yaml")]
    pub fn to_yaml(&self, style: crate::YamlStyle) -> String {
        crate::write::yaml::map(&self.root, style)
    }

    /// What the template is for.
    pub fn description(&self) -> Option<&str> {
        self.root.get(Section::Description.key())?.as_str()
    }

    /// The entries of a section; none when it is absent or no mapping.
    pub fn section(&self, section: Section) -> Option<&Map> {
        self.root.get(section.key())?.as_map()
    }

    /// The entries of a section, to change; none when it is absent or no mapping.
    pub fn section_mut(&mut self, section: Section) -> Option<&mut Map> {
        self.root.get_mut(section.key())?.as_map_mut()
    }

    /// The resources. Loops (`Fn::ForEach::…`) and transforms among them are left out.
    pub fn resources(&self) -> impl Iterator<Item = ResourceView<'_>> {
        self.entries(Section::Resources).map(|(logical_id, body)| ResourceView { logical_id, body })
    }

    /// The resource `logical_id`.
    pub fn resource(&self, logical_id: &str) -> Option<ResourceView<'_>> {
        let (logical_id, body) = self.entry(Section::Resources, logical_id)?;
        Some(ResourceView { logical_id, body })
    }

    /// The parameters.
    pub fn parameters(&self) -> impl Iterator<Item = ParameterView<'_>> {
        self.entries(Section::Parameters).map(|(name, body)| ParameterView { name, body })
    }

    /// The parameter `name`.
    pub fn parameter(&self, name: &str) -> Option<ParameterView<'_>> {
        let (name, body) = self.entry(Section::Parameters, name)?;
        Some(ParameterView { name, body })
    }

    /// The outputs. Loops among them are left out.
    pub fn outputs(&self) -> impl Iterator<Item = OutputView<'_>> {
        self.entries(Section::Outputs).map(|(name, body)| OutputView { name, body })
    }

    /// The output `name`.
    pub fn output(&self, name: &str) -> Option<OutputView<'_>> {
        let (name, body) = self.entry(Section::Outputs, name)?;
        Some(OutputView { name, body })
    }

    /// The conditions by name. Loops among them are left out.
    pub fn conditions(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries(Section::Conditions)
    }

    /// The mappings by name.
    pub fn mappings(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries(Section::Mappings)
    }

    /// The rules by name.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries(Section::Rules)
    }

    /// The names of the macros that process the whole template, in order.
    pub fn transforms(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self.root.get(Section::Transform.key()) {
            Some(Value::List(macros)) => (None, macros.as_slice()),
            other => (other, [].as_slice()),
        };
        one.into_iter().chain(many).filter_map(|transform| match transform {
            Value::String(name) => Some(&**name),
            other => other.get("Name")?.as_str(),
        })
    }

    /// Whether a section holds a loop or a transform, so that some of its entries only exist at deployment.
    pub fn has_generated_entries(&self, section: Section) -> bool {
        self.section(section).is_some_and(|entries| entries.keys().any(is_function))
    }

    fn entries(&self, section: Section) -> impl Iterator<Item = (&str, &Value)> {
        self.section(section).into_iter().flat_map(Map::iter).filter(|(key, _)| !is_function(key))
    }

    fn entry(&self, section: Section, wanted: &str) -> Option<(&str, &Value)> {
        self.entries(section).find(|(key, _)| *key == wanted)
    }

    /// Sets what the template is for.
    pub fn set_description(&mut self, description: impl Into<Text>) {
        *self.slot(Section::Description) = Value::String(description.into());
    }

    /// Adds a macro that processes the whole template, such as `AWS::LanguageExtensions`, unless it is there already.
    pub fn add_transform(&mut self, name: impl Into<Text>) {
        let name = name.into();
        if self.transforms().any(|present| present == name) {
            return;
        }
        let slot = self.slot(Section::Transform);
        *slot = match std::mem::take(slot) {
            Value::Null => name.into(),
            Value::List(mut macros) => {
                macros.push(name.into());
                Value::List(macros)
            }
            one => Value::List(vec![one, name.into()]),
        };
    }

    /// Sets data about the template. Returns what it replaces.
    pub fn insert_metadata(&mut self, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        self.insert(Section::Metadata, key, value)
    }

    /// Sets a parameter. Returns what it replaces.
    pub fn insert_parameter(&mut self, name: impl Into<Text>, parameter: Parameter) -> Option<Value> {
        self.insert(Section::Parameters, name, parameter)
    }

    /// Sets a rule. Returns what it replaces.
    pub fn insert_rule(&mut self, name: impl Into<Text>, rule: Rule) -> Option<Value> {
        self.insert(Section::Rules, name, rule)
    }

    /// Sets a mapping: constants under two keys. Returns what it replaces.
    pub fn insert_mapping(&mut self, name: impl Into<Text>, mapping: impl Into<Value>) -> Option<Value> {
        self.insert(Section::Mappings, name, mapping)
    }

    /// Sets a condition, such as [`Expression::equals`](crate::Expression::equals). Returns what it replaces.
    pub fn insert_condition(&mut self, name: impl Into<Text>, condition: impl Into<Value>) -> Option<Value> {
        self.insert(Section::Conditions, name, condition)
    }

    /// Sets a resource. Returns what it replaces.
    pub fn insert_resource(&mut self, logical_id: impl Into<Text>, resource: Resource) -> Option<Value> {
        self.insert(Section::Resources, logical_id, resource)
    }

    /// Sets an output. Returns what it replaces.
    pub fn insert_output(&mut self, name: impl Into<Text>, output: Output) -> Option<Value> {
        self.insert(Section::Outputs, name, output)
    }

    /// Sets an entry of any section that is a mapping. Returns what it replaces.
    ///
    /// A section that holds something else is replaced by one with this entry.
    pub fn insert(&mut self, section: Section, key: impl Into<Text>, value: impl Into<Value>) -> Option<Value> {
        self.section_or_new(section).insert(key, value)
    }

    /// The entries of a section, to change. A section that is absent or no mapping is made an empty one.
    pub fn section_or_new(&mut self, section: Section) -> &mut Map {
        let slot = self.slot(section);
        if !matches!(slot, Value::Map(_)) {
            *slot = Value::Map(Map::new());
        }
        slot.as_map_mut().expect("the slot was made a mapping")
    }

    /// The value of a section's key; a new one is put in front of the first section that comes after it.
    fn slot(&mut self, section: Section) -> &mut Value {
        if !self.root.contains_key(section.key()) {
            let later = |key: &str| Section::of_key(key).is_some_and(|other| other > section);
            let index = self.root.keys().position(later).unwrap_or(self.root.len());
            self.root.insert_at(index, section.key(), Value::Null);
        }
        self.root.get_mut(section.key()).expect("the section is there, or was just made")
    }
}

/// Whether a key of a section is a function that makes entries, rather than the name of one.
fn is_function(key: &str) -> bool {
    key.starts_with("Fn::")
}

impl From<Map> for Template {
    fn from(root: Map) -> Self {
        Self { root }
    }
}

impl From<Template> for Value {
    fn from(template: Template) -> Self {
        Self::Map(template.root)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
