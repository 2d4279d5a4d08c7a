//! What a `Cargo.toml` says that reaches a compiled program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::AssetError;
use super::error::slashes;
use super::profile::{BASE_PROFILE, PROFILE};

/// The parts of a `Cargo.toml` that a program depends on.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// The name of the package; none in the manifest of a workspace without one.
    pub(super) package: Option<String>,
    /// Dependencies of the package itself, without those of its tests.
    pub(super) dependencies: Vec<Dependency>,
    /// Programs that the manifest lists, with their paths where it says them.
    pub(super) binaries: Vec<(String, Option<String>)>,
    /// All that matters of the package, in one form whatever its layout.
    pub(super) essence: String,
    /// The workspace, in its root.
    pub(super) workspace: Option<WorkspaceManifest>,
}

/// A dependency of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The name in the manifest.
    pub(super) key: String,
    /// The name of the package, which may be another.
    pub(super) package: String,
    /// Where it lies, when it is a folder.
    pub(super) path: Option<String>,
    /// Whether the workspace says the rest.
    pub(super) is_inherited: bool,
}

/// What the root of a workspace says.
#[derive(Debug, Default)]
pub(super) struct WorkspaceManifest {
    pub(super) members: Vec<String>,
    pub(super) exclude: Vec<String>,
    /// The dependencies that members inherit, each with its essence.
    pub(super) dependencies: BTreeMap<String, (Dependency, String)>,
    /// Profiles, the fields that members inherit, the resolver.
    pub(super) essence: String,
    /// Packages that `[patch]` takes from folders.
    pub(super) patches: Vec<Dependency>,
}

/// Sections that compile nothing into a program.
const WITHOUT_EFFECT: [&str; 8] =
    ["lints", "dev-dependencies", "dev_dependencies", "badges", "bench", "test", "example", "bin"];

impl Manifest {
    /// Reads the manifest at `path`, whose content is `text`.
    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, AssetError> {
        let document = parse_toml(text, path)?;
        let mut manifest = Self::default();
        if let Some(package) = table(&document, "package") {
            manifest.package = package.get("name").and_then(|name| name.get_ref().as_str()).map(str::to_owned);
        }
        collect_dependencies(&document, &mut manifest.dependencies);
        for (_, target) in table(&document, "target").into_iter().flatten() {
            if let Some(target) = target.get_ref().as_table() {
                collect_dependencies(target, &mut manifest.dependencies);
            }
        }
        for binary in document.get("bin").and_then(|list| list.get_ref().as_array()).into_iter().flatten() {
            let text = |key: &str| binary.get_ref().get(key).and_then(|value| value.get_ref().as_str());
            if let Some(name) = text("name") {
                manifest.binaries.push((name.to_owned(), text("path").map(str::to_owned)));
            }
        }
        for (key, value) in &document {
            let key = key.get_ref();
            if !WITHOUT_EFFECT.contains(&&**key) && !["workspace", "profile", "patch", "replace"].contains(&&**key) {
                write_entry(&mut manifest.essence, key, value.get_ref());
            }
        }
        manifest.workspace = table(&document, "workspace").map(|workspace| read_workspace(&document, workspace));
        if manifest.workspace.is_none() && ["profile", "patch"].iter().any(|key| document.contains_key(*key)) {
            // A package that is a workspace of its own.
            manifest.workspace = Some(read_workspace(&document, &DeTable::new()));
        }
        Ok(manifest)
    }
}

/// Reads a TOML document.
pub(super) fn parse_toml<'a>(text: &'a str, path: &Path) -> Result<DeTable<'a>, AssetError> {
    DeTable::parse(text).map(toml::Spanned::into_inner).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        AssetError::new(format!("cannot read `{}`, line {line}: {}", slashes(path), error.message()))
    })
}

fn read_workspace(document: &DeTable<'_>, workspace: &DeTable<'_>) -> WorkspaceManifest {
    let texts = |key: &str| -> Vec<String> {
        let list = workspace.get(key).and_then(|list| list.get_ref().as_array());
        list.into_iter().flatten().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
    };
    let mut essence = String::new();
    for key in ["package", "resolver"] {
        if let Some(value) = workspace.get(key) {
            write_entry(&mut essence, key, value.get_ref());
        }
    }
    if let Some(value) = document.get("replace") {
        write_entry(&mut essence, "replace", value.get_ref());
    }
    write_profiles(&mut essence, document);
    let dependencies = table(workspace, "dependencies")
        .into_iter()
        .flatten()
        .map(|(key, value)| {
            let mut text = String::new();
            write_value(&mut text, value.get_ref());
            (key.get_ref().to_string(), (dependency(key.get_ref(), value.get_ref()), text))
        })
        .collect();
    let patches = table(document, "patch")
        .into_iter()
        .flatten()
        .filter_map(|(_, registry)| registry.get_ref().as_table())
        .flatten()
        .map(|(key, value)| dependency(key.get_ref(), value.get_ref()))
        .collect();
    WorkspaceManifest { members: texts("members"), exclude: texts("exclude"), dependencies, essence, patches }
}

