//! What a run has to write.

use jiff::civil::Date;

use crate::series::Series;

/// How new figures differ from stored ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Dates that are new.
    pub added: Vec<Date>,
    /// Dates whose figures changed.
    pub revised: Vec<Date>,
    /// How many dates stayed as they were.
    pub unchanged: usize,
    /// How many stored dates the new figures do not have. They stay.
    pub vanished: usize,
    /// All figures afterwards.
    pub result: Series,
}

impl Difference {
    /// How `new` differs from `stored`.
    pub fn between(stored: &Series, new: &Series) -> Self {
        let mut difference = Self { result: stored.clone(), ..Self::default() };
        for (date, figures) in new {
            match difference.result.insert(*date, *figures) {
                None => difference.added.push(*date),
                Some(before) if before != *figures => difference.revised.push(*date),
                Some(_) => difference.unchanged += 1,
            }
        }
        difference.vanished = difference.result.len() - new.len();
        difference
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.revised.is_empty()
    }

    /// Whether so many stored dates are missing from `new` that it must be broken: it has under 90 % of their number.
    pub fn is_shrunk(stored: &Series, new: &Series) -> bool {
        new.len().saturating_mul(10) < stored.len().saturating_mul(9)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::series::Figures;

    fn series(cases: &[u64]) -> Series {
        (1..)
            .map(|day| date(2020, 3, day))
            .zip(cases)
            .filter(|(_, cases)| **cases > 0)
            .map(|(date, cases)| (date, Figures { cases: *cases, deaths: 0, recoveries: None }))
            .collect()
    }

    #[test]
    fn revisions_are_found_and_what_vanished_stays() {
        let difference = Difference::between(&series(&[1, 2, 3]), &series(&[0, 2, 4, 5]));
        assert_eq!(difference.added, [date(2020, 3, 4)]);
        assert_eq!(difference.revised, [date(2020, 3, 3)]);
        assert_eq!((difference.unchanged, difference.vanished), (1, 1));
        assert_eq!(difference.result, series(&[1, 2, 4, 5]));
        assert!(Difference::between(&series(&[1, 2]), &series(&[0, 2])).is_empty());
    }

    #[test]
    fn nine_of_ten_are_enough() {
        let stored = series(&[1; 20]);
        assert!(!Difference::is_shrunk(&stored, &series(&[1; 18])));
        assert!(Difference::is_shrunk(&stored, &series(&[1; 17])));
        assert!(!Difference::is_shrunk(&Series::new(), &Series::new()));
    }
}
