//! Builds and uploads what stacks ship.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::assembly::LoadedAssembly;
use crate::assets::Asset;
use crate::assets::build::{AssetBuilder, BuildError, BuildEvent, BuildOptions, BuiltAsset, BuiltObject, object_keys};
use crate::deploy::{Aws, Upload, missing, upload};

use super::super::console::{Console, Style, count, size};
use super::super::error::Failure;
use super::bars::Bars;

/// The arguments that say how what stacks ship is built.
pub(super) fn arguments(command: Command) -> Command {
    command
        .arg(
            Arg::new("zig")
                .long("zig")
                .help("Links programs by Zig for the glibc of Lambda, as machines with a newer one need it")
                .long_help(
                    "Links programs by Zig for the glibc of Lambda, as machines with a newer one need it. Other architectures than \
                     this machine's are always linked so. It is installed by `pip install cargo-zigbuild ziglang`.",
                )
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("stand-ins")
                .long("stand-ins")
                .help("Ships a program that is not written yet as one that only says so, and fails")
                .long_help(
                    "Ships a program that is not written yet as one that only says so, and fails. So a stack can be tried before \
                     its functions are there.",
                )
                .action(ArgAction::SetTrue),
        )
}

/// How what stacks ship is built, as the arguments say.
pub(super) fn options(own: &ArgMatches) -> BuildOptions {
    BuildOptions { zig: own.get_flag("zig"), stand_ins: own.get_flag("stand-ins"), ..BuildOptions::default() }
}

/// Uploads what the stacks called `names` ship and their buckets lack, and builds it first where that is needed.
pub(super) async fn ship(
    aws: &Aws,
    assembly: &LoadedAssembly,
    names: &[String],
    root: &Path,
    options: &BuildOptions,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let mut lacking = Vec::new();
    for (region, assets) in assets_by_region(aws, assembly, names) {
        let regional = (region != aws.region()).then(|| aws.in_region(&region));
        let keys: BTreeSet<String> = assets.values().flat_map(|asset| object_keys(asset)).collect();
        let missing = missing(regional.as_ref().unwrap_or(aws), &keys).await?;
        let is_lacking = |asset: &Asset| object_keys(asset).iter().any(|key| missing.contains(key));
        let assets: BTreeMap<_, _> = assets.into_iter().filter(|(_, asset)| is_lacking(asset)).collect();
        lacking.push((regional, assets));
    }
    let wanted: BTreeMap<&String, &Asset> =
        lacking.iter().flat_map(|(_, assets)| assets).map(|(key, asset)| (*key, *asset)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let wanted: Vec<Asset> = wanted.into_values().cloned().collect();
    let built = build(assembly, &wanted, root, options, console)?;
    for (regional, assets) in lacking {
        let built: Vec<&BuiltAsset> = built.iter().filter(|asset| assets.contains_key(&asset.key)).collect();
        send(regional.as_ref().unwrap_or(aws), &built, console).await?;
    }
    Ok(())
}

/// What stacks ship, by the region that they are deployed to and by key.
fn assets_by_region<'a>(
    aws: &Aws,
    assembly: &'a LoadedAssembly,
    names: &[String],
) -> BTreeMap<String, BTreeMap<&'a String, &'a Asset>> {
    let mut regions: BTreeMap<String, BTreeMap<&String, &Asset>> = BTreeMap::new();
    for stack in names.iter().filter_map(|name| assembly.stack(name)) {
        let region = stack.environment.region_name().unwrap_or(aws.region());
        let assets = stack.assets.iter().filter_map(|key| assembly.assets().get_key_value(key));
        regions.entry(region.to_owned()).or_default().extend(assets);
    }
    regions
}

/// Builds assets, and gives the files of all.
pub(super) fn build(
    assembly: &LoadedAssembly,
    assets: &[Asset],
    root: &Path,
    options: &BuildOptions,
    console: &mut Console<'_>,
) -> Result<Vec<BuiltAsset>, Failure> {
    let mut printed = Ok(());
    let bars = Bars::of(console);
    let builder = AssetBuilder::new(root).options(options.clone()).of_assembly(assembly);
    let built = builder.build(assets, &mut |event| {
        if printed.is_ok() {
            printed = tell(&event, bars.as_ref(), console);
        }
    })?;
    printed?;
    Ok(built)
}

