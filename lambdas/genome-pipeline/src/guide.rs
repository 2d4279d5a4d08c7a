//! The guides of a sequence.

use std::collections::HashMap;

use crate::{
    bases::{Strand, TARGET_LENGTH, Target},
    fasta::Record,
    site::{Pam, Site, SiteScanner},
};

/// A guide and where it is in the sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guide {
    /// Number of the guide, from 0.
    pub id: u32,
    /// Number of its record, from 0.
    pub record: usize,
    /// First base on the plus strand, from 0, PAM included.
    pub start: u64,
    /// The strand that has the PAM.
    pub strand: Strand,
    /// The bases in the direction of that strand.
    pub target: Target,
    /// How often its 20 bases are a guide of the sequence, on both strands.
    pub count: u32,
}

impl Guide {
    /// The base after the last, on the plus strand.
    pub fn end(&self) -> u64 {
        self.start + TARGET_LENGTH as u64
    }

    /// Whether no other guide of the sequence has its 20 bases.
    pub fn is_unique(&self) -> bool {
        self.count == 1
    }
}

/// How guides are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Identity {
    /// Guides are equal when their 20 bases are. Each place is a guide of its own.
    #[default]
    Protospacer,
    /// As published: guides are equal when all 23 bases are, and those with an equal are left out.
    Target,
}

/// Finds every guide of `records`: 20 bases and a PAM of NGG. Records in their order, in each the plus strand first, by
/// position.
pub fn find(records: &[Record], identity: Identity) -> Vec<Guide> {
    let key = |target: Target| match identity {
        Identity::Protospacer => target.protospacer().bits(),
        Identity::Target => target.bits(),
    };
    let mut found: Vec<(usize, Site)> = Vec::new();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for (record, Record { letters, .. }) in records.iter().enumerate() {
        let first = found.len();
        SiteScanner::default().scan(letters, |site| {
            if site.pam() == Pam::Gg {
                *counts.entry(key(site.target)).or_default() += 1;
                found.push((record, site));
            }
        });
        found[first..].sort_by_key(|(_, site)| (site.strand, site.start));
    }
    let mut guides: Vec<Guide> = Vec::with_capacity(found.len());
    for (record, Site { start, strand, target }) in found {
        let count = counts[&key(target)];
        if identity == Identity::Target && count > 1 {
            continue;
        }
        let Ok(id) = u32::try_from(guides.len()) else { break };
        guides.push(Guide { id, record, start, strand, target, count });
    }
    guides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(letters: &str) -> Record {
        Record { name: "r".to_owned(), letters: letters.into() }
    }

    fn rows(letters: &str, identity: Identity) -> Vec<(u32, u64, Strand, String, u32)> {
        find(&[record(letters)], identity)
            .into_iter()
            .map(|guide| (guide.id, guide.start, guide.strand, guide.target.to_string(), guide.count))
            .collect()
    }

    #[test]
    fn the_sample_job_has_three_guides() {
        let sample = "ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG";
        let row = |id, start, strand, text: &str, count| (id, start, strand, text.to_owned(), count);
        assert_eq!(
            rows(sample, Identity::Protospacer),
            [
                row(0, 0, Strand::Plus, "ATCGATCGATCGATCGATCGAGG", 2),
                row(1, 23, Strand::Plus, "ATCGATCGATCGATCGATCGTGG", 2),
                row(2, 46, Strand::Minus, "CGATCGATCGATCGATCGATTGG", 1),
            ]
        );
        assert_eq!(rows(sample, Identity::Target).iter().map(|row| row.4).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn repeats_of_all_23_bases_are_left_out_where_those_are_compared() {
        let twice = "ATCGATCGATCGATCGATCGAGG".repeat(2);
        assert_eq!(rows(&twice, Identity::Protospacer).iter().map(|row| row.4).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(rows(&twice, Identity::Target), []);
    }

    #[test]
    fn repeats_count_across_records() {
        let records =
            [record("ATCGATCGATCGATCGATCGAGG"), record("CCAATCGATCGATCGATCGATCG"), record("CCACGATCGATCGATCGATCGAT")];
        let guides = find(&records, Identity::Protospacer);
        assert_eq!(
            guides.iter().map(|guide| (guide.record, guide.strand, guide.count)).collect::<Vec<_>>(),
            [(0, Strand::Plus, 2), (1, Strand::Minus, 1), (2, Strand::Minus, 2)]
        );
        assert!(!guides[0].is_unique() && guides[1].is_unique());
    }

    #[test]
    fn nothing_else_is_a_guide() {
        for letters in ["", "GG", "ATCGATCGATCGATCGATCGAAG", "ATCGATCGATNGATCGATCGAGG", "ATCGATCGATRGATCGATCGAGG"] {
            assert_eq!(rows(letters, Identity::Protospacer), [], "{letters}");
        }
        assert_eq!(rows(&"G".repeat(69), Identity::Protospacer).len(), 47);
    }
}
