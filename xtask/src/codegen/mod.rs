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
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::source::Sources;

use model::Resource;
use overrides::Overrides;
use references::{Reference, References};
use service_spec::ServiceSpec;
use write::Place;

pub(crate) use output::Output;
pub(crate) use summary::Summary;

/// What an imported module says of itself, so that the lints of the crate that it is put in do not matter.
const IMPORT_ATTRIBUTES: &str = "\
#![allow(clippy::all, clippy::pedantic, missing_docs, missing_debug_implementations, non_camel_case_types)]
#![allow(unreachable_pub, unused_imports, dead_code)]
";

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

/// Generates one module from the schema of a single type, for use outside `crates/resources`.
pub(crate) fn import(schema: &Value, sources: &Sources, file: &str) -> Result<String> {
    import_into(&sources.schemas, &sources.service_spec, schema, file)
}

/// The same, beside the types of `known`: only their kinds are in the runtime crate.
fn import_into(known: &BTreeMap<String, Value>, spec: &Value, schema: &Value, file: &str) -> Result<String> {
    let type_name = schema.get("typeName").and_then(Value::as_str).context("the schema has no `typeName`")?;
    let overrides = Overrides::read()?;
    let spec = ServiceSpec::new(spec);
    let mut schemas = known.clone();
    schemas.insert(type_name.to_owned(), schema.clone());
    let model = Model::build(&schemas, &spec, &overrides);
    let resource = model.resource(type_name).context("the schema was just added")?;
    let mut kinds = model.kinds(&overrides);
    let own_kind = (!known.contains_key(type_name)).then(|| format!("own_kind::{}", resource.name));
    kinds.extend(own_kind.iter().map(|kind| (type_name.to_owned(), kind.clone())));
    let place = Place { runtime: "stackgen_resources", kinds, sources: file, attributes: IMPORT_ATTRIBUTES };
    let mut text = write::namespace(&place, namespace(type_name), &[resource]);
    if own_kind.is_some() {
        let name = &resource.name;
        let _ = writeln!(text, "\nstackgen_resources::kinds! {{ own_kind {{\n    {name} {type_name:?},\n}} }}");
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
        let place = Place { runtime: "crate", kinds: self.kinds(overrides), sources, attributes: "" };
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

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests;
