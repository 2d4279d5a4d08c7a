//! Builds the assets of an app.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::metadata::Metadata;
use super::object::object_keys;
use super::pack::{ProgramJob, pack_folder, pack_programs, pack_stand_in};
use super::selection::{Program, select};
use super::tools::Tools;
use super::{BuildError, BuildEvent, BuildOptions, BuiltAsset, BuiltObject, cargo, site};
use crate::assembly::LoadedAssembly;
use crate::assets::error::slashes;
use crate::assets::profile::PROFILE;
use crate::assets::{Asset, AssetHasher, AssetSource};

/// Builds the assets of an app.
#[derive(Debug)]
#[must_use]
pub struct AssetBuilder {
    root: PathBuf,
    options: BuildOptions,
    pub(super) tools: Tools,
    /// The programs of the app, whether they are to be built or not.
    programs: BTreeSet<Program>,
    /// Files and folders that are shipped as they are, by key.
    copies: BTreeMap<String, PathBuf>,
}

/// When sources are compared with the hash that an asset is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    After,
}

impl AssetBuilder {
    /// A builder of assets with paths from `root`: the folder with the workspace's `Cargo.lock`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let options = BuildOptions::default();
        let tools = Tools::of_environment(None);
        Self { root: absolute(root.into()), options, tools, programs: BTreeSet::new(), copies: BTreeMap::new() }
    }

    /// Sets how assets are built.
    pub fn options(mut self, options: BuildOptions) -> Self {
        self.tools = Tools::of_environment(options.target.as_ref().map(|target| self.root.join(target)));
        self.options = options;
        self
    }

    /// Takes files and folders from the copies in the assembly. Features of dependencies are chosen for all its programs
    /// together, whichever of them are to be built: else each choice would compile those dependencies again.
    pub fn of_assembly(mut self, assembly: &LoadedAssembly) -> Self {
        self.programs.extend(assembly.assets().values().filter_map(Program::of));
        for (key, asset) in assembly.assets() {
            if let Some(copy) = assembly.copy_of(asset) {
                self.copies.insert(key.clone(), absolute(copy));
            }
        }
        self
    }

    /// Where what was built lies.
    pub fn cache_folder(&self) -> PathBuf {
        if let Some(cache) = &self.options.cache {
            return self.root.join(cache);
        }
        let of_environment = || env::var_os("CARGO_TARGET_DIR").or_else(|| env::var_os("CARGO_BUILD_TARGET_DIR"));
        let target = self.options.target.clone().or_else(|| of_environment().map(PathBuf::from));
        let folder = self.root.join(target.unwrap_or_else(|| "target".into())).join("stackgen/assets");
        // Keys tell sources from each other, not what is made of them in other ways.
        let folder = if self.options.profile == PROFILE { folder } else { folder.join(&self.options.profile) };
        if self.options.stand_ins { folder.join("stand-ins") } else { folder }
    }

    /// Builds what is not built yet of `assets`, and gives the files of all, sorted by key.
    pub fn build(&self, assets: &[Asset], listener: &mut dyn FnMut(BuildEvent)) -> Result<Vec<BuiltAsset>, BuildError> {
        let cache = Cache::new(self.cache_folder());
        let assets: BTreeMap<String, &Asset> = assets.iter().map(|asset| (asset.key(), asset)).collect();
        let is_there = |asset: &Asset| object_keys(asset).iter().all(|key| cache.path(key).is_file());
        let (files, others): (Vec<&Asset>, Vec<&Asset>) =
            assets.values().partition(|asset| matches!(asset.source, AssetSource::File(_)));
        let missing: Vec<&Asset> = others.into_iter().filter(|asset| !is_there(asset)).collect();
        self.refuse_to_build(&missing, &cache)?;
        self.compare(files.into_iter().chain(missing.iter().copied()), Moment::Before)?;
        self.build_programs(&missing, &cache, listener)?;
        for asset in missing {
            match &asset.source {
                AssetSource::Site { folder, output, command } => {
                    site::build(&self.tools, &self.root, (folder, output, command), listener)?;
                    self.compare([asset], Moment::After)?;
                    listener(pack_folder(&cache, asset, &self.root.join(folder).join(output))?);
                }
                AssetSource::Folder(folder) => listener(pack_folder(&cache, asset, &self.place(asset, folder))?),
                _ => {}
            }
        }
        cache.tidy(&assets.values().flat_map(|asset| object_keys(asset)).collect());
        assets.into_iter().map(|(key, asset)| self.built(key, asset, &cache)).collect()
    }

    /// Without leave to build, all that needs it must be there.
    fn refuse_to_build(&self, missing: &[&Asset], cache: &Cache) -> Result<(), BuildError> {
        let names: Vec<String> = missing
            .iter()
            .filter(|asset| !matches!(asset.source, AssetSource::Folder(_)))
            .map(|asset| format!("{}: {}", describe(asset), object_keys(asset).join(", ")))
            .collect();
        if names.is_empty() || !self.options.no_build {
            return Ok(());
        }
        let folder = slashes(cache.folder());
        let message = format!("nothing is to be built, and {} of the assets are not in `{folder}`", names.len());
        Err(BuildError::new(message).cause(names.join("\n")).hint(format!(
            "run the command without `--no-build`, or bring the content of `{folder}` from the job that built it"
        )))
    }

    /// Compiles, checks and packs the programs among `missing`.
    fn build_programs(
        &self,
        missing: &[&Asset],
        cache: &Cache,
        listener: &mut dyn FnMut(BuildEvent),
    ) -> Result<(), BuildError> {
        let programs: Vec<(&Asset, Program)> =
            missing.iter().filter_map(|asset| Some((*asset, Program::of(asset)?))).collect();
        if programs.is_empty() {
            return Ok(());
        }
        let metadata = Metadata::ask(&mut self.tools.cargo(&self.root))?;
        let mut wanted = BTreeSet::new();
        for (asset, program) in &programs {
            if self.options.stand_ins && metadata.find(&program.package, &program.binary).is_err() {
                pack_stand_in(cache, asset, program)?.into_iter().for_each(&mut *listener);
            } else {
                wanted.insert(program.clone());
            }
        }
        refuse_unknown(&metadata, &wanted)?;
        for selection in select(&metadata, &wanted, &self.programs)? {
            let BuildOptions { profile, zig, .. } = &self.options;
            let executables = cargo::build(&self.tools, &self.root, &metadata, &selection, profile, *zig, listener)?;
            let mut jobs = Vec::new();
            for (asset, program) in &programs {
                if let Some(path) = executables.get(program) {
                    jobs.push(ProgramJob { asset, program, path });
                }
            }
            self.compare(jobs.iter().map(|job| job.asset), Moment::After)?;
            // Before the next run, which may write other programs to the same files.
            pack_programs(cache, &jobs, listener)?;
        }
        Ok(())
    }

    /// An asset is what its key says only while its sources are those that were hashed.
    fn compare<'a>(&self, assets: impl IntoIterator<Item = &'a Asset>, moment: Moment) -> Result<(), BuildError> {
        let mut hasher = AssetHasher::new(&self.root);
        for asset in assets {
            if let Some(architecture) = asset.architecture {
                hasher.set_architecture(architecture);
            }
            let source = match &asset.source {
                AssetSource::File(file) => AssetSource::File(self.place(asset, file)),
                AssetSource::Folder(folder) => AssetSource::Folder(self.place(asset, folder)),
                other => other.clone(),
            };
            if hasher.asset(source)?.hash == asset.hash {
                continue;
            }
            let (what, key) = (describe(asset), asset.key());
            let is_site = matches!(asset.source, AssetSource::Site { .. });
            let (message, hint) = match moment {
                Moment::Before if self.copies.contains_key(&key) => {
                    (format!("the copy of {what} in the assembly is not what was synthesized"), "run `synth` again")
                }
                Moment::Before => (format!("the sources of {what} changed since the synthesis"), "run `synth` again"),
                Moment::After if is_site => (
                    format!("the sources of {what} changed while it was built"),
                    "let its command write below its output only; if it was you who changed them, run the command again",
                ),
                Moment::After => (format!("the sources of {what} changed while it was built"), "run the command again"),
            };
            return Err(BuildError::new(message).hint(hint));
        }
        Ok(())
    }

    /// Where a file or folder that is shipped as it is, is read.
    fn place(&self, asset: &Asset, path: &Path) -> PathBuf {
        match self.copies.get(&asset.key()) {
            Some(copy) => copy.clone(),
            None => self.root.join(path),
        }
    }

    fn built(&self, key: String, asset: &Asset, cache: &Cache) -> Result<BuiltAsset, BuildError> {
        let objects = object_keys(asset).into_iter().map(|key| {
            let path = match &asset.source {
                AssetSource::File(file) => self.place(asset, file),
                _ => cache.path(&key),
            };
            let metadata = fs::metadata(&path).map_err(|error| BuildError::file("read", &path, error))?;
            Ok(BuiltObject { key, path, bytes: metadata.len() })
        });
        Ok(BuiltAsset { key, objects: objects.collect::<Result<_, BuildError>>()? })
    }
}

