//! What the subcommands do.

use std::{
    error::Error,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::ArgMatches;
use genome_pipeline::{
    contract::{Method, Options},
    efficiency::Optimisation,
    guide::Identity,
    index::{Builder, Format, Index, Sites},
    off_target::{OffTargetList, Settings, score},
    output,
    run::{Progress, Results, Stage, run as judge},
};
use serde::Serialize;

use crate::{
    arguments::{FORMATS, METHODS, OPTIMISATIONS},
    files::{create, read_genome, read_guides, read_sequence},
    progress::Bar,
};

/// Off-target sites that are listed for each guide.
const LISTED: usize = 1_000;

type Outcome = Result<(), Box<dyn Error>>;

/// Does what the arguments ask for.
pub(crate) fn run(matches: &ArgMatches) -> Outcome {
    let (name, arguments) = matches.subcommand().expect("a subcommand is required");
    if let Some(threads) = arguments.get_one::<u16>("threads") {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(*threads)).build_global()?;
    }
    match name {
        "extract" => extract(arguments),
        "index" => match arguments.subcommand().expect("a subcommand is required") {
            ("build", arguments) => build(arguments),
            ("convert", arguments) => convert(arguments),
            (_, arguments) => info(arguments),
        },
        "score" => score_guides(arguments),
        _ => rank(arguments),
    }
}

fn path<'a>(arguments: &'a ArgMatches, name: &str) -> &'a Path {
    arguments.get_one::<PathBuf>(name).expect("the argument is required")
}

/// The value that stands at the place of the chosen name.
fn chosen<T: Copy>(arguments: &ArgMatches, name: &str, names: &[&str], values: &[T]) -> T {
    let chosen = arguments.get_one::<String>(name).expect("the argument is required or has a default");
    let place = names.iter().position(|name| name == chosen).expect("the parser takes these names only");
    values[place]
}

fn paths(arguments: &ArgMatches, name: &str) -> Vec<PathBuf> {
    arguments.get_many(name).into_iter().flatten().cloned().collect()
}

fn sites(arguments: &ArgMatches) -> Sites {
    if arguments.get_flag("compat") { Sites::Compatible } else { Sites::All }
}

fn format(arguments: &ArgMatches) -> Format {
    chosen(arguments, "format", &FORMATS, &[Format::Crx, Format::V2])
}

fn options(arguments: &ArgMatches, distance: &str) -> Options {
    let methods = [Method::Mit, Method::Cfd, Method::And, Method::Or, Method::Avg];
    Options {
        method: chosen(arguments, "method", &METHODS, &methods),
        threshold: *arguments.get_one("threshold").expect("the argument is required or has a default"),
        max_distance: *arguments.get_one(distance).expect("the argument is required or has a default"),
    }
}

fn extract(arguments: &ArgMatches) -> Outcome {
    let bar = Bar::new();
    let mut builder = Builder::without_places(sites(arguments));
    read_genome(&mut builder, &paths(arguments, "fasta"), &bar)?;
    let index = builder.finish()?;
    index.write_sites(create(path(arguments, "output"))?)?;
    bar.finish();
    Ok(())
}

fn write(index: &Index, format: Format, path: &Path) -> Outcome {
    let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    index.write(format, file).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}

fn build(arguments: &ArgMatches) -> Outcome {
    let bar = Bar::new();
    let format = format(arguments);
    let sites = sites(arguments);
    let mut builder = match format {
        Format::Crx => Builder::new(sites),
        Format::V2 => Builder::without_places(sites),
    };
    read_genome(&mut builder, &paths(arguments, "fasta"), &bar)?;
    write(&builder.finish()?, format, path(arguments, "output"))?;
    bar.finish();
    Ok(())
}

fn convert(arguments: &ArgMatches) -> Outcome {
    let input = path(arguments, "input");
    let in_file = |error: &dyn Error| format!("{}: {error}", input.display());
    let mut file = BufReader::new(File::open(input).map_err(|error| in_file(&error))?);
    let is_list = file.fill_buf()?.iter().take(20).all(u8::is_ascii_alphabetic);
    let index = if is_list {
        let mut builder = Builder::without_places(sites(arguments));
        builder.add_sites(file).map_err(|error| in_file(&error))?;
        builder.finish()?
    } else {
        Index::open(input)?
    };
    write(&index, format(arguments), path(arguments, "output"))
}

