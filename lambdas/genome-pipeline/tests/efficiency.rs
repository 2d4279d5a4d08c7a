//! The known answers of the efficiency of all guides of a virus.

#![cfg(feature = "science")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod samples;

use std::{fmt::Write, fs::File};

use genome_pipeline::{
    bases::Target,
    efficiency::{Efficiency, Optimisation, mm10db},
    fasta,
    folding::GuideFolder,
    guide::{self, Identity},
};
use rayon::prelude::*;

#[test]
fn all_guides_of_a_virus() {
    let Some(path) = samples::path("ncov.fa") else { return };
    let records = fasta::records(File::open(path).unwrap(), "ncov.fa").unwrap();
    let mut targets: Vec<Target> =
        guide::find(&records, Identity::Protospacer).iter().map(|guide| guide.target).collect();
    targets.sort();
    let results: Vec<Efficiency> = targets
        .par_iter()
        .map_init(GuideFolder::new, |folder, target| Efficiency::of(*target, Optimisation::UltraLow, folder))
        .collect();

    let (mut folds, mut digits) = (String::new(), String::new());
    let mut consensus = [0; 4];
    let mut energy = 0;
    // Intact and accepted, intact and rejected, not intact and accepted, not intact and rejected.
    let mut structures = [0; 4];
    for (target, result) in targets.iter().zip(&results) {
        let guide = target.protospacer();
        let mm10db = result.mm10db.as_ref().unwrap();
        let (fold, intact) = (mm10db.fold.as_ref().unwrap(), mm10db.scaffold_intact.unwrap());
        writeln!(folds, "{guide}\t{:.2}\t{}", fold.kilocalories(), u8::from(intact)).unwrap();
        let answers = [result.chopchop.unwrap(), mm10db.accepted, result.sgrnascorer2.unwrap() >= 0.0].map(u8::from);
        writeln!(digits, "{guide}\t{}{}{}", answers[0], answers[1], answers[2]).unwrap();
        consensus[usize::from(result.consensus().unwrap())] += 1;
        energy += fold.energy;
        structures[2 * usize::from(!intact) + usize::from(!mm10db::accepts_structure(fold.energy, intact))] += 1;
    }
    let count = |accepts: &dyn Fn(&Target, &Efficiency) -> bool| {
        targets.iter().zip(&results).filter(|(target, result)| accepts(target, result)).count()
    };
    assert_eq!(count(&|_, result| result.chopchop == Some(true)), 378);
    assert_eq!(count(&|target, _| !mm10db::has_leading_t(target.protospacer())), 1_363);
    assert_eq!(count(&|target, _| (20.0..=65.0).contains(&mm10db::at_percent(target.protospacer()))), 1_418);
    assert_eq!(count(&|target, _| !mm10db::has_tttt(*target)), 1_733);
    assert_eq!(structures, [1_205, 29, 0, 746]);
    assert_eq!(count(&|_, result| result.mm10db.as_ref().unwrap().accepted), 588);
    assert_eq!(count(&|_, result| result.sgrnascorer2.unwrap() >= 0.0), 481);
    assert_eq!(consensus, [993, 614, 286, 87]);
    assert_eq!(energy, -4_641_910);
    assert_eq!(samples::sha256(folds.as_bytes()), "1330ced2420245ac91ccfdcfcdbc85dfb358dc983ffa02ea916b0c6c9b363530");
    assert_eq!(samples::sha256(digits.as_bytes()), "5b79175cdd5697043b681fe0f2ba83fcdb9dbacf42bb946578cf17ec5f2ddcba");
}
