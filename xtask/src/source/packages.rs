//! Reading the two packages: where each keeps what.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::Value;

/// What the cfn-lint wheel holds; the fields are those of [`Sources`](super::Sources).
#[derive(Default)]
pub(crate) struct CfnLint {
    pub(crate) schemas: BTreeMap<String, Value>,
    pub(crate) regions: BTreeMap<String, BTreeSet<String>>,
    pub(crate) extensions: BTreeMap<String, BTreeMap<String, Value>>,
    pub(crate) other: BTreeMap<String, Value>,
    pub(crate) iam_actions: Value,
    pub(crate) lambda_runtimes: Value,
    pub(crate) stateful: Value,
}

const DATA: &str = "cfnlint/data/";

/// Reads the data files of the wheel. Schemas have their patches applied there already: the folder `patches` only
/// records them.
pub(crate) fn read_cfn_lint(wheel: &[u8]) -> Result<CfnLint> {
    let mut archive = zip::ZipArchive::new(Cursor::new(wheel)).context("the cfn-lint wheel is no zip archive")?;
    let mut found = CfnLint::default();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        let name = file.name().to_owned();
        let Some(path) = name.strip_prefix(DATA).and_then(|path| path.strip_suffix(".json")) else { continue };
        let mut text = String::new();
        file.read_to_string(&mut text).with_context(|| format!("cannot read {name}"))?;
        let value: Value = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
        match path.split('/').collect::<Vec<_>>()[..] {
            ["schemas", "resources", _] => {
                let type_name =
                    value["typeName"].as_str().with_context(|| format!("{name} has no typeName"))?.to_owned();
                if found.schemas.insert(type_name, value).is_some() {
                    bail!("{name} describes a type that another file describes too");
                }
            }
            ["schemas", "providers", region] => {
                let types = value.as_object().with_context(|| format!("{name} is not a mapping"))?;
                found.regions.insert(region.to_owned(), types.keys().cloned().collect());
            }
            ["schemas", "extensions", folder, rule] => {
                found.extensions.entry(folder.to_owned()).or_default().insert(rule.to_owned(), value);
            }
            ["schemas", "other", folder, file] => {
                found.other.insert(format!("{folder}/{file}"), value);
            }
            ["AdditionalSpecs", "Policies"] => found.iam_actions = value,
            ["AdditionalSpecs", "LmbdRuntimeLifecycle"] => found.lambda_runtimes = value,
            ["AdditionalSpecs", "StatefulResources"] => found.stateful = value,
            _ => {}
        }
    }
    found.extensions = by_type(std::mem::take(&mut found.extensions), &found.schemas);
    if found.schemas.is_empty() || found.regions.is_empty() || found.iam_actions.is_null() {
        bail!("the cfn-lint wheel has no schemas where they are expected: its layout changed");
    }
    Ok(found)
}

/// Names the rules by resource type: their folders are called `aws_sqs_queue`.
fn by_type(
    folders: BTreeMap<String, BTreeMap<String, Value>>,
    schemas: &BTreeMap<String, Value>,
) -> BTreeMap<String, BTreeMap<String, Value>> {
    let types: BTreeMap<String, &String> =
        schemas.keys().map(|name| (name.to_lowercase().replace("::", "_"), name)).collect();
    // Rules that several types of SageMaker share stand in folders that name no type.
    let known = |folder: &str| types.get(folder).map_or_else(|| folder.to_owned(), |name| (*name).clone());
    folders.into_iter().map(|(folder, rules)| (known(&folder), rules)).collect()
}

/// Reads the entity database `db.json.gz` of the npm package.
pub(crate) fn read_service_spec(tarball: &[u8]) -> Result<Value> {
    let mut archive = tar::Archive::new(GzDecoder::new(tarball));
    for entry in archive.entries().context("the aws-service-spec package is no tar archive")? {
        let entry = entry?;
        if entry.path()?.as_os_str() == "package/db.json.gz" {
            let mut text = String::new();
            GzDecoder::new(entry).read_to_string(&mut text).context("cannot inflate db.json.gz")?;
            return serde_json::from_str(&text).context("db.json.gz is not JSON");
        }
    }
    bail!("the aws-service-spec package has no db.json.gz: its layout changed")
}
