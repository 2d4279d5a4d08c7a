//! Files that the command reads and writes.

use std::{
    error::Error,
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use genome_pipeline::{
    bases::Protospacer,
    fasta::{self, Record},
    index::{Builder, for_each_guide},
};

use crate::progress::Bar;

/// The name that stands for standard input or output.
const STANDARD: &str = "-";

fn of(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Opens a file to write it.
pub(crate) fn create(path: &Path) -> io::Result<Box<dyn Write>> {
    if path == Path::new(STANDARD) {
        return Ok(Box::new(io::stdout().lock()));
    }
    Ok(Box::new(BufWriter::new(File::create(path).map_err(of(path))?)))
}

/// Reads the files of a genome.
pub(crate) fn read_genome(builder: &mut Builder, paths: &[PathBuf], bar: &Bar) -> Result<(), Box<dyn Error>> {
    let size = |path: &PathBuf| path.metadata().map(|metadata| metadata.len()).map_err(of(path));
    bar.stage("Genome", paths.iter().map(size).sum::<io::Result<u64>>()?);
    for path in paths {
        let file = File::open(path).map_err(of(path))?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        builder.add_fasta(bar.reading(file), &name)?;
    }
    bar.stage("Index", 0);
    Ok(())
}

/// Reads guides, one a line.
pub(crate) fn read_guides(path: &Path) -> Result<Vec<Protospacer>, Box<dyn Error>> {
    let mut guides = Vec::new();
    let file = BufReader::new(File::open(path).map_err(of(path))?);
    for_each_guide(file, |_, guide| guides.push(guide)).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(guides)
}

/// Reads the sequence: a file, standard input, or the letters themselves.
pub(crate) fn read_sequence(input: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    if input == STANDARD {
        return Ok(fasta::records(io::stdin().lock(), "standard input")?);
    }
    let path = Path::new(input);
    if !path.exists() && !input.is_empty() && input.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return Ok(fasta::records(input.as_bytes(), "sequence")?);
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Ok(fasta::records(File::open(path).map_err(of(path))?, &name)?)
}