/// Writes the profile that programs are built with, and those that it inherits from.
fn write_profiles(essence: &mut String, document: &DeTable<'_>) {
    let Some(profiles) = table(document, "profile") else { return };
    let mut name = PROFILE;
    // No more steps than there are profiles: some may inherit from each other.
    for _ in 0..=profiles.len() {
        let profile = table(profiles, name);
        if let Some((_, profile)) = profiles.iter().find(|(key, _)| *key.get_ref() == name) {
            write_entry(essence, name, profile.get_ref());
        }
        let inherits = profile.and_then(|profile| profile.get("inherits")).and_then(|name| name.get_ref().as_str());
        name = match inherits {
            Some(inherits) => inherits,
            None if name == PROFILE => BASE_PROFILE,
            None => return,
        };
    }
}

/// Adds the dependencies of a manifest, or of one of its `[target.…]` tables.
fn collect_dependencies(from: &DeTable<'_>, to: &mut Vec<Dependency>) {
    for section in ["dependencies", "build-dependencies", "build_dependencies"] {
        for (key, value) in table(from, section).into_iter().flatten() {
            to.push(dependency(key.get_ref(), value.get_ref()));
        }
    }
}

fn dependency(key: &str, value: &DeValue<'_>) -> Dependency {
    let text = |name: &str| value.get(name).and_then(|value| value.get_ref().as_str()).map(str::to_owned);
    Dependency {
        key: key.to_owned(),
        package: text("package").unwrap_or_else(|| key.to_owned()),
        path: text("path"),
        is_inherited: value.get("workspace").and_then(|value| value.get_ref().as_bool()) == Some(true),
    }
}

pub(super) fn table<'a, 'i>(parent: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    parent.get(key)?.get_ref().as_table()
}

/// Writes `key` and `value` in one form whatever their layout was: keys sorted, no comments.
pub(super) fn write_entry(output: &mut String, key: &str, value: &DeValue<'_>) {
    let _ = write!(output, "{key:?}=");
    write_value(output, value);
    output.push('\n');
}

fn write_value(output: &mut String, value: &DeValue<'_>) {
    match value {
        DeValue::String(text) => drop(write!(output, "{text:?}")),
        DeValue::Integer(number) => drop(write!(output, "{}/{}", number.as_str(), number.radix())),
        DeValue::Float(number) => output.push_str(number.as_str()),
        DeValue::Boolean(value) => drop(write!(output, "{value}")),
        DeValue::Datetime(value) => drop(write!(output, "{value}")),
        DeValue::Array(items) => {
            output.push('[');
            for item in items {
                write_value(output, item.get_ref());
                output.push(',');
            }
            output.push(']');
        }
        DeValue::Table(entries) => {
            output.push('{');
            for (key, value) in entries {
                if WITHOUT_EFFECT.contains(&&**key.get_ref()) {
                    continue;
                }
                let _ = write!(output, "{:?}=", key.get_ref());
                write_value(output, value.get_ref());
                output.push(',');
            }
            output.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]

    use super::*;

    fn parse(text: &str) -> Manifest {
        Manifest::parse(text, Path::new("Cargo.toml")).unwrap()
    }

    #[test]
    fn layout_comments_and_tests_do_not_matter_and_features_do() {
        let one = parse("[package]\nname = 'a'\n[dependencies]\nx = { version = '1', features = ['f'] }\n");
        let same = parse(
            "# why\n[dependencies.x]\nfeatures = [\"f\"]\nversion = \"1\"\n[package]\nname = \"a\"\n\
             [dev-dependencies]\ny = '2'\n[lints]\nworkspace = true\n",
        );
        let other = parse("[package]\nname = 'a'\n[dependencies]\nx = { version = '1', features = ['g'] }\n");
        assert_eq!(one.essence, same.essence);
        assert_ne!(one.essence, other.essence);
    }

    #[test]
    fn dependencies_are_those_of_the_program() {
        let manifest = parse(
            "[dependencies]\na = '1'\nb = { path = '../b', package = 'bee' }\nc.workspace = true\n\
             [dev-dependencies]\nd = '1'\n[target.'cfg(unix)'.dependencies]\ne = '1'\n[build-dependencies]\nf = '1'\n",
        );
        let names: Vec<_> = manifest.dependencies.iter().map(|dependency| dependency.package.as_str()).collect();
        assert_eq!(names, ["a", "bee", "c", "f", "e"]);
        assert_eq!(manifest.dependencies[1].path.as_deref(), Some("../b"));
        assert!(manifest.dependencies[2].is_inherited);
    }

    #[test]
    fn of_the_profiles_only_that_of_programs_counts() {
        let essence = |profiles: &str| parse(&format!("[workspace]\n{profiles}")).workspace.unwrap().essence;
        let inherited = essence("[profile.release]\nlto = true\n");
        assert_ne!(inherited, essence("[profile.release]\nlto = false\n"));
        assert_eq!(inherited, essence("[profile.release]\nlto = true\n[profile.dev]\ndebug = 0\n"));
        let chain = "[profile.lambda]\ninherits = 'small'\n[profile.small]\ninherits = 'dev'\n";
        assert_ne!(essence(chain), essence(&format!("{chain}[profile.dev]\ndebug = 0\n")));
        assert_eq!(essence(chain), essence(&format!("{chain}[profile.release]\ndebug = 0\n")));
        let circle = "[profile.lambda]\ninherits = 'small'\n[profile.small]\ninherits = 'lambda'\n";
        assert!(essence(circle).contains("small"));
    }

    #[test]
    fn a_file_that_is_not_toml_is_an_error_with_its_line() {
        let error = Manifest::parse("[package]\nname = \n", Path::new("./sub/Cargo.toml")).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `sub/Cargo.toml`, line 2: "), "{error}");
    }
}
