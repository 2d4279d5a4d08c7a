//! `stackgen.json`: what stackgen needs of an assembly beyond the CDK's files.

use std::collections::BTreeMap;

use stackgen_template::{Map, Text, Value, to_json};

use crate::assets::{Asset, AssetSource};
use crate::core::{Synthesis, SynthesizedStack};

use super::template_name;

/// The name of our own manifest. A folder that holds it is an assembly.
pub(crate) const OWN_MANIFEST: &str = "stackgen.json";

/// The version of the format. Readers refuse a higher one.
pub(super) const VERSION: i64 = 1;

/// The text of the manifest. `files` are all other files of the assembly, sorted.
pub(super) fn manifest<'a>(synthesis: &Synthesis, files: impl Iterator<Item = &'a str>) -> String {
    let stacks: Vec<Value> = synthesis.stacks.iter().map(|stack| self::stack(stack).into()).collect();
    let assets: BTreeMap<String, &Asset> =
        synthesis.stacks.iter().flat_map(|stack| &stack.assets).map(|asset| (asset.key(), asset)).collect();
    let assets: Vec<Value> = assets.into_iter().map(|(key, asset)| self::asset(key, asset).into()).collect();
    let files: Vec<Value> = files.map(|name| Value::from(name.to_owned())).collect();
    let manifest = Map::from([
        ("version", Value::from(VERSION)),
        ("stacks", stacks.into()),
        ("assets", assets.into()),
        ("files", files.into()),
    ]);
    to_json(&manifest.into()) + "\n"
}

/// A stack; stacks stand in the order of their deployment.
fn stack(stack: &SynthesizedStack) -> Map {
    let mut map = Map::new();
    map.push("name", stack.name.clone());
    map.push("template", template_name(stack));
    map.push("dependencies", stack.dependencies.clone());
    if let Some(account) = stack.environment.account_id() {
        map.push("account", account.to_owned());
    }
    if let Some(region) = stack.environment.region_name() {
        map.push("region", region.to_owned());
    }
    map.push("terminationProtection", stack.termination_protection);
    let tags: Map = stack.tags.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
    map.push("tags", tags);
    let moves: Vec<Value> = stack
        .moves
        .iter()
        .map(|record| Map::from([("from", record.from.clone()), ("to", record.to.clone())]).into())
        .collect();
    map.push("moves", moves);
    map.push("assets", stack.assets.iter().map(Asset::key).collect::<Vec<_>>());
    map
}

fn asset(key: String, asset: &Asset) -> Map {
    let path = |path: &std::path::Path| Value::from(path.to_string_lossy().replace('\\', "/"));
    let mut map = Map::from([("key", key), ("hash", asset.hash.clone())]);
    match &asset.source {
        AssetSource::RustFunction { package, binary } => {
            program(&mut map, "rust-function", package, binary);
        }
        AssetSource::RustBinary { package, binary, .. } => program(&mut map, "rust-binary", package, binary),
        AssetSource::Site { folder, output, command } => {
            map.push("kind", "site");
            map.push("folder", path(folder));
            map.push("output", path(output));
            map.push("command", command.clone());
        }
        AssetSource::Folder(folder) => {
            map.push("kind", "folder");
            map.push("folder", path(folder));
        }
        AssetSource::File(file) => {
            map.push("kind", "file");
            map.push("file", path(file));
        }
    }
    if let Some(architecture) = asset.architecture {
        map.push("architecture", architecture.as_str());
    }
    map
}

fn program(map: &mut Map, kind: &'static str, package: &str, binary: &str) {
    map.push("kind", Text::Borrowed(kind));
    map.push("package", package.to_owned());
    map.push("binary", binary.to_owned());
}
