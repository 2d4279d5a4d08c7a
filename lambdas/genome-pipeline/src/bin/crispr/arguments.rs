//! What the command understands.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, builder::PossibleValuesParser, value_parser};

/// The methods that decide, by their names.
pub(crate) const METHODS: [&str; 5] = ["mit", "cfd", "and", "or", "avg"];
/// What may be left out, by its names.
pub(crate) const OPTIMISATIONS: [&str; 4] = ["ultralow", "low", "medium", "high"];
/// The formats of an index, by their names.
pub(crate) const FORMATS: [&str; 2] = ["crx", "v2"];

fn path(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_parser(value_parser!(PathBuf)).help(help)
}

fn output(value: &'static str, help: &'static str) -> Arg {
    path("output", help).short('o').long("output").value_name(value).required(true)
}

fn genome() -> Arg {
    path("fasta", "Files of the genome, plain or gzip").value_name("FASTA").required(true).num_args(1..)
}

fn format() -> Arg {
    Arg::new("format")
        .long("format")
        .value_parser(PossibleValuesParser::new(FORMATS))
        .default_value(FORMATS[0])
        .help("The own format, or the published one to exchange with other programs")
}

fn percentage(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|threshold| (0.0..=100.0).contains(threshold))
        .ok_or_else(|| "give a number from 0 to 100".to_owned())
}

fn distance(id: &'static str) -> Arg {
    Arg::new(id).value_parser(value_parser!(u8).range(0..=4)).help("The most mismatches of an off-target site, 0 to 4")
}

fn threshold(id: &'static str) -> Arg {
    Arg::new(id).value_parser(percentage).help("The score to reach, 0 to 100")
}

fn method(id: &'static str) -> Arg {
    Arg::new(id).value_parser(PossibleValuesParser::new(METHODS)).help("How off-target scores decide")
}

fn extract() -> Command {
    Command::new("extract")
        .about("Writes the sites of a genome, sorted: 20 bases before NAG or NGG, on both strands")
        .arg(genome())
        .arg(output("SITES", "The file to write; `-` is standard output"))
}

fn index() -> Command {
    Command::new("index")
        .about("Builds, converts and describes indexes")
        .subcommand_required(true)
        .subcommand(
            Command::new("build")
                .about("Builds the index of a genome")
                .arg(genome())
                .arg(output("FILE", "The index to write"))
                .arg(format()),
        )
        .subcommand(
            Command::new("convert")
                .about("Writes an index, or a list of sites, as an index of the published format")
                .arg(path("input", "An index, or sites of 20 letters, one a line").value_name("FILE").required(true))
                .arg(output("FILE", "The index to write"))
                .arg(format().default_value(FORMATS[1])),
        )
        .subcommand(
            Command::new("info")
                .about("Says what an index has")
                .arg(path("index", "The index").value_name("INDEX").required(true)),
        )
}

fn score() -> Command {
    Command::new("score")
        .about("Scores guides: prints each with its MIT score and its published CFD score, -1 if not asked for")
        .arg(path("index", "The index of the genome").value_name("INDEX").required(true))
        .arg(path("guides", "Guides of 20 letters, one a line").value_name("GUIDES").required(true))
        .arg(distance("distance").value_name("DIST").required(true))
        .arg(threshold("threshold").value_name("THRESHOLD").required(true))
        .arg(method("method").value_name("METHOD").required(true))
}

fn run() -> Command {
    Command::new("run")
        .about("Finds the guides of a sequence, judges them against a genome, and ranks them")
        .arg(
            path("genome", "Files of the genome, plain or gzip")
                .long("genome")
                .value_name("FASTA")
                .num_args(1..)
                .required_unless_present("index"),
        )
        .arg(path("index", "Its index").long("index").value_name("FILE").conflicts_with("genome"))
        .arg(
            Arg::new("input")
                .long("input")
                .value_name("SEQ")
                .required(true)
                .help("The sequence: letters, or a FASTA file; `-` is standard input"),
        )
        .arg(output("CSV", "The ranked guides; `-` is standard output"))
        .arg(path("bed", "Also write them as BED").long("bed").value_name("FILE"))
        .arg(
            path("offtargets", "Also write the off-target sites of each guide: a line of JSON for each, at most 1,000")
                .long("offtargets")
                .value_name("FILE"),
        )
        .arg(method("method").long("method").value_name("METHOD").default_value("and"))
        .arg(threshold("threshold").long("threshold").value_name("T").default_value("75"))
        .arg(distance("max-distance").long("max-distance").value_name("D").default_value("4"))
        .arg(
            Arg::new("optimise")
                .long("optimise")
                .value_name("LEVEL")
                .value_parser(PossibleValuesParser::new(OPTIMISATIONS))
                .default_value(OPTIMISATIONS[0])
                .help("How much is left out that cannot change which guides pass"),
        )
}

/// The command.
pub(crate) fn command() -> Command {
    Command::new("crispr")
        .about("Cas9 guides of a DNA sequence, their efficiency and their off-target risk against a genome")
        .after_help("Exits with 0, with 1 if the data are wrong, with 2 if the command is.")
        .subcommand_required(true)
        .arg(
            Arg::new("compat").long("compat").global(true).action(ArgAction::SetTrue).help(
                "Do as published: without sites that start with T, repeats by 23 bases, decisions by published CFD",
            ),
        )
        .arg(
            Arg::new("threads")
                .long("threads")
                .global(true)
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..))
                .help("Threads to use; without it, one for each core"),
        )
        .subcommand(extract())
        .subcommand(index())
        .subcommand(score())
        .subcommand(run())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_is_consistent() {
        super::command().debug_assert();
    }
}
