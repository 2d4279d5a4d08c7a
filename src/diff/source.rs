//! Where templates to compare come from: files, folders, and revisions of the app.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use stackgen_template::{Document, ResourceView, Template, Value, read_bytes};

use crate::assembly::{LoadedAssembly, OWN_MANIFEST};

use super::StackTemplate;

/// The manifest of an assembly of the CDK.
const CDK_MANIFEST: &str = "manifest.json";

/// How deep stacks are nested at most. CloudFormation takes five.
const DEPTH: usize = 8;

/// Why templates cannot be had.
#[derive(Debug)]
pub struct SourceError {
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SourceError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, source: None }
    }

    pub(super) fn because(mut self, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(error.into());
        self
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to do.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as &(dyn Error + 'static))
    }
}

/// Reads the stacks of a file or folder: a template, an assembly of stackgen or of the CDK, or a folder of templates.
///
/// A stack is called as its manifest says, else as its file without `.template` and without the ending. Templates of nested
/// stacks are read where a file is named.
pub fn read_stacks(path: &Path) -> Result<Vec<StackTemplate>, SourceError> {
    if path.is_dir() {
        return read_folder(path);
    }
    if !path.exists() {
        let error = SourceError::new(format!("there is no `{}` to compare with", path.display()));
        return Err(error.with_hint("`synth -o DIR` writes the templates of today, to compare with tomorrow"));
    }
    let template = read_template(path)?;
    Ok(vec![with_nested(stack_name(path), template, path, DEPTH)])
}

fn read_folder(folder: &Path) -> Result<Vec<StackTemplate>, SourceError> {
    let stacks = if folder.join(OWN_MANIFEST).is_file() {
        read_assembly(folder)?
    } else if folder.join(CDK_MANIFEST).is_file() {
        read_cdk_assembly(folder, DEPTH)?
    } else {
        read_templates(folder)?
    };
    if stacks.is_empty() {
        let error = SourceError::new(format!("`{}` holds no template", folder.display()));
        return Err(error.with_hint("`synth` writes the templates of an app to a folder"));
    }
    Ok(stacks)
}

fn read_assembly(folder: &Path) -> Result<Vec<StackTemplate>, SourceError> {
    let assembly = LoadedAssembly::read(folder)
        .map_err(|error| SourceError::new(format!("cannot read the assembly `{}`", folder.display())).because(error))?;
    let stacks = assembly.stacks().iter().map(|stack| {
        let path = folder.join(format!("{}.template.json", stack.name));
        let read = with_nested(stack.name.clone(), stack.template.clone(), &path, DEPTH);
        StackTemplate { moves: stack.moves.clone(), ..read }
    });
    Ok(stacks.collect())
}

fn read_cdk_assembly(folder: &Path, depth: usize) -> Result<Vec<StackTemplate>, SourceError> {
    let path = folder.join(CDK_MANIFEST);
    let manifest = read_document(&path)?;
    let mut stacks = Vec::new();
    for (id, artifact) in manifest.value.get("artifacts").and_then(Value::as_map).into_iter().flatten() {
        let property = |name: &str| artifact.get("properties").and_then(|properties| properties.get(name)?.as_str());
        match artifact.get("type").and_then(Value::as_str) {
            Some("aws:cloudformation:stack") => {
                let Some(file) = property("templateFile").and_then(|file| inside(folder, file)) else { continue };
                let name = property("stackName").unwrap_or(id).to_owned();
                stacks.push(with_nested(name, read_template(&file)?, &file, DEPTH));
            }
            Some("cdk:cloud-assembly") if depth > 0 => {
                if let Some(inner) = property("directoryName").and_then(|name| inside(folder, name)) {
                    stacks.extend(read_cdk_assembly(&inner, depth - 1)?);
                }
            }
            _ => {}
        }
    }
    Ok(stacks)
}

/// The templates among the files of a folder: those that are mappings with a section of resources.
fn read_templates(folder: &Path) -> Result<Vec<StackTemplate>, SourceError> {
    let failed = |error| SourceError::new(format!("cannot read the folder `{}`", folder.display())).because(error);
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    let is_document = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        matches!(ending.as_str(), "json" | "yaml" | "yml") && path.is_file()
    };
    let mut stacks: Vec<StackTemplate> = Vec::new();
    for path in paths.iter().filter(|path| is_document(path)) {
        let document = read_document(path)?;
        let has_resources = document.value.get("Resources").is_some_and(|section| section.as_map().is_some());
        // `synth --yaml` writes each template twice.
        let name = stack_name(path);
        if has_resources && !stacks.iter().any(|stack| stack.name == name) {
            stacks.push(with_nested(name, template_of(document, path)?, path, DEPTH));
        }
    }
    let nested: Vec<String> =
        stacks.iter().flat_map(|stack| stack.nested.values().map(|stack| stack.name.clone())).collect();
    stacks.retain(|stack| !nested.contains(&stack.name));
    Ok(stacks)
}

fn read_template(path: &Path) -> Result<Template, SourceError> {
    template_of(read_document(path)?, path)
}

fn template_of(document: Document, path: &Path) -> Result<Template, SourceError> {
    let failed = |error| SourceError::new(format!("`{}` is no template", path.display())).because(error);
    Ok(document.into_template().map_err(failed)?.0)
}

fn read_document(path: &Path) -> Result<Document, SourceError> {
    let bytes =
        fs::read(path).map_err(|error| SourceError::new(format!("cannot read `{}`", path.display())).because(error))?;
    read_bytes(&bytes).map_err(|error| {
        let hint = error.hint().map(str::to_owned);
        SourceError { hint, ..SourceError::new(format!("cannot read `{}`", path.display())).because(error) }
    })
}

/// A stack with the templates of its nested stacks, as far as they are files beside it.
fn with_nested(name: String, template: Template, path: &Path, depth: usize) -> StackTemplate {
    let mut nested = BTreeMap::new();
    let folder = path.parent().unwrap_or(Path::new("."));
    for resource in template.resources().filter(|_| depth > 0) {
        let Some(file) = nested_file(resource).and_then(|file| inside(folder, file)) else { continue };
        // What cannot be read is uploaded elsewhere, or wrong: then only the address is compared.
        if let Ok(inner) = read_template(&file) {
            let inner = with_nested(stack_name(&file), inner, &file, depth - 1);
            nested.insert(resource.logical_id.to_owned(), inner);
        }
    }
    StackTemplate { nested, ..StackTemplate::new(name, template) }
}

/// The file with the template of a nested stack: as the CDK notes it, or as a local path.
fn nested_file(resource: ResourceView<'_>) -> Option<&str> {
    let property = match resource.type_name()? {
        "AWS::CloudFormation::Stack" => "TemplateURL",
        "AWS::Serverless::Application" => "Location",
        _ => return None,
    };
    let noted = resource.metadata().and_then(|metadata| metadata.get("aws:asset:path"));
    let path = noted.or_else(|| resource.property(property))?.as_str()?;
    (!path.contains("://")).then_some(path)
}

/// A file or folder inside of `folder`; none when the name leads out of it.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let stays = Path::new(name).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    stays.then(|| folder.join(name)).filter(|path| path.exists())
}

/// `data` for `out/data.template.json`.
fn stack_name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    stem.strip_suffix(".template").map_or(stem.clone(), str::to_owned)
}
