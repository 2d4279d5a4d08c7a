//! The CDK's own files, so that its command line works on our assembly.

use stackgen_template::{Map, Text, Value, to_json};

use crate::assets::{Asset, AssetLocation, AssetSource, Digest, hexadecimal};
use crate::core::{Environment, SynthesizedStack};

use super::{asset_manifest_name, asset_path, template_name};

/// The version of the CDK's schema that the files are written in. Every later CDK command line reads it.
const SCHEMA_VERSION: &str = "48.0.0";

/// The artifacts of `manifest.json`.
#[derive(Debug, Default)]
pub(super) struct Artifacts(Map);

impl Artifacts {
    /// Adds a stack and its asset manifest. `template_hash` is the [`template_hash`] of its template.
    pub(super) fn add(&mut self, stack: &SynthesizedStack, template_hash: &str) {
        let assets_id = format!("{}.assets", stack.name);
        let assets = Map::from([
            ("type", Value::from("cdk:asset-manifest")),
            ("properties", Value::single("file", asset_manifest_name(stack))),
        ]);
        self.0.push(assets_id.clone(), assets);

        let mut properties = Map::new();
        properties.push("templateFile", template_name(stack));
        properties.push("stackName", stack.name.clone());
        properties.push("terminationProtection", stack.termination_protection);
        if !stack.tags.is_empty() {
            let tags: Map = stack.tags.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
            properties.push("tags", tags);
        }
        let object = template_key(template_hash);
        properties.push("stackTemplateAssetObjectUrl", format!("s3://{}/{object}", AssetLocation::BUCKET));
        properties.push("additionalDependencies", vec![assets_id.clone()]);
        let mut dependencies = stack.dependencies.clone();
        dependencies.push(assets_id);
        let mut artifact = Map::new();
        artifact.push("type", "aws:cloudformation:stack");
        artifact.push("environment", environment(&stack.environment));
        artifact.push("properties", properties);
        artifact.push("dependencies", dependencies);
        artifact.push("metadata", construct_paths(stack));
        artifact.push("displayName", stack.name.clone());
        self.0.push(stack.name.clone(), artifact);
    }

    /// The text of `manifest.json`.
    pub(super) fn into_manifest(self) -> String {
        to_json(&Map::from([("version", Value::from(SCHEMA_VERSION)), ("artifacts", self.0.into())]).into()) + "\n"
    }
}

fn environment(environment: &Environment) -> String {
    let account = environment.account_id().unwrap_or("unknown-account");
    let region = environment.region_name().unwrap_or("unknown-region");
    format!("aws://{account}/{region}")
}

/// Which construct each resource comes from: the CDK shows it beside the logical id.
fn construct_paths(stack: &SynthesizedStack) -> Map {
    let mut paths = Map::new();
    for node in &stack.tree {
        if let Some(logical_id) = &node.logical_id {
            let entry = Map::from([("type", Value::from("aws:cdk:logicalId")), ("data", logical_id.clone().into())]);
            paths.push(format!("/{}/{}", stack.name, node.path), vec![entry]);
        }
    }
    paths
}

/// The name of the uploaded template.
fn template_key(template_hash: &str) -> String {
    format!("{template_hash}.json")
}

/// The hash under which a template is uploaded.
pub(super) fn template_hash(template: &str) -> String {
    hexadecimal(&Digest::of_bytes(template.as_bytes()))
}

/// The text of `<stack>.assets.json`. `template_hash` is the [`template_hash`] of the template.
pub(super) fn asset_manifest(stack: &SynthesizedStack, template_hash: &str) -> String {
    let mut files = Map::new();
    let source = Map::from([("path", Value::from(template_name(stack))), ("packaging", "file".into())]);
    let name = format!("the template of {}", stack.name);
    let key = template_key(template_hash);
    files.push(template_hash.to_owned(), file(name, source, key, &stack.environment));
    for asset in &stack.assets {
        files.push(asset.hash.clone(), file(display_name(asset), source_of(asset), asset.key(), &stack.environment));
    }
    to_json(&Map::from([("version", Value::from(SCHEMA_VERSION)), ("files", files.into())]).into()) + "\n"
}

fn file(display_name: String, source: Map, key: String, environment: &Environment) -> Map {
    let mut destination = Map::from([("bucketName", Value::from(AssetLocation::BUCKET)), ("objectKey", key.into())]);
    if let Some(region) = environment.region_name() {
        destination.push("region", region.to_owned());
    }
    let account = environment.account_id().unwrap_or("current_account");
    let region = environment.region_name().unwrap_or("current_region");
    let destinations = Map::from_iter([(Text::Owned(format!("{account}-{region}")), destination.into())]);
    Map::from([
        ("displayName", Value::from(display_name)),
        ("source", source.into()),
        ("destinations", destinations.into()),
    ])
}

fn display_name(asset: &Asset) -> String {
    match &asset.source {
        AssetSource::RustFunction { package, binary } => format!("the function {binary} of {package}"),
        AssetSource::RustBinary { package, binary, .. } => format!("the program {binary} of {package}"),
        AssetSource::Site { folder, .. } => format!("the site {}", folder.display()),
        AssetSource::Folder(path) | AssetSource::File(path) => path.display().to_string(),
    }
}

/// Files and folders lie in the assembly. What must be built is built by stackgen, which prints where the result is.
fn source_of(asset: &Asset) -> Map {
    match &asset.source {
        AssetSource::File(_) => Map::from([("path", Value::from(asset_path(asset))), ("packaging", "file".into())]),
        AssetSource::Folder(_) => Map::from([("path", Value::from(asset_path(asset))), ("packaging", "zip".into())]),
        AssetSource::RustFunction { .. } | AssetSource::RustBinary { .. } | AssetSource::Site { .. } => Map::from([(
            "executable",
            vec!["stackgen".to_owned(), "asset".to_owned(), "build".to_owned(), asset.hash.clone()],
        )]),
    }
}
