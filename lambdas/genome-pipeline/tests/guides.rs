//! The known answers of the efficiency and the ranking of all guides of a virus.

#![cfg(feature = "science")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod samples;

use std::{fmt::Write, fs::File, sync::OnceLock};

use genome_pipeline::{
    bases::Target,
    contract::Options,
    efficiency::{Optimisation, mm10db},
    fasta::{self, Record},
    guide::Identity,
    index::{Builder, Index, Sites},
    off_target::Settings,
    ranking::Row,
    run::{Results, run},
};

fn ncov() -> Option<(Vec<Record>, Index)> {
    let path = samples::path("ncov.fa")?;
    let mut builder = Builder::new(Sites::All);
    builder.add_fasta(File::open(&path).unwrap(), "ncov.fa").unwrap();
    Some((fasta::records(File::open(path).unwrap(), "ncov.fa").unwrap(), builder.finish().unwrap()))
}

fn results(records: &[Record], index: &Index, optimisation: Optimisation) -> Results {
    let settings = Settings { listed: 5, ..Settings::new(&Options::default(), false).unwrap() };
    run(records, index, Identity::Protospacer, optimisation, &settings, &()).unwrap()
}

/// All guides of the virus, judged once for all tests.
fn judged() -> Option<&'static Results> {
    static JUDGED: OnceLock<Option<Results>> = OnceLock::new();
    JUDGED.get_or_init(|| ncov().map(|(records, index)| results(&records, &index, Optimisation::UltraLow))).as_ref()
}

#[test]
fn the_rank_of_all_guides() {
    let Some(Results { rows, off_targets }) = judged() else { return };
    assert_eq!(rows.iter().filter(|row| row.passed).count(), 373);
    let at = |rank: usize| (rows[rank - 1].sequence.as_str(), rows[rank - 1].start, rows[rank - 1].strand.as_str());
    assert_eq!(at(1), ("GCTACCAGACGAATTCGTGGTGG", 28_540, "+"));
    assert_eq!(at(2), ("GCTACACTACGTGCCCGCCGAGG", 23_602, "-"));
    assert_eq!(at(3), ("AGTGGTCCAAAACTTGTAGGTGG", 14_403, "-"));
    assert_eq!(at(88).0, "TAAAAAGGTAAAACCAACAGTGG");
    assert_eq!(at(1_980).0, "ACATATAAAAATACGTGTGATGG");
    let text: String = rows.iter().flat_map(|row| [row.sequence.as_str(), "\n"]).collect();
    assert_eq!(samples::sha256(text.as_bytes()), "5d9d98eac7ce552ac46bc73d44544edca77b55a1e4a643b32fe0cdbde314e4f7");
    assert_eq!(off_targets.len(), 1_980);
    assert!(off_targets.is_sorted_by_key(|(id, _)| *id));
}

#[test]
fn the_efficiency_of_all_guides() {
    let Some(Results { rows, .. }) = judged() else { return };
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|row| &row.sequence);
    let (mut folds, mut digits) = (String::new(), String::new());
    let mut consensus = [0; 4];
    // Intact and accepted, intact and rejected, not intact and accepted, not intact and rejected.
    let mut structures = [0; 4];
    let mut energy_sum = 0;
    for row in &rows {
        let (guide, energy, intact) = (&row.sequence[..20], row.mfe.unwrap(), row.scaffold_intact.unwrap());
        writeln!(folds, "{guide}\t{energy:.2}\t{}", u8::from(intact)).unwrap();
        let answers = [row.chopchop, row.mm10db, row.sgrnascorer2].map(|accepted| u8::from(accepted.unwrap()));
        writeln!(digits, "{guide}\t{}{}{}", answers[0], answers[1], answers[2]).unwrap();
        consensus[usize::from(row.consensus.unwrap())] += 1;
        #[expect(clippy::cast_possible_truncation)]
        let energy = (energy * 100.0).round() as i32;
        energy_sum += energy;
        structures[2 * usize::from(!intact) + usize::from(!mm10db::accepts_structure(energy, intact))] += 1;
    }
    let count = |accepts: &dyn Fn(&Row, Target) -> bool| {
        rows.iter().filter(|row| accepts(row, Target::new(row.sequence.as_bytes()).unwrap())).count()
    };
    assert_eq!(count(&|row, _| row.chopchop == Some(true)), 378);
    assert_eq!(count(&|_, target| !mm10db::has_leading_t(target.protospacer())), 1_363);
    assert_eq!(count(&|row, _| (20.0..=65.0).contains(&row.at_percent.unwrap())), 1_418);
    assert_eq!(count(&|_, target| !mm10db::has_tttt(target)), 1_733);
    assert_eq!(structures, [1_205, 29, 0, 746]);
    assert_eq!(count(&|row, _| row.mm10db == Some(true)), 588);
    assert_eq!(count(&|row, _| row.sgrnascorer2 == Some(true)), 481);
    assert_eq!(consensus, [993, 614, 286, 87]);
    assert_eq!(energy_sum, -4_641_910);
    assert_eq!(samples::sha256(folds.as_bytes()), "1330ced2420245ac91ccfdcfcdbc85dfb358dc983ffa02ea916b0c6c9b363530");
    assert_eq!(samples::sha256(digits.as_bytes()), "5b79175cdd5697043b681fe0f2ba83fcdb9dbacf42bb946578cf17ec5f2ddcba");
}

#[test]
fn what_is_left_out_does_not_change_who_passes() {
    let Some((mut records, index)) = ncov() else { return };
    records[0].letters.truncate(1_500);
    // Guides that are not unique.
    let again = Record { name: "again".to_owned(), letters: records[0].letters[..400].to_vec() };
    records.push(again);
    let passed = |rows: &[Row]| {
        let mut passed: Vec<u32> = rows.iter().filter(|row| row.passed).map(|row| row.target_id).collect();
        passed.sort_unstable();
        passed
    };
    let all = results(&records, &index, Optimisation::UltraLow);
    assert!(all.rows.iter().all(|row| row.mfe.is_some() && row.mit.is_some()));
    assert!(!passed(&all.rows).is_empty());
    for optimisation in [Optimisation::Low, Optimisation::Medium, Optimisation::High] {
        let found = results(&records, &index, optimisation);
        assert_eq!(passed(&found.rows), passed(&all.rows), "{optimisation:?}");
        for row in &found.rows {
            let asked = row.unique && (optimisation == Optimisation::Low || row.is_efficient());
            assert_eq!(row.mit.is_some(), asked);
            assert_eq!(row.chopchop.is_some(), row.unique);
        }
        let folded = found.rows.iter().filter(|row| row.mfe.is_some()).count();
        let unique = found.rows.iter().filter(|row| row.unique).count();
        assert!(if optimisation == Optimisation::Low { folded == unique } else { folded < unique });
    }
}

#[test]
fn the_guides_of_the_sample_job() {
    let letters = b"ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG".to_vec();
    let records = [Record { name: "sample".to_owned(), letters }];
    let mut builder = Builder::new(Sites::All);
    builder.add_fasta(records[0].letters.as_slice(), "sample").unwrap();
    let index = builder.finish().unwrap();
    let found = results(&records, &index, Optimisation::UltraLow);
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|row| {
            (row.rank, row.target_id, row.start, row.end, row.strand.as_str(), row.count, row.consensus, row.passed)
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Some(1), 0, 0, 23, "+", 2, Some(3), false),
            (Some(2), 1, 23, 46, "+", 2, Some(3), false),
            (Some(3), 2, 46, 69, "-", 1, Some(1), false),
        ]
    );
}