/// Says what is built. What Cargo prints of each package is left to Cargo's own log of failures.
fn tell(event: &BuildEvent, bars: Option<&Bars>, console: &mut Console<'_>) -> io::Result<()> {
    match bars {
        Some(bars) if draw(event, bars, console) => Ok(()),
        Some(bars) => bars.aside(|| print(event, console)),
        None => print(event, console),
    }
}

/// Shows an event of a build in a line that stays; true when that says it all.
fn draw(event: &BuildEvent, bars: &Bars, console: &Console<'_>) -> bool {
    let title = |text: String| console.messages_palette().styled(text, Style::Strong).to_string();
    match event {
        BuildEvent::Building { programs, architecture } => {
            let text = format!("building {} for {architecture}, packages:", count(programs.len(), "program"));
            bars.begin_open(BUILD, title(text));
            true
        }
        BuildEvent::BuildingSite { folder } => {
            bars.begin_open(BUILD, title(format!("building {}, lines:", folder.display())));
            true
        }
        BuildEvent::Compiled { package, .. } => bars.further(BUILD, package.clone()),
        BuildEvent::Line(line) => bars.further(BUILD, line.trim().chars().take(60).collect()),
        _ => false,
    }
}

/// The name of the line of a build.
const BUILD: &str = "build";

fn print(event: &BuildEvent, console: &mut Console<'_>) -> io::Result<()> {
    let palette = console.messages_palette();
    let label = palette.styled("building", Style::Strong);
    match event {
        BuildEvent::Building { programs, architecture } => {
            console.note(format_args!("{label} {} for {architecture}", count(programs.len(), "program")))?;
        }
        BuildEvent::BuildingSite { folder } => console.note(format_args!("{label} {}", folder.display()))?,
        BuildEvent::Compiled { package, fresh: false } => {
            console.note(palette.styled(format_args!("  compiled {package}"), Style::Dim))?;
        }
        BuildEvent::StandIn { package, program } => {
            let label = palette.styled("warning:", Style::Warning);
            let text = "is not written yet: what is shipped only says so, and fails";
            console.note(format_args!("{label} the program `{program}` of `{package}` {text}"))?;
        }
        _ => return Ok(()),
    }
    console.flush()
}

/// The name of the bar of an upload.
const UPLOAD: &str = "upload";

/// Uploads the objects of assets: of each asset the last one after the others, so that whoever finds it finds all.
async fn send(aws: &Aws, assets: &[&BuiltAsset], console: &mut Console<'_>) -> Result<(), Failure> {
    if assets.is_empty() {
        return Ok(());
    }
    let objects = || assets.iter().flat_map(|asset| &asset.objects);
    let bytes = objects().map(|object| object.bytes).sum();
    let label = console.messages_palette().styled("uploading", Style::Strong).to_string();
    console.note(format_args!("{label} {}, {}", count(objects().count(), "file"), size(bytes)))?;
    console.flush()?;
    let upload_of = |object: &BuiltObject| Upload { key: object.key.clone(), path: object.path.clone() };
    let split = |asset: &&BuiltAsset| asset.objects.len().saturating_sub(1);
    let first: Vec<Upload> = assets.iter().flat_map(|asset| &asset.objects[..split(asset)]).map(upload_of).collect();
    let last: Vec<Upload> = assets.iter().flat_map(|asset| &asset.objects[split(asset)..]).map(upload_of).collect();
    let bars = Bars::of(console);
    let title = console.messages_palette().styled("uploading", Style::Strong).to_string();
    if let Some(bars) = &bars {
        bars.begin(UPLOAD, title, objects().count() as u64);
    }
    let told = |sent: &Upload| {
        if let Some(bars) = &bars {
            bars.further(UPLOAD, sent.key.chars().take(12).collect());
        }
    };
    upload(aws, &first, &told).await?;
    upload(aws, &last, &told).await?;
    Ok(())
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        let failure = Self::of(&error);
        match error.hint_text() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
