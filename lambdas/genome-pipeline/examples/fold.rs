//! Folds what stands on each line of standard input: 20 bases are a guide, which gets the scaffold, and other RNA is
//! folded as it is. Prints the structure and the free energy of each line, and at the end on standard error how long a
//! fold took.

use std::{
    io::{self, BufWriter, Write},
    time::Instant,
};

use genome_pipeline::{
    bases::Protospacer,
    folding::{GuideFolder, fold},
};

fn main() -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut folder = GuideFolder::new();
    let lines = io::stdin().lines().collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    for line in &lines {
        let result = match Protospacer::new(line.as_bytes()) {
            Some(guide) => Some(folder.fold(guide)),
            None => fold(line.as_bytes()),
        };
        let result = result.ok_or_else(|| io::Error::other(format!("'{line}' is no RNA")))?;
        writeln!(output, "{}\t{:.2}", result.structure, result.kilocalories())?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let count = u32::try_from(lines.len().max(1)).map_or(f64::INFINITY, f64::from);
    writeln!(io::stderr(), "{:.4} ms for each fold", seconds * 1_000.0 / count)
}
