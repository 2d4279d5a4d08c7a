//! Which property refers to which resources, and what `Ref` and `Fn::GetAtt` give.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::builder::property_targets;
use super::getatt::attribute_names;
use super::model::{Accepts, Attribute, Enum, Property, Resource, ValueType};
use super::naming::{attribute_method, type_name};
use super::overrides::{Override, Overrides};
use super::schema::{Schema, alternatives};
use super::service_spec::ServiceSpec;

/// A resource's attribute that a property refers to, as the sources name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) type_name: String,
    pub(crate) attribute: String,
}

impl Target {
    /// Reads `AWS::IAM::Role.Arn`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (type_name, attribute) = text.split_once('.')?;
        Some(Self { type_name: type_name.to_owned(), attribute: attribute.to_owned() })
    }
}

/// What a reference gives, as a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// The ARN of a resource of that type.
    Arn(String),
    /// The name, id or URL of a resource of that type.
    Id(String),
    /// Neither.
    Attribute,
}

/// Collects what a property's own schema says: `format` and cfn-lint's `relationshipRef`.
pub(crate) fn schema_targets(schema: Schema<'_>, value: &Value, targets: &mut BTreeSet<Target>) {
    let node = schema.resolve(value).value;
    for place in [value, node] {
        let format = place.get("format").and_then(Value::as_str);
        targets.extend(format.and_then(format_target));
        targets.extend(place.get("relationshipRef").and_then(relationship_target));
    }
    for nested in alternatives(node).chain(node.get("items")) {
        // Objects have references of their own, on their properties.
        if schema.resolve(nested).value.get("properties").is_none() {
            schema_targets(schema, nested, targets);
        }
    }
}

fn format_target(format: &str) -> Option<Target> {
    let mut target = Target::parse(format).filter(|target| target.type_name.starts_with("AWS::"))?;
    match target.attribute.as_str() {
        "Ids" => "Id".clone_into(&mut target.attribute),
        "Names" => "Name".clone_into(&mut target.attribute),
        _ => {}
    }
    if target.type_name == "AWS::ACM::Certificate" {
        "AWS::CertificateManager::Certificate".clone_into(&mut target.type_name);
    }
    // An image is made outside CloudFormation, and the zone of an alias target is the attribute of many types.
    let known = !matches!(target.type_name.as_str(), "AWS::EC2::Image" | "AWS::Route53::AliasTarget");
    known.then_some(target)
}

fn relationship_target(reference: &Value) -> Option<Target> {
    Some(Target {
        type_name: reference.get("typeName")?.as_str()?.to_owned(),
        attribute: reference.get("propertyPath")?.as_str()?.strip_prefix("/properties/")?.to_owned(),
    })
}

/// Decides references over all resource types.
pub(crate) struct References<'a> {
    schemas: &'a BTreeMap<String, Value>,
    spec: &'a ServiceSpec<'a>,
    overrides: &'a Overrides,
    /// The attributes that any property refers to.
    targeted: BTreeSet<Target>,
    /// What some handle can give.
    available: BTreeSet<Reference>,
}

impl<'a> References<'a> {
    /// Gives every resource its attributes and `Ref`, and collects what can be referred to.
    pub(crate) fn new(
        schemas: &'a BTreeMap<String, Value>,
        spec: &'a ServiceSpec<'a>,
        overrides: &'a Overrides,
        resources: &mut [Resource],
    ) -> Self {
        let mut targeted = BTreeSet::new();
        for resource in &*resources {
            for property in all_properties(resource) {
                targeted.extend(property.targets.iter().cloned());
            }
        }
        targeted.retain(|target| !overrides.ignores(target));
        let mut references = Self { schemas, spec, overrides, targeted, available: BTreeSet::new() };
        for resource in &mut *resources {
            resource.reference = references.of_ref(&resource.type_name);
            resource.attributes = references.attributes(&resource.type_name);
            references.available.insert(resource.reference.clone());
            references.available.extend(resource.attributes.iter().map(|attribute| attribute.reference.clone()));
        }
        references
    }

