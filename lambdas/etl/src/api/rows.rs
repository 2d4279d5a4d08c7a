//! The rows of answers.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use jiff::{Span, civil::Date};

use crate::contract::api::{DailyRow, DataRow, PeriodRow};
use crate::series::{Figures, Series};

/// First and last date of an answer.
type Bounds = (Date, Date);

/// What changed from one stored day to the next.
#[derive(Debug, Clone, Copy, Default)]
struct Change {
    cases: i64,
    deaths: i64,
    recoveries: Option<i64>,
    days: u32,
}

/// The cumulative figures between `from` and `to`.
pub fn data_rows(series: &Series, (from, to): Bounds) -> Vec<DataRow> {
    let row = |(date, figures): (&Date, &Figures)| DataRow {
        date: date.to_string(),
        cases: figures.cases,
        deaths: figures.deaths,
        recoveries: figures.recoveries,
    };
    range(series, from..=to).map(row).collect()
}

/// The differences of the stored days between `from` and `to` from those before them, which may be before `from`.
pub fn daily_rows(series: &Series, (from, to): Bounds) -> Vec<DailyRow> {
    let row = |(date, change): (Date, Change)| {
        let figures =
            [("cases", change.cases), ("deaths", change.deaths), ("recoveries", change.recoveries.unwrap_or(0))];
        let decreases = figures.iter().filter(|(_, value)| *value < 0).map(|(name, _)| (*name).to_owned());
        DailyRow {
            date: date.to_string(),
            cases: change.cases,
            deaths: change.deaths,
            recoveries: change.recoveries,
            days: change.days,
            decreases: decreases.collect(),
        }
    };
    changes(series).filter(|(date, _)| (from..=to).contains(date)).map(row).collect()
}

/// The differences of all weeks, Monday to Sunday, that have a day between `from` and `to`.
pub fn weekly_rows(series: &Series, bounds: Bounds) -> Vec<PeriodRow> {
    period_rows(series, bounds, |date| {
        let from = date.saturating_sub(Span::new().days(date.weekday().to_monday_zero_offset()));
        (from, from.saturating_add(Span::new().days(6)))
    })
}

/// The differences of all calendar months that have a day between `from` and `to`.
pub fn monthly_rows(series: &Series, bounds: Bounds) -> Vec<PeriodRow> {
    period_rows(series, bounds, |date| (date.first_of_month(), date.last_of_month()))
}

fn period_rows(series: &Series, (from, to): Bounds, period: impl Fn(Date) -> (Date, Date)) -> Vec<PeriodRow> {
    let mut periods: BTreeMap<(Date, Date), Change> = BTreeMap::new();
    for (date, change) in changes(series) {
        periods
            .entry(period(date))
            .and_modify(|sum| {
                sum.cases += change.cases;
                sum.deaths += change.deaths;
                sum.recoveries = sum.recoveries.zip(change.recoveries).map(|(sum, change)| sum + change);
            })
            .or_insert(change);
    }
    let overlaps = |(first, last): &(Date, Date)| *last >= from && *first <= to;
    let row = |((first, last), change): ((Date, Date), Change)| PeriodRow {
        date: last.to_string(),
        from: first.to_string(),
        to: last.to_string(),
        cases: change.cases,
        deaths: change.deaths,
        recoveries: change.recoveries,
        complete: is_complete(series, first, last),
    };
    periods.into_iter().filter(|(period, _)| overlaps(period)).map(row).collect()
}

/// Whether all days of a period and the day before it are stored.
fn is_complete(series: &Series, first: Date, last: Date) -> bool {
    let Ok(before) = first.yesterday() else { return false };
    let mut expected = Some(before);
    for (date, _) in range(series, before..=last) {
        if expected != Some(*date) {
            return false;
        }
        expected = date.tomorrow().ok();
    }
    expected > Some(last) || expected.is_none()
}

/// The differences of all days. The first has nothing to differ from.
fn changes(series: &Series) -> impl Iterator<Item = (Date, Change)> {
    let before = [None].into_iter().chain(series.iter().map(Some));
    before.zip(series).map(|(before, (date, figures))| {
        let (before_date, before) = before.unwrap_or((date, figures));
        let days = u32::try_from((*date - *before_date).get_days()).unwrap_or(0);
        let change = Change {
            cases: difference(figures.cases, before.cases),
            deaths: difference(figures.deaths, before.deaths),
            recoveries: figures.recoveries.zip(before.recoveries).map(|(now, before)| difference(now, before)),
            days,
        };
        (*date, change)
    })
}

/// Both are at most 2^53, as all that is read is checked.
fn difference(now: u64, before: u64) -> i64 {
    now.cast_signed() - before.cast_signed()
}

/// The days of a range, which may be empty.
fn range(series: &Series, dates: RangeInclusive<Date>) -> impl Iterator<Item = (&Date, &Figures)> {
    let dates = (!dates.is_empty()).then_some(dates);
    dates.into_iter().flat_map(|dates| series.range(dates))
}
