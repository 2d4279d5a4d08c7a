//! The assembly: the folder that synthesis writes, `stackgen.out/` unless said otherwise.
//!
//! | file | holds |
//! | --- | --- |
//! | `<stack>.template.json` | the template of a stack |
//! | `<stack>.assets.json` | what the stack ships, in the CDK's format |
//! | `manifest.json` | the stacks in the CDK's cloud-assembly format: its command line can list, diff and deploy them |
//! | `stackgen.json` | what stackgen needs beyond it: order, moves, sources of assets, the list of files |
//! | `assets/` | the files and folders that stacks ship, under their hashes |
//!
//! The same app gives the same bytes, wherever and whenever it is synthesized.

mod cdk;
mod error;
mod own;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use error::AssemblyError;
pub(crate) use own::OWN_MANIFEST;
pub use read::{LoadedAssembly, LoadedStack};
pub use write::Written;

use crate::assets::{Asset, AssetSource, files_to_ship};
use crate::core::{Synthesis, SynthesizedStack};

/// The files of an assembly, ready to be written.
#[derive(Debug)]
pub struct Assembly {
    files: Vec<AssemblyFile>,
    template_bytes: u64,
}

/// A file of an assembly.
#[derive(Debug)]
struct AssemblyFile {
    /// The path from the assembly down, with `/` between its parts.
    name: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Text(String),
    /// The copy of a file that is shipped. Its name holds the hash of its content.
    Copy(PathBuf),
}

impl Assembly {
    /// The assembly of `synthesis`. Assets are read below `root`, the root of the app.
    pub fn new(synthesis: &Synthesis, root: &Path) -> Result<Self, AssemblyError> {
        let mut files = Vec::new();
        let mut template_bytes = 0;
        let mut artifacts = cdk::Artifacts::default();
        for stack in &synthesis.stacks {
            let template = stack.template.to_json() + "\n";
            template_bytes += template.len() as u64;
            // Hashed once: of a large app that is a good part of the time.
            let hash = cdk::template_hash(&template);
            files.push(AssemblyFile::text(asset_manifest_name(stack), cdk::asset_manifest(stack, &hash)));
            artifacts.add(stack, &hash);
            files.push(AssemblyFile::text(template_name(stack), template));
        }
        let mut shipped = BTreeSet::new();
        for asset in synthesis.stacks.iter().flat_map(|stack| &stack.assets) {
            if shipped.insert(asset.key()) {
                copy_asset(asset, root, &mut files)?;
            }
        }
        files.push(AssemblyFile::text("manifest.json", artifacts.into_manifest()));
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let names = files.iter().map(|file| file.name.as_str());
        let own = own::manifest(synthesis, names);
        files.push(AssemblyFile::text(OWN_MANIFEST, own));
        Ok(Self { files, template_bytes })
    }

    /// Adds each template as YAML too, as `<stack>.template.yaml`, written by `to_yaml`.
    #[must_use]
    pub fn with_yaml(
        mut self,
        synthesis: &Synthesis,
        to_yaml: impl Fn(&stackgen_template::Template) -> String,
    ) -> Self {
        self.files.retain(|file| file.name != OWN_MANIFEST);
        for stack in &synthesis.stacks {
            let name = format!("{}.template.yaml", stack.name);
            self.files.push(AssemblyFile::text(name, to_yaml(&stack.template)));
        }
        self.files.sort_by(|one, other| one.name.cmp(&other.name));
        let own = own::manifest(synthesis, self.files.iter().map(|file| file.name.as_str()));
        self.files.push(AssemblyFile::text(OWN_MANIFEST, own));
        self
    }

    /// The size of all JSON templates, in bytes.
    pub fn template_bytes(&self) -> u64 {
        self.template_bytes
    }

    /// Writes the files into `directory`, which is made when it is absent, and removes what an earlier synthesis wrote
    /// there and this one did not. Each file is whole or as it was before, whenever the program is stopped.
    pub fn write(&self, directory: &Path) -> Result<Written, AssemblyError> {
        write::write(&self.files, directory)
    }
}

impl AssemblyFile {
    fn text(name: impl Into<String>, text: String) -> Self {
        Self { name: name.into(), content: Content::Text(text) }
    }
}

fn copy_asset(asset: &Asset, root: &Path, files: &mut Vec<AssemblyFile>) -> Result<(), AssemblyError> {
    let name = asset_path(asset);
    match &asset.source {
        AssetSource::File(path) => {
            files.push(AssemblyFile { name, content: Content::Copy(root.join(path)) });
        }
        AssetSource::Folder(folder) => {
            for file in files_to_ship(&root.join(folder)).map_err(AssemblyError::asset)? {
                let content = Content::Copy(file.path);
                files.push(AssemblyFile { name: format!("{name}/{}", file.name), content });
            }
        }
        // Built at deployment, from the sources.
        AssetSource::RustFunction { .. } | AssetSource::RustBinary { .. } | AssetSource::Site { .. } => {}
    }
    Ok(())
}

/// Where the copy of a file or folder lies in the assembly.
fn asset_path(asset: &Asset) -> String {
    match asset.source {
        AssetSource::Folder(_) => format!("assets/{}", asset.hash),
        _ => format!("assets/{}", asset.key()),
    }
}

fn template_name(stack: &SynthesizedStack) -> String {
    format!("{}.template.json", stack.name)
}

fn asset_manifest_name(stack: &SynthesizedStack) -> String {
    format!("{}.assets.json", stack.name)
}