    /// What `Ref` gives: the identifier, when there is one; the sources know where it is another.
    fn of_ref(&self, type_name: &str) -> Reference {
        if let Some(reference) = self.overrides.ref_of(type_name) {
            return reference;
        }
        match self.ref_property(type_name) {
            Some(property) if is_arn(property) => Reference::Arn(type_name.to_owned()),
            _ => Reference::Id(type_name.to_owned()),
        }
    }

    /// The property that `Ref` gives, when it is a single one.
    fn ref_property(&self, type_name: &str) -> Option<&str> {
        if let Some(property) = self.spec.ref_property(type_name) {
            return Some(property);
        }
        let mut identifier = Schema::new(self.schemas.get(type_name)?).pointers("primaryIdentifier");
        let first = identifier.next()?;
        identifier.next().is_none().then_some(first)
    }

    fn attributes(&self, type_name: &str) -> Vec<Attribute> {
        let Some(schema) = self.schemas.get(type_name) else { return Vec::new() };
        let mut names = attribute_names(type_name, schema);
        names.extend(self.spec.attributes(type_name).map(str::to_owned));
        // One source names objects, which `Fn::GetAtt` does not give, beside what they hold.
        let objects: BTreeSet<String> =
            names.iter().filter_map(|name| name.rsplit_once('.')).map(|(object, _)| object.to_owned()).collect();
        names.retain(|name| !objects.contains(name));
        let mut methods = BTreeSet::new();
        let mut attributes = Vec::new();
        for name in names {
            let mut method = attribute_method(&name);
            while !methods.insert(method.clone()) {
                method.push('_');
            }
            let reference = self.of_attribute(type_name, schema, &name);
            attributes.push(Attribute { name, method, reference });
        }
        attributes
    }

    fn of_attribute(&self, type_name: &str, schema: &Value, attribute: &str) -> Reference {
        let target = Target { type_name: type_name.to_owned(), attribute: attribute.to_owned() };
        if let Some(reference) = self.overrides.attribute(&target) {
            return reference;
        }
        let own_name = type_name.rsplit("::").next().unwrap_or(type_name);
        let own = |suffix: &str| attribute.eq_ignore_ascii_case(&format!("{own_name}{suffix}"));
        if attribute.eq_ignore_ascii_case("arn") || own("arn") {
            return Reference::Arn(type_name.to_owned());
        }
        if self.ref_property(type_name) == Some(attribute) {
            return self.of_ref(type_name);
        }
        let mut foreign = property_targets(schema, attribute);
        foreign.retain(|target| target.type_name != type_name && !self.overrides.ignores(target));
        if foreign.len() == 1
            && let Some(reference) = foreign.first().and_then(|target| self.of_target(target))
        {
            return reference;
        }
        // Of several identifiers some are those of the resource's parent.
        let identifies =
            is_identifier(schema, attribute) && (own("id") || own("name") || own("identifier") || attribute == "Id");
        if identifies || self.targeted.contains(&target) {
            self.of_target(&target).unwrap_or(Reference::Attribute)
        } else {
            Reference::Attribute
        }
    }

    /// The type of what a target names; none when it is neither an ARN nor an identifier.
    fn of_target(&self, target: &Target) -> Option<Reference> {
        if self.overrides.ignores(target) {
            return None;
        }
        if let Some(reference) = self.overrides.attribute(target) {
            return Some(reference);
        }
        let is_ref = self.ref_property(&target.type_name) == Some(&target.attribute);
        if is_ref || target.attribute == "Id" {
            return Some(self.of_ref(&target.type_name));
        }
        let name = target.type_name.clone();
        Some(if is_arn(&target.attribute) { Reference::Arn(name) } else { Reference::Id(name) })
    }

