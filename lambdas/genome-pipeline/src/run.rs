//! All of it: from a sequence and an index to ranked guides.

use rayon::prelude::*;

use crate::{
    bases::Protospacer,
    efficiency::{Efficiency, Optimisation},
    fasta::Record,
    folding::GuideFolder,
    guide::{self, Guide, Identity},
    index::{Index, IndexError},
    off_target::{self, OffTargetList, Settings},
    ranking::{self, Row},
};

/// A part of the work that takes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Prediction of efficiency.
    Efficiency,
    /// Search for off-target sites.
    OffTargets,
}

/// Is told how far the work is.
pub trait Progress: Sync {
    /// A part of the work begins that has this many steps.
    fn begin(&self, stage: Stage, steps: usize);
    /// So many of them are done.
    fn advance(&self, steps: usize);
}

/// Nobody is told.
impl Progress for () {
    fn begin(&self, _: Stage, _: usize) {}
    fn advance(&self, _: usize) {}
}

/// Guides in the order of their rank, and their off-target sites.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// All guides, the best first.
    pub rows: Vec<Row>,
    /// For each guide whose sites were looked for, its number and the list, ascending.
    pub off_targets: Vec<(u32, OffTargetList)>,
}

/// The efficiency of `guides`, in their order. What `optimisation` leaves out is none.
pub fn efficiencies(guides: &[Guide], optimisation: Optimisation, progress: &dyn Progress) -> Vec<Efficiency> {
    progress.begin(Stage::Efficiency, guides.len());
    guides
        .par_iter()
        .map_init(GuideFolder::new, |folder, guide| {
            let is_asked = optimisation == Optimisation::UltraLow || guide.is_unique();
            let found =
                if is_asked { Efficiency::of(guide.target, optimisation, folder) } else { Efficiency::default() };
            progress.advance(1);
            found
        })
        .collect()
}

/// Finds the guides of `records` and judges them against the genome of `index`.
///
/// At the level [`Optimisation::High`] the search for off-target sites stops early, whatever `settings` say.
pub fn run(
    records: &[Record],
    index: &Index,
    identity: Identity,
    optimisation: Optimisation,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Results, IndexError> {
    let guides = guide::find(records, identity);
    let efficiencies = efficiencies(&guides, optimisation, progress);
    let asked: Vec<bool> = guides
        .iter()
        .zip(&efficiencies)
        .map(|(guide, efficiency)| match optimisation {
            Optimisation::UltraLow => true,
            Optimisation::Low => guide.is_unique(),
            Optimisation::Medium | Optimisation::High => guide.is_unique() && efficiency.is_efficient() == Some(true),
        })
        .collect();
    let searched: Vec<Protospacer> =
        guides.iter().zip(&asked).filter(|(_, asked)| **asked).map(|(guide, _)| guide.target.protospacer()).collect();
    progress.begin(Stage::OffTargets, searched.len() * off_target::STEPS);
    let early_exit = settings.early_exit || optimisation == Optimisation::High;
    let settings = Settings { early_exit, ..settings.clone() };
    let mut scores = off_target::score(index, &searched, &settings, &|steps| progress.advance(steps))?.into_iter();

    let mut results = Results { rows: Vec::with_capacity(guides.len()), off_targets: Vec::new() };
    for ((guide, efficiency), asked) in guides.iter().zip(efficiencies).zip(asked) {
        let mut row = Row::new(guide, &records[guide.record].name);
        row.set_efficiency(efficiency);
        if let Some(score) = asked.then(|| scores.next()).flatten() {
            row.set_off_target(&score);
            results.off_targets.push((guide.id, score.list));
        }
        results.rows.push(row);
    }
    ranking::rank(&mut results.rows);
    Ok(results)
}
