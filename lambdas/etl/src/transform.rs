//! Both sources as one series.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::series::{Figures, Series};

/// A cumulative figure that falls. Sources revise their figures, so it is taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decrease {
    /// The date.
    pub date: Date,
    /// Name of the figure.
    pub figure: &'static str,
    /// The figure before.
    pub before: u64,
    /// The figure on the date.
    pub value: u64,
}

/// Both sources, joined on their dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Joined {
    /// The figures.
    pub series: Series,
    /// Figures that fall.
    pub decreases: Vec<Decrease>,
}

/// What `Recovered` tells: from the first positive value on, 0 means that nothing was reported.
pub fn reported(recovered: &BTreeMap<Date, Option<u64>>) -> BTreeMap<Date, Option<u64>> {
    let mut begun = false;
    let reported = |value: u64| {
        let told = value > 0 || !begun;
        begun |= value > 0;
        told.then_some(value)
    };
    let mut reported = reported;
    recovered.iter().map(|(date, value)| (*date, value.and_then(&mut reported))).collect()
}

/// Cases and deaths of source A with the recoveries of source B, of the dates that both have.
pub fn join(nyt: &BTreeMap<Date, (u64, u64)>, jhu: &BTreeMap<Date, Option<u64>>) -> Joined {
    let recoveries = reported(jhu);
    let rows = nyt.iter().filter_map(|(date, (cases, deaths))| {
        let recoveries = *recoveries.get(date)?;
        Some((*date, Figures { cases: *cases, deaths: *deaths, recoveries }))
    });
    let series = rows.collect();
    Joined { decreases: decreases(&series), series }
}

fn decreases(series: &Series) -> Vec<Decrease> {
    let mut found = Vec::new();
    let mut last: [Option<u64>; 3] = [None; 3];
    for (date, figures) in series {
        let values =
            [("cases", Some(figures.cases)), ("deaths", Some(figures.deaths)), ("recoveries", figures.recoveries)];
        for (last, (figure, value)) in last.iter_mut().zip(values) {
            let Some(value) = value else { continue };
            if let Some(before) = last.replace(value)
                && value < before
            {
                found.push(Decrease { date: *date, figure, before, value });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn nothing_is_reported_once_a_number_has_gone_back_to_0() {
        let days = |values: &[Option<u64>]| -> BTreeMap<Date, Option<u64>> {
            (1..).map(|day| date(2020, 2, day)).zip(values.iter().copied()).collect()
        };
        let read = days(&[Some(0), None, Some(0), Some(3), Some(0), None, Some(4), Some(0)]);
        assert_eq!(reported(&read), days(&[Some(0), None, Some(0), Some(3), None, None, Some(4), None]));
        let zeros = days(&[Some(0), Some(0)]);
        assert_eq!(reported(&zeros), zeros);
    }

    #[test]
    fn only_dates_of_both_sources_are_joined() {
        let nyt = (1..=5).map(|day| (date(2020, 9, day), (100, 1))).collect();
        let recovered = [2_231_757, 2_266_957, 2_283_454, 2_302_187, 2_315_995];
        let jhu = (2..=6).map(|day| date(2020, 9, day)).zip(recovered.map(Some)).collect();
        let joined = join(&nyt, &jhu).series;
        let dates: Vec<_> = joined.keys().map(ToString::to_string).collect();
        assert_eq!(dates, ["2020-09-02", "2020-09-03", "2020-09-04", "2020-09-05"]);
        let recoveries: Vec<_> = joined.values().map(|figures| figures.recoveries).collect();
        assert_eq!(recoveries, recovered[..4].iter().copied().map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn a_figure_that_falls_is_taken_and_told() {
        let nyt = [(date(2021, 6, 3), (33_336_811, 5)), (date(2021, 6, 4), (33_312_812, 5))].into();
        let jhu = [(date(2021, 6, 3), Some(0)), (date(2021, 6, 4), Some(0))].into();
        let joined = join(&nyt, &jhu);
        let decrease = Decrease { date: date(2021, 6, 4), figure: "cases", before: 33_336_811, value: 33_312_812 };
        assert_eq!(joined.decreases, [decrease]);
        assert_eq!(joined.series.len(), 2);
    }
}
