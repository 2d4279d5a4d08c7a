//! `Cargo.lock`: which versions a program is compiled with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::AssetError;
use super::manifest::parse_toml;

/// The packages of a `Cargo.lock`.
#[derive(Debug)]
pub(super) struct Lock {
    packages: Vec<LockedPackage>,
    by_name: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct LockedPackage {
    name: String,
    version: String,
    /// The registry or repository; none for a package of a folder.
    source: Option<String>,
    checksum: Option<String>,
    /// As `Cargo.lock` writes them: `name`, `name version` or `name version (source)`.
    dependencies: Vec<String>,
}

/// What a program reaches in `Cargo.lock`.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// One line a package, sorted.
    pub(super) lines: BTreeSet<String>,
    /// Packages of folders that were reached through others.
    pub(super) folders: BTreeSet<String>,
}

impl Lock {
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, AssetError> {
        let document = parse_toml(text, path)?;
        let mut packages = Vec::new();
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for package in document.get("package").and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let text =
                |key: &str| package.get_ref().get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
            let (Some(name), Some(version)) = (text("name"), text("version")) else { continue };
            let list = package.get_ref().get("dependencies").and_then(|list| list.get_ref().as_array());
            let dependencies =
                list.into_iter().flatten().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect();
            by_name.entry(name.clone()).or_default().push(packages.len());
            packages.push(LockedPackage {
                name,
                version,
                source: text("source"),
                checksum: text("checksum"),
                dependencies,
            });
        }
        Ok(Self { packages, by_name })
    }

    /// Follows the dependencies of the package of a folder that are named in `wanted`: its own ones, without those of
    /// its tests, which `Cargo.lock` does not tell apart.
    pub(super) fn reach(&self, folder_package: &str, wanted: &BTreeSet<&str>, reached: &mut Reached) {
        let Some(package) = self.folder_package(folder_package) else { return };
        let mut open: Vec<usize> = package
            .dependencies
            .iter()
            .filter(|dependency| wanted.contains(name_of(dependency)))
            .filter_map(|dependency| self.find(dependency))
            .collect();
        while let Some(index) = open.pop() {
            let package = &self.packages[index];
            let Some(source) = &package.source else {
                reached.folders.insert(package.name.clone());
                continue;
            };
            let checksum = package.checksum.as_deref().unwrap_or_default();
            if reached.lines.insert(format!("{} {} {source} {checksum}", package.name, package.version)) {
                open.extend(package.dependencies.iter().filter_map(|dependency| self.find(dependency)));
            }
        }
    }

    /// Whether the package of a folder is known: a package that was added later is not.
    pub(super) fn knows(&self, folder_package: &str) -> bool {
        self.folder_package(folder_package).is_some()
    }

    fn folder_package(&self, name: &str) -> Option<&LockedPackage> {
        let candidates = self.by_name.get(name)?;
        candidates.iter().map(|index| &self.packages[*index]).find(|package| package.source.is_none())
    }

    fn find(&self, dependency: &str) -> Option<usize> {
        let mut parts = dependency.splitn(3, ' ');
        let candidates = self.by_name.get(parts.next()?)?;
        let version = parts.next();
        let source = parts.next().map(|source| source.trim_matches(['(', ')']));
        candidates.iter().copied().find(|index| {
            let package = &self.packages[*index];
            version.is_none_or(|version| version == package.version)
                && source.is_none_or(|source| package.source.as_deref() == Some(source))
        })
    }
}

fn name_of(dependency: &str) -> &str {
    dependency.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;

    const LOCK: &str = "version = 4\n\
        [[package]]\nname = 'app'\nversion = '0.1.0'\ndependencies = ['left 1.0.0', 'only-tests', 'shared']\n\
        [[package]]\nname = 'left'\nversion = '1.0.0'\nsource = 'r'\nchecksum = '11'\ndependencies = ['deep']\n\
        [[package]]\nname = 'left'\nversion = '2.0.0'\nsource = 'r'\nchecksum = '22'\n\
        [[package]]\nname = 'deep'\nversion = '3.0.0'\nsource = 'r'\nchecksum = '33'\ndependencies = ['left 1.0.0']\n\
        [[package]]\nname = 'only-tests'\nversion = '1.0.0'\nsource = 'r'\nchecksum = '44'\n\
        [[package]]\nname = 'shared'\nversion = '0.1.0'\n";

    #[test]
    fn only_what_the_program_reaches_counts() {
        let lock = Lock::parse(LOCK, Path::new("Cargo.lock")).unwrap();
        let mut reached = Reached::default();
        lock.reach("app", &BTreeSet::from(["left", "shared"]), &mut reached);
        assert_eq!(reached.lines.into_iter().collect::<Vec<_>>(), ["deep 3.0.0 r 33", "left 1.0.0 r 11"]);
        assert_eq!(reached.folders.into_iter().collect::<Vec<_>>(), ["shared"]);
        assert!(lock.knows("shared") && !lock.knows("left"));
    }
}
