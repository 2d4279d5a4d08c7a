//! Generates the typed resources of `crates/resources` from the pinned schemas.

mod builder;
mod getatt;
mod model;
mod naming;
mod output;
mod overrides;
mod references;
mod schema;
mod service_spec;
mod summary;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::Value;

use crate::source::Sources;

use model::Resource;
use overrides::Overrides;
use references::{Reference, References};
use service_spec::ServiceSpec;
use write::Place;

pub(crate) use output::Output;
pub(crate) use summary::Summary;

/// All generated files, and what is in them.
pub(crate) struct Generated {
    pub(crate) output: Output,
    pub(crate) summary: Summary,
    /// References that properties ask for and no handle gives, and overrides of properties that do not exist.
    pub(crate) notes: Vec<String>,
}

/// Generates everything from the sources.
pub(crate) fn generate(sources: &Sources) -> Result<Generated> {
    let overrides = Overrides::read()?;
    let spec = ServiceSpec::new(&sources.service_spec);
    let model = Model::build(&sources.schemas, &spec, &overrides);
    let names = format!(
        "{} {} and {} {}",
        sources.lock.cfn_lint.name,
        sources.lock.cfn_lint.version,
        sources.lock.service_spec.name,
        sources.lock.service_spec.version
    );
    let mut notes = model.notes.clone();
    notes.extend(overrides.stale().into_iter().map(|key| format!("overrides.toml: no schema has the property {key}")));
    Ok(Generated { output: model.write(&names, &overrides), summary: Summary::of(&model.resources), notes })
}

/// Generates one module from the schema of a single type, for use outside `crates/resources`. `known` are the types whose
/// kinds the runtime crate has.
pub(crate) fn import(schema: &Value, sources: &Sources, file: &str) -> Result<String> {
    let type_name = schema.get("typeName").and_then(Value::as_str);
    let type_name = anyhow::Context::context(type_name, "the schema has no `typeName`")?.to_owned();
    let overrides = Overrides::read()?;
    let spec = ServiceSpec::new(&sources.service_spec);
    let mut schemas = sources.schemas.clone();
    schemas.insert(type_name.clone(), schema.clone());
    let model = Model::build(&schemas, &spec, &overrides);
    let mut kinds = model.kinds(&overrides);
    if !sources.schemas.contains_key(&type_name)
        && let Some(resource) = model.resource(&type_name)
    {
        kinds.insert(type_name.clone(), format!("own_kind::{}", resource.name));
    }
    let place = Place { runtime: "stackgen_resources", kinds, sources: file };
    let resources: Vec<&Resource> = model.resource(&type_name).into_iter().collect();
    let mut text = write::namespace(&place, namespace(&type_name), &resources);
    if let Some(resource) = resources.first().filter(|_| !sources.schemas.contains_key(&type_name)) {
        let name = &resource.name;
        text.push_str(&format!("\nstackgen_resources::kinds! {{ own_kind {{ {name} {type_name:?}, }} }}\n"));
    }
    Ok(text)
}

/// All resource types, with references decided.
struct Model {
    resources: Vec<Resource>,
    notes: Vec<String>,
}

impl Model {
    fn build(schemas: &BTreeMap<String, Value>, spec: &ServiceSpec<'_>, overrides: &Overrides) -> Self {
        let mut resources: Vec<Resource> =
            schemas.iter().map(|(name, schema)| builder::resource(name, schema)).collect();
        for resource in &mut resources {
            spec.add_targets(resource);
        }
        let references = References::new(schemas, spec, overrides, &mut resources);
        let mut impossible: BTreeMap<Reference, BTreeSet<String>> = BTreeMap::new();
        for resource in &mut resources {
            for reference in references.decide(resource) {
                impossible.entry(reference).or_default().insert(resource.type_name.clone());
            }
        }
        let note = |(reference, types): (Reference, BTreeSet<String>)| {
            let types: Vec<String> = types.into_iter().collect();
            format!("no handle gives {reference:?}, so properties of {} take any string", types.join(", "))
        };
        Self { notes: impossible.into_iter().map(note).collect(), resources }
    }

    fn resource(&self, type_name: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.type_name == type_name)
    }

    /// The path of each kind, by resource type.
    fn kinds(&self, overrides: &Overrides) -> BTreeMap<String, String> {
        let types = self.resources.iter().map(|resource| (&resource.type_name, resource.name.clone()));
        let extra =
            overrides.kinds.iter().map(|name| (name, naming::type_name(name.rsplit("::").next().unwrap_or(name))));
        types.chain(extra).map(|(name, kind)| (name.clone(), format!("kind::{}::{kind}", module(name)))).collect()
    }

    fn write(&self, sources: &str, overrides: &Overrides) -> Output {
        let place = Place { runtime: "crate", kinds: self.kinds(overrides), sources };
        let mut modules: BTreeMap<String, Vec<&Resource>> = BTreeMap::new();
        for resource in &self.resources {
            modules.entry(module(&resource.type_name)).or_default().push(resource);
        }
        let mut kinds: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (type_name, path) in &place.kinds {
            let name = path.rsplit("::").next().unwrap_or(path).to_owned();
            kinds.entry(module(type_name)).or_default().push((name, type_name.clone()));
        }
        let mut output = Output::default();
        output.file("kind.rs", write::kinds(sources, "crate", &kinds));
        for (module, resources) in &modules {
            let namespace = resources.first().map_or("", |resource| namespace(&resource.type_name));
            output.file(&format!("{module}.rs"), write::namespace(&place, namespace, resources));
            output.module(module, overrides.family(module));
        }
        output.finish(sources);
        output
    }
}

/// `AWS::Lambda` of `AWS::Lambda::Function`.
fn namespace(type_name: &str) -> &str {
    type_name.rsplit_once("::").map_or(type_name, |(namespace, _)| namespace)
}

/// The module of a type's namespace: `lambda`.
fn module(type_name: &str) -> String {
    let namespace = namespace(type_name);
    let namespace = namespace.strip_prefix("AWS::").unwrap_or(namespace);
    namespace.replace("::", "").to_ascii_lowercase()
}