/// All programs must be there: whoever has to write ten of them wants to know of all ten.
fn refuse_unknown(metadata: &Metadata, wanted: &BTreeSet<Program>) -> Result<(), BuildError> {
    let find = |program: &Program| metadata.find(&program.package, &program.binary).err();
    let mut unknown: Vec<BuildError> = wanted.iter().filter_map(find).collect();
    match unknown.len() {
        0 => Ok(()),
        1 => Err(unknown.remove(0)),
        count => {
            let lines: Vec<String> =
                unknown.iter().map(|error| format!("{error}: {}", error.hint_text().unwrap_or_default())).collect();
            Err(BuildError::new(format!("{count} programs are not there")).cause(lines.join("\n")))
        }
    }
}

/// The path from the root of the system: commands run in folders of their own.
fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// An asset, for people.
fn describe(asset: &Asset) -> String {
    match &asset.source {
        AssetSource::RustFunction { package, binary } => format!("the function `{binary}` of `{package}`"),
        AssetSource::RustBinary { package, binary, architecture } => {
            format!("the program `{binary}` of `{package}` for {architecture}")
        }
        AssetSource::Site { folder, .. } => format!("the site `{}`", slashes(folder)),
        AssetSource::Folder(folder) => format!("the folder `{}`", slashes(folder)),
        AssetSource::File(file) => format!("the file `{}`", slashes(file)),
    }
}