fn info(arguments: &ArgMatches) -> Outcome {
    let index = Index::open(path(arguments, "index"))?;
    let mut output = io::stdout().lock();
    writeln!(output, "sites\t{}", index.sites())?;
    writeln!(output, "occurrences\t{}", index.occurrences())?;
    if let Some(contigs) = index.contigs() {
        writeln!(output, "compatible\t{}", u8::from(index.is_compatible()))?;
        for contig in contigs {
            writeln!(output, "contig\t{}\t{}", contig.name, contig.length)?;
        }
    }
    Ok(())
}

fn score_guides(arguments: &ArgMatches) -> Outcome {
    let bar = Bar::new();
    bar.stage("Index", 0);
    let guides = read_guides(path(arguments, "guides"))?;
    let index = Index::open(path(arguments, "index"))?;
    let options = options(arguments, "distance");
    let settings = Settings { early_exit: true, ..Settings::new(&options, arguments.get_flag("compat"))? };
    bar.begin(Stage::OffTargets, guides.len() * genome_pipeline::off_target::STEPS);
    let scores = score(&index, &guides, &settings, &|steps| bar.advance(steps))?;
    bar.finish();
    let mut output = BufWriter::new(io::stdout().lock());
    for (guide, score) in guides.iter().zip(scores) {
        match options.method {
            Method::Mit => writeln!(output, "{guide}\t{:.6}\t-1", score.mit)?,
            Method::Cfd => writeln!(output, "{guide}\t-1\t{:.6}", score.cfd)?,
            Method::And | Method::Or | Method::Avg => {
                writeln!(output, "{guide}\t{:.6}\t{:.6}", score.mit, score.cfd)?;
            }
        }
    }
    Ok(output.flush()?)
}

fn rank(arguments: &ArgMatches) -> Outcome {
    let bar = Bar::new();
    let compatible = arguments.get_flag("compat");
    let records = read_sequence(arguments.get_one::<String>("input").expect("the argument is required"))?;
    let index = match arguments.get_one::<PathBuf>("index") {
        Some(path) => Index::open(path)?,
        None => {
            let mut builder = Builder::new(sites(arguments));
            read_genome(&mut builder, &paths(arguments, "genome"), &bar)?;
            builder.finish()?
        }
    };
    let off_targets = arguments.get_one::<PathBuf>("offtargets");
    let listed = if off_targets.is_some() { LISTED } else { 0 };
    let settings = Settings { listed, ..Settings::new(&options(arguments, "max-distance"), compatible)? };
    let optimisations = [Optimisation::UltraLow, Optimisation::Low, Optimisation::Medium, Optimisation::High];
    let optimisation = chosen(arguments, "optimise", &OPTIMISATIONS, &optimisations);
    let identity = if compatible { Identity::Target } else { Identity::Protospacer };
    let results = judge(&records, &index, identity, optimisation, &settings, &bar)?;
    bar.finish();
    output::write_csv(&results.rows, create(path(arguments, "output"))?)?;
    if let Some(path) = arguments.get_one::<PathBuf>("bed") {
        output::write_bed(&results.rows, create(path)?)?;
    }
    if let Some(path) = off_targets {
        write_off_targets(&results, create(path)?)?;
    }
    Ok(())
}

/// The off-target sites of a guide.
#[derive(Serialize)]
struct Line<'a> {
    target_id: u32,
    #[serde(flatten)]
    list: &'a OffTargetList,
}

fn write_off_targets(results: &Results, mut output: impl Write) -> Outcome {
    for (target_id, list) in &results.off_targets {
        serde_json::to_writer(&mut output, &Line { target_id: *target_id, list })?;
        writeln!(output)?;
    }
    Ok(output.flush()?)
}