    /// Decides what the properties of a resource take. Returns the references that no handle can give: such properties
    /// take any string.
    pub(crate) fn decide(&self, resource: &mut Resource) -> BTreeSet<Reference> {
        let mut impossible = BTreeSet::new();
        let own = self.own_names(&resource.type_name);
        let type_name = resource.type_name.clone();
        for property in &mut resource.properties {
            if own.contains(&property.name) {
                property.targets.retain(|target| target.type_name != type_name);
            }
            let key = format!("{type_name}.{}", property.name);
            self.set_values(&key, property, &mut resource.enums);
            self.decide_property(&key, property, &mut impossible);
        }
        for object in &mut resource.objects {
            for property in &mut object.properties {
                let key = format!("{type_name}/{}.{}", object.name, property.name);
                self.set_values(&key, property, &mut resource.enums);
                self.decide_property(&key, property, &mut impossible);
            }
        }
        impossible
    }

    /// The properties by which a resource gets its own name: they refer to nothing.
    fn own_names(&self, type_name: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        if let Some(schema) = self.schemas.get(type_name) {
            names.extend(Schema::new(schema).pointers("primaryIdentifier").map(str::to_owned));
        }
        names.extend(self.spec.ref_property(type_name).map(str::to_owned));
        for suffix in ["Name", "GroupName"] {
            names.insert(suffix.to_owned());
            names.insert(format!("{}{suffix}", type_name.rsplit("::").next().unwrap_or(type_name)));
        }
        names
    }

    /// Makes an enum of a property whose values are given by hand.
    fn set_values(&self, key: &str, property: &mut Property, enums: &mut Vec<Enum>) {
        let Some(values) = self.overrides.values(key) else { return };
        let mut name = type_name(&property.name);
        while enums.iter().any(|known| known.name == name) {
            name.push('_');
        }
        enums.push(Enum::new(name.clone(), values));
        property.value = ValueType::Enum(name);
    }

    fn decide_property(&self, key: &str, property: &mut Property, impossible: &mut BTreeSet<Reference>) {
        if let (ValueType::Integer(range), Some(narrower)) = (&mut property.value, self.overrides.range(key)) {
            *range = Some(narrower);
        }
        if self.overrides.is_string_map(key) {
            property.value = ValueType::Map(Box::new(ValueType::Text));
        }
        let holds_text = match &property.value {
            ValueType::Text => true,
            ValueType::List(item) => **item == ValueType::Text,
            _ => false,
        };
        if !holds_text {
            return;
        }
        let targets = match self.overrides.reference(key) {
            Some(Override::Text) => return,
            Some(Override::AnyArn) => {
                property.accepts = Accepts::AnyArn;
                return;
            }
            Some(Override::Targets(targets)) => targets.clone(),
            None => self.overrides.widen(&property.name, &property.targets),
        };
        let mut references: BTreeSet<Reference> = targets.iter().filter_map(|target| self.of_target(target)).collect();
        references.remove(&Reference::Attribute);
        let missing: Vec<Reference> = references.difference(&self.available).cloned().collect();
        if missing.is_empty() && !references.is_empty() {
            property.accepts = Accepts::References(references);
        }
        impossible.extend(missing);
    }
}

/// Whether a property stands in one of the identifiers of its type.
fn is_identifier(schema: &Value, property: &str) -> bool {
    ["primaryIdentifier", "additionalIdentifiers"].iter().any(|key| {
        let lists = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        let mut pointers = lists.flat_map(|item| item.as_array().map_or(std::slice::from_ref(item), Vec::as_slice));
        pointers.any(|pointer| pointer.as_str().and_then(|text| text.strip_prefix("/properties/")) == Some(property))
    })
}

fn is_arn(attribute: &str) -> bool {
    attribute.len() >= 3
        && attribute.is_char_boundary(attribute.len() - 3)
        && attribute[attribute.len() - 3..].eq_ignore_ascii_case("arn")
}

fn all_properties(resource: &Resource) -> impl Iterator<Item = &Property> {
    resource.properties.iter().chain(resource.objects.iter().flat_map(|object| &object.properties))
}
