//! Reads an assembly that a synthesis wrote, here or on another machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use stackgen_template::{Template, Value, read_json};

use crate::assets::{Asset, AssetSource};
use crate::core::{Environment, Move};

use super::AssemblyError;
use super::own::{OWN_MANIFEST, VERSION};

/// An assembly, read from its folder.
#[derive(Debug)]
pub struct LoadedAssembly {
    folder: PathBuf,
    stacks: Vec<LoadedStack>,
    assets: BTreeMap<String, Asset>,
}

/// A stack of an assembly.
#[derive(Debug)]
pub struct LoadedStack {
    /// The name.
    pub name: String,
    /// The text of its template, as it is deployed.
    pub text: String,
    /// Its template.
    pub template: Template,
    /// The names of the stacks that are deployed before it.
    pub dependencies: Vec<String>,
    /// The account and region that it is for, where it says so.
    pub environment: Environment,
    /// Whether it is protected against deletion.
    pub termination_protection: bool,
    /// The tags of the stack, with their values.
    pub tags: BTreeMap<String, String>,
    /// Resources that changed their logical id.
    pub moves: Vec<Move>,
    /// The keys of what it ships.
    pub assets: Vec<String>,
}

impl LoadedAssembly {
    /// Reads the assembly in `folder`.
    pub fn read(folder: impl Into<PathBuf>) -> Result<Self, AssemblyError> {
        let folder = folder.into();
        let path = folder.join(OWN_MANIFEST);
        if !path.is_file() {
            let message = format!("`{}` is no assembly: it has no `{OWN_MANIFEST}`", folder.display());
            return Err(AssemblyError::new(message).with_hint("write one with `synth`"));
        }
        let manifest = Entry { value: &parse(&path)?, place: OWN_MANIFEST.to_owned(), path: &path };
        let version = manifest.get("version")?.value.as_number().and_then(stackgen_template::Number::as_i64);
        if version != Some(VERSION) {
            let message = format!("`{}` has a format that this version cannot read", path.display());
            return Err(AssemblyError::new(message).with_hint("write the assembly again, with `synth`"));
        }
        let assets = manifest.get("assets")?.items()?.iter().map(read_asset).collect::<Result<_, _>>()?;
        let stacks = manifest.get("stacks")?.items()?;
        let stacks = stacks.iter().map(|stack| read_stack(&folder, stack)).collect::<Result<Vec<_>, _>>()?;
        let assembly = Self { folder, stacks, assets };
        assembly.check(&path)?;
        Ok(assembly)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The stacks, in the order of their deployment.
    pub fn stacks(&self) -> &[LoadedStack] {
        &self.stacks
    }

    /// The stack called `name`.
    pub fn stack(&self, name: &str) -> Option<&LoadedStack> {
        self.stacks.iter().find(|stack| stack.name == name)
    }

    /// What stacks ship, by key.
    pub fn assets(&self) -> &BTreeMap<String, Asset> {
        &self.assets
    }

    /// The copy of a file or folder that is shipped as it is; none of what is built at deployment.
    pub fn copy_of(&self, asset: &Asset) -> Option<PathBuf> {
        match asset.source {
            AssetSource::File(_) | AssetSource::Folder(_) => Some(self.folder.join(super::asset_path(asset))),
            _ => None,
        }
    }

    /// Every stack comes after those that it depends on, and every asset that a stack names is there.
    fn check(&self, path: &Path) -> Result<(), AssemblyError> {
        let mut before = BTreeSet::new();
        for stack in &self.stacks {
            let wrong = stack.dependencies.iter().find(|name| !before.contains(name.as_str()));
            if let Some(name) = wrong {
                return Err(AssemblyError::content(
                    path,
                    &format!("`{}` comes before `{name}`, which it needs", stack.name),
                ));
            }
            if let Some(key) = stack.assets.iter().find(|key| !self.assets.contains_key(key.as_str())) {
                return Err(AssemblyError::content(
                    path,
                    &format!("`{}` ships `{key}`, which is not there", stack.name),
                ));
            }
            if !before.insert(stack.name.as_str()) {
                return Err(AssemblyError::content(path, &format!("`{}` is there twice", stack.name)));
            }
        }
        Ok(())
    }
}

fn read_stack(folder: &Path, entry: &Entry<'_>) -> Result<LoadedStack, AssemblyError> {
    let path = folder.join(entry.get("template")?.relative_path()?);
    let text = fs::read_to_string(&path).map_err(|error| AssemblyError::reading(&path, error))?;
    let Value::Map(template) = parse(&path)? else { return Err(AssemblyError::content(&path, &"it is no template")) };
    let mut environment = Environment::default();
    if let Some(account) = entry.optional("account") {
        environment = environment.account(account.text()?);
    }
    if let Some(region) = entry.optional("region") {
        environment = environment.region(region.text()?);
    }
    let moves = entry.get("moves")?.items()?;
    let moves =
        moves.iter().map(|record| Ok(Move { from: record.get("from")?.text()?, to: record.get("to")?.text()? }));
    Ok(LoadedStack {
        name: entry.get("name")?.text()?,
        text,
        template: Template::from(template),
        dependencies: entry.get("dependencies")?.texts()?,
        environment,
        termination_protection: entry.get("terminationProtection")?.value == &Value::Bool(true),
        tags: entry.get("tags")?.map()?,
        moves: moves.collect::<Result<_, AssemblyError>>()?,
        assets: entry.get("assets")?.texts()?,
    })
}

fn read_asset(entry: &Entry<'_>) -> Result<(String, Asset), AssemblyError> {
    let architecture = match entry.optional("architecture") {
        Some(architecture) => Some(architecture.text()?.parse().map_err(|error| architecture.wrong(&error))?),
        None => None,
    };
    let kind = entry.get("kind")?;
    let source = match kind.text()?.as_str() {
        "rust-function" => {
            AssetSource::RustFunction { package: entry.get("package")?.text()?, binary: entry.get("binary")?.text()? }
        }
        "rust-binary" => AssetSource::RustBinary {
            package: entry.get("package")?.text()?,
            binary: entry.get("binary")?.text()?,
            architecture: architecture.unwrap_or_default(),
        },
        "site" => AssetSource::Site {
            folder: entry.get("folder")?.text()?.into(),
            output: entry.get("output")?.text()?.into(),
            command: entry.get("command")?.texts()?,
        },
        "folder" => AssetSource::Folder(entry.get("folder")?.text()?.into()),
        "file" => AssetSource::File(entry.get("file")?.text()?.into()),
        other => return Err(kind.wrong(&format!("`{other}` is no kind of asset"))),
    };
    let asset = Asset { source, hash: entry.get("hash")?.text()?, architecture };
    let key = entry.get("key")?;
    if asset.key() != key.text()? {
        return Err(key.wrong(&format!("it is not the key of the asset, which is `{}`", asset.key())));
    }
    Ok((asset.key(), asset))
}

fn parse(path: &Path) -> Result<Value, AssemblyError> {
    let text = fs::read_to_string(path).map_err(|error| AssemblyError::reading(path, error))?;
    read_json(&text).map(|document| document.value).map_err(|error| AssemblyError::content(path, &error))
}

/// A value of the manifest, and where it stands.
struct Entry<'a> {
    value: &'a Value,
    place: String,
    path: &'a Path,
}

