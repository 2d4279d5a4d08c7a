//! The hash of a Rust program.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::lock::Reached;
use super::package::Package;
use super::profile::profile_essence;
use super::workspace::Workspace;
use super::{Architecture, AssetError, Digest};

/// The hash of all that is compiled into `binary` of `package`.
pub(super) fn hash(
    workspace: &mut Workspace,
    kind: &str,
    package: &str,
    binary: &str,
    architecture: Architecture,
) -> Result<String, AssetError> {
    let top = workspace.member(package)?;
    if !workspace.lock.knows(package) {
        return Err(AssetError::new(format!("`Cargo.lock` does not know the package `{package}`"))
            .with_hint("run `cargo generate-lockfile --offline`, or any `cargo build`, and commit `Cargo.lock`"));
    }
    let (packages, reached) = closure(workspace, &top)?;
    let mut digest = Digest::new(kind);
    digest.entry("binary", binary.as_bytes());
    digest.entry("target", architecture.target().as_bytes());
    digest.entry("profile", profile_essence().as_bytes());
    digest.entry("settings", workspace.settings.as_bytes());
    for package in packages.values() {
        let binary = (package.name == top.name).then_some(binary);
        package.hash_into(&mut digest, binary);
        for dependency in &package.manifest.dependencies {
            if dependency.is_inherited
                && let Some((_, essence)) = workspace.manifest.dependencies.get(&dependency.key)
            {
                digest.entry(&dependency.key, essence.as_bytes());
            }
        }
    }
    for line in &reached.lines {
        digest.entry("locked", line.as_bytes());
    }
    Ok(digest.finish())
}

/// The names of the packages of folders that `package` is compiled from.
#[cfg(feature = "build")]
pub(super) fn packages_of(workspace: &mut Workspace, package: &str) -> Result<BTreeSet<String>, AssetError> {
    let top = workspace.member(package)?;
    let (packages, _) = closure(workspace, &top)?;
    Ok(packages.into_keys().collect())
}

/// The packages of folders that `top` is compiled from, by name, and what they reach in `Cargo.lock`.
fn closure(
    workspace: &mut Workspace,
    top: &Rc<Package>,
) -> Result<(BTreeMap<String, Rc<Package>>, Reached), AssetError> {
    let mut packages = BTreeMap::new();
    let mut reached = Reached::default();
    let mut open = vec![Rc::clone(top)];
    loop {
        while let Some(package) = open.pop() {
            if packages.contains_key(&package.name) {
                continue;
            }
            let mut wanted: BTreeSet<&str> = package.dependency_names();
            for dependency in &package.manifest.dependencies {
                wanted.insert(workspace.package_of(dependency));
            }
            workspace.lock.reach(&package.name, &wanted, &mut reached);
            for dependency in &package.manifest.dependencies {
                if let Some(folder) = workspace.folder_of(&package, dependency) {
                    open.push(workspace.package(&folder)?);
                }
            }
            packages.insert(package.name.clone(), package);
        }
        // Packages of folders that only `[patch]` leads to.
        for name in &reached.folders {
            if !packages.contains_key(name)
                && let Some(folder) = workspace.patch(name)
            {
                open.push(workspace.package(&folder)?);
            }
        }
        if open.is_empty() {
            return Ok((packages, reached));
        }
    }
}
