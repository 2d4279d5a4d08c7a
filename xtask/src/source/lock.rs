//! `schema.lock`: name, version and hash of each package.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The pinned packages.
#[derive(Debug, Clone)]
pub(crate) struct Lock {
    /// Registry schemas, IAM actions, rules.
    pub(crate) cfn_lint: Package,
    /// Typed references and attribute names of old.
    pub(crate) service_spec: Package,
}

/// One pinned package.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// The name in its registry.
    pub(crate) name: String,
    /// The exact version.
    pub(crate) version: String,
    /// `sha256:` with hexadecimal digits, or `sha512-` with base64, as the registry writes it.
    pub(crate) hash: String,
    /// The licence, by its SPDX identifier.
    pub(crate) licence: String,
}

impl Lock {
    /// Reads `schema.lock` beside this package's manifest.
    pub(crate) fn read() -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.lock");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let table: toml::Table = text.parse().with_context(|| format!("cannot parse {}", path.display()))?;
        Ok(Self { cfn_lint: package(&table, "cfn-lint")?, service_spec: package(&table, "@aws-cdk/aws-service-spec")? })
    }
}

fn package(table: &toml::Table, name: &str) -> Result<Package> {
    let entry = table.get(name).with_context(|| format!("schema.lock has no [{name}]"))?;
    let text = |key: &str| {
        let value = entry.get(key).and_then(toml::Value::as_str);
        value.map(str::to_owned).with_context(|| format!("schema.lock: [{name}] has no `{key}`"))
    };
    Ok(Package { name: name.to_owned(), version: text("version")?, hash: text("hash")?, licence: text("licence")? })
}
