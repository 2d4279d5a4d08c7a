//! The programs of a workspace, as Cargo knows them.

use std::process::Command;

use stackgen_template::{Value, read_json};

use super::BuildError;
use crate::assets::nearest;

/// The packages of a workspace.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) packages: Vec<PackageMetadata>,
}

/// A package with its programs.
#[derive(Debug)]
pub(super) struct PackageMetadata {
    /// What the messages of Cargo call it.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) binaries: Vec<BinaryMetadata>,
}

/// A program.
#[derive(Debug)]
pub(super) struct BinaryMetadata {
    pub(super) name: String,
    pub(super) required_features: Vec<String>,
}

impl Metadata {
    /// Asks Cargo. `command` is `cargo`, in the folder of the workspace.
    pub(super) fn ask(command: &mut Command) -> Result<Self, BuildError> {
        let output = command.args(["metadata", "--no-deps", "--format-version", "1"]).output();
        let output = output.map_err(|error| super::cargo::cannot_run(&error))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(BuildError::new("cargo cannot read the workspace").cause(text.trim_end()));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let document = read_json(&text)
            .map_err(|error| BuildError::new("cargo described the workspace in no JSON").cause(error.to_string()))?;
        Ok(Self::read(&document.value))
    }

    fn read(document: &Value) -> Self {
        let packages = items(document, "packages").map(|package| PackageMetadata {
            id: text(package, "id"),
            name: text(package, "name"),
            binaries: items(package, "targets")
                .filter(|target| items(target, "kind").any(|kind| kind.as_str() == Some("bin")))
                .map(|target| BinaryMetadata {
                    name: text(target, "name"),
                    required_features: items(target, "required-features")
                        .filter_map(|feature| feature.as_str().map(str::to_owned))
                        .collect(),
                })
                .collect(),
        });
        Self { packages: packages.collect() }
    }

    /// The package `package` and its program `binary`.
    pub(super) fn find(&self, package: &str, binary: &str) -> Result<(&PackageMetadata, &BinaryMetadata), BuildError> {
        let Some(found) = self.packages.iter().find(|candidate| candidate.name == package) else {
            let error = BuildError::new(format!("the workspace has no package `{package}`"));
            return Err(suggest(error, package, self.packages.iter().map(|package| package.name.as_str())));
        };
        match found.binaries.iter().find(|candidate| candidate.name == binary) {
            Some(program) => Ok((found, program)),
            None => {
                let error = BuildError::new(format!("the package `{package}` has no program `{binary}`"));
                Err(suggest(error, binary, found.binaries.iter().map(|binary| binary.name.as_str())))
            }
        }
    }

    /// The name of the package with this id.
    pub(super) fn name_of<'a>(&'a self, id: &'a str) -> &'a str {
        match self.packages.iter().find(|package| package.id == id) {
            Some(package) => &package.name,
            None => name_in_id(id),
        }
    }
}

/// The name in an id, which is `…#name@version`, or `…/name#version` where the folder has the name.
fn name_in_id(id: &str) -> &str {
    let Some((source, rest)) = id.rsplit_once('#') else { return id };
    match rest.split_once('@') {
        Some((name, _)) => name,
        None => source.rsplit('/').next().unwrap_or(rest),
    }
}

fn suggest<'a>(error: BuildError, wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> BuildError {
    match nearest(wanted, names.clone()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
            if names.is_empty() {
                return error.hint(format!("put it in `src/bin/{wanted}.rs`"));
            }
            error.hint(format!("there is {}", names.join(", ")))
        }
    }
}

/// The items of a list; none where there is no list.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_list).into_iter().flatten()
}

/// A text; an empty one where there is none.
pub(super) fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_names() {
        assert_eq!(name_in_id("registry+https://example.org/index#serde@1.0.0"), "serde");
        assert_eq!(name_in_id("path+file:///home/app/lambdas/etl#0.1.0"), "etl");
        assert_eq!(name_in_id("path+file:///home/app/stacks#app@0.1.0"), "app");
        assert_eq!(name_in_id("strange"), "strange");
    }
}
