//! Cumulative figures by date.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// The cumulative figures of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Figures {
    /// Cases up to this date.
    pub cases: u64,
    /// Deaths up to this date.
    pub deaths: u64,
    /// Recoveries up to this date; none when not reported.
    pub recoveries: Option<u64>,
}

/// Cumulative figures in ascending order of their dates.
pub type Series = BTreeMap<Date, Figures>;

/// The number of dates without recoveries.
pub(crate) fn not_reported(series: &Series) -> u64 {
    amount(series.values().filter(|figures| figures.recoveries.is_none()).count())
}

/// First and last date as text.
pub(crate) fn bounds(series: &Series) -> (Option<String>, Option<String>) {
    let text = |entry: Option<(&Date, &Figures)>| entry.map(|(date, _)| date.to_string());
    (text(series.first_key_value()), text(series.last_key_value()))
}

/// A length as the messages write it.
pub(crate) fn amount(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