impl<'a> Entry<'a> {
    fn get(&self, key: &str) -> Result<Entry<'a>, AssemblyError> {
        self.optional(key).ok_or_else(|| self.wrong(&format!("`{key}` is missing")))
    }

    fn optional(&self, key: &str) -> Option<Entry<'a>> {
        let value = self.value.get(key)?;
        Some(Entry { value, place: format!("{}/{key}", self.place), path: self.path })
    }

    fn items(&self) -> Result<Vec<Entry<'a>>, AssemblyError> {
        let items = self.value.as_list().ok_or_else(|| self.wrong(&"it is no list"))?;
        let entry = |(index, value)| Entry { value, place: format!("{}/{index}", self.place), path: self.path };
        Ok(items.iter().enumerate().map(entry).collect())
    }

    fn text(&self) -> Result<String, AssemblyError> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.wrong(&"it is no text"))
    }

    fn texts(&self) -> Result<Vec<String>, AssemblyError> {
        self.items()?.iter().map(Entry::text).collect()
    }

    fn map(&self) -> Result<BTreeMap<String, String>, AssemblyError> {
        let map = self.value.as_map().ok_or_else(|| self.wrong(&"it is no mapping"))?;
        map.iter().map(|(key, _)| Ok((key.to_string(), self.get(key)?.text()?))).collect()
    }

    /// A path that stays within the assembly, whoever wrote the manifest.
    fn relative_path(&self) -> Result<PathBuf, AssemblyError> {
        let path = PathBuf::from(self.text()?);
        let stays = path.components().all(|part| matches!(part, Component::Normal(_)));
        if stays { Ok(path) } else { Err(self.wrong(&"it leads out of the assembly")) }
    }

    fn wrong(&self, what: &dyn std::fmt::Display) -> AssemblyError {
        AssemblyError::content(self.path, &format!("{}: {what}", self.place))
    }
}
