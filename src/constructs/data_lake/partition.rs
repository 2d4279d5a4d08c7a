//! Partitions of tables, which Athena computes instead of looking them up.

use std::ops::RangeInclusive;

use stackgen_template::{Text, Value};

use super::column::{Column, ColumnType};

/// A key that a table is divided by, and the values that Athena takes it to have.
///
/// With partition projection nothing adds partitions to the catalogue: Athena computes from the values where the files
/// of a query are.
///
/// ```
/// use stackgen::prelude::*;
///
/// let keys = [
///     PartitionKey::date("dt", DateFormat::DAY, "2023-01-01,NOW"),
///     PartitionKey::integers("hr", 0..=23).digits(2),
///     PartitionKey::values("city", ["Boston", "Sydney"]),
/// ];
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct PartitionKey {
    column: Column,
    projection: Projection,
}

/// The values that a partition key has.
#[derive(Debug, Clone)]
enum Projection {
    Date { format: DateFormat, range: Text },
    Integers { range: RangeInclusive<i64>, digits: Option<u8>, interval: Option<u32> },
    Values(Vec<Text>),
    Injected,
}

/// How moments are written in the paths of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateFormat {
    pattern: Text,
    unit: Option<&'static str>,
}

impl DateFormat {
    /// Days: `2023-04-30`.
    pub const DAY: Self = Self::of("yyyy-MM-dd");
    /// Days as folders: `2023/04/30`.
    pub const DAY_FOLDERS: Self = Self::of("yyyy/MM/dd");
    /// Months: `2023-04`.
    pub const MONTH: Self = Self { pattern: Text::Borrowed("yyyy-MM"), unit: Some("MONTHS") };
    /// Hours as folders: `2023/04/30/23`.
    pub const HOUR_FOLDERS: Self = Self { pattern: Text::Borrowed("yyyy/MM/dd/HH"), unit: Some("HOURS") };

    const fn of(pattern: &'static str) -> Self {
        Self { pattern: Text::Borrowed(pattern), unit: None }
    }

    /// Days in another form, as Java's `DateTimeFormatter` writes patterns.
    pub fn days(pattern: impl Into<Text>) -> Self {
        Self { pattern: pattern.into(), unit: None }
    }
}

impl PartitionKey {
    /// A key of moments, text in the form of `format`. `range` is the first and the last one with a comma between, each in
    /// that form or relative to `NOW`: `2023-01-01,NOW`, `NOW-3YEARS,NOW+1DAY`.
    pub fn date(name: impl Into<Text>, format: DateFormat, range: impl Into<Text>) -> Self {
        Self::of(name, ColumnType::String, Projection::Date { format, range: range.into() })
    }

    /// A key of whole numbers, both ends of the range included.
    pub fn integers(name: impl Into<Text>, range: RangeInclusive<i64>) -> Self {
        let fits = i32::try_from(*range.start()).is_ok() && i32::try_from(*range.end()).is_ok();
        let kind = if fits { ColumnType::Int } else { ColumnType::BigInt };
        Self::of(name, kind, Projection::Integers { range, digits: None, interval: None })
    }

    /// A key with one of some values, text.
    pub fn values<V: Into<Text>>(name: impl Into<Text>, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self::of(name, ColumnType::String, Projection::Values(values))
    }

    /// A key with any value, text, of which every query must say one.
    pub fn injected(name: impl Into<Text>) -> Self {
        Self::of(name, ColumnType::String, Projection::Injected)
    }

    fn of(name: impl Into<Text>, kind: ColumnType, projection: Projection) -> Self {
        Self { column: Column::new(name, kind), projection }
    }

    /// Gives the key another type than its values suggest: `hr` as text, for instance.
    pub fn of_type(self, kind: ColumnType) -> Self {
        let column = Column::new(self.column.name().to_owned(), kind);
        Self { column, ..self }
    }

    /// Fills whole numbers with zeros up to so many digits, as they are written in paths. Of no effect on other keys.
    pub fn digits(mut self, count: u8) -> Self {
        if let Projection::Integers { digits, .. } = &mut self.projection {
            *digits = Some(count);
        }
        self
    }

    /// Takes every `step`-th whole number only. Of no effect on other keys.
    pub fn every(mut self, step: u32) -> Self {
        if let Projection::Integers { interval, .. } = &mut self.projection {
            *interval = Some(step);
        }
        self
    }

    /// The name of the key.
    pub fn name(&self) -> &str {
        self.column.name()
    }

    pub(super) fn column(&self) -> &Column {
        &self.column
    }

    /// The properties of the table that tell Athena the values.
    pub(super) fn properties(&self) -> Vec<(String, Value)> {
        let key = |setting: &str| format!("projection.{}.{setting}", self.name());
        match &self.projection {
            Projection::Date { format, range } => {
                let mut properties = vec![
                    (key("type"), "date".into()),
                    (key("format"), format.pattern.clone().into()),
                    (key("range"), range.clone().into()),
                ];
                if let Some(unit) = format.unit {
                    properties.push((key("interval"), "1".into()));
                    properties.push((key("interval.unit"), unit.into()));
                }
                properties
            }
            Projection::Integers { range, digits, interval } => {
                let mut properties = vec![
                    (key("type"), "integer".into()),
                    (key("range"), format!("{},{}", range.start(), range.end()).into()),
                ];
                properties.extend(digits.map(|digits| (key("digits"), digits.to_string().into())));
                properties.extend(interval.map(|interval| (key("interval"), interval.to_string().into())));
                properties
            }
            Projection::Values(values) => {
                vec![(key("type"), "enum".into()), (key("values"), values.join(",").into())]
            }
            Projection::Injected => vec![(key("type"), "injected".into())],
        }
    }

    /// What is wrong with the values.
    pub(super) fn fault(&self) -> Option<String> {
        let name = self.name();
        match &self.projection {
            Projection::Date { range, .. } => match range.split_once(',') {
                Some((first, last)) if !first.trim().is_empty() && !last.trim().is_empty() && !last.contains(',') => {
                    None
                }
                _ => Some(format!(
                    "`{range}` is not a range of the partition key `{name}`: it has a first and a last moment"
                )),
            },
            Projection::Integers { range, digits, interval } => {
                if range.is_empty() {
                    return Some(format!(
                        "the partition key `{name}` has no value from {} to {}",
                        range.start(),
                        range.end()
                    ));
                }
                let wide = |digits: &u8| range.end().to_string().len() > usize::from(*digits);
                if digits.as_ref().is_some_and(wide) {
                    return Some(format!("{} has more digits than the partition key `{name}`", range.end()));
                }
                (*interval == Some(0)).then(|| format!("the partition key `{name}` takes every 0th value"))
            }
            Projection::Values(values) => {
                if values.is_empty() {
                    return Some(format!("the partition key `{name}` has no values"));
                }
                let odd = values.iter().find(|value| value.is_empty() || value.contains(','));
                odd.map(|value| {
                    format!("`{value}` cannot be a value of the partition key `{name}`: it is empty or has a comma")
                })
            }
            Projection::Injected => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(key: &PartitionKey) -> String {
        key.fault().unwrap_or_default()
    }

    #[test]
    fn values_are_written_as_athena_reads_them() {
        let key = PartitionKey::integers("hr", 0..=23).digits(2).every(3);
        let properties = key.properties();
        let expected = [
            ("projection.hr.type", "integer"),
            ("projection.hr.range", "0,23"),
            ("projection.hr.digits", "2"),
            ("projection.hr.interval", "3"),
        ];
        assert_eq!(properties, expected.map(|(name, value)| (name.to_owned(), Value::from(value))));
        assert_eq!(PartitionKey::integers("id", 0..=5_000_000_000).column().kind(), &ColumnType::BigInt);
        assert_eq!(
            PartitionKey::integers("hr", 0..=23).of_type(ColumnType::String).column().kind(),
            &ColumnType::String
        );
    }

    #[test]
    fn moments_other_than_days_say_their_steps() {
        let units: Vec<_> = [DateFormat::DAY, DateFormat::MONTH, DateFormat::HOUR_FOLDERS]
            .map(|format| PartitionKey::date("at", format, "NOW-1YEARS,NOW").properties().len())
            .into();
        assert_eq!(units, [3, 5, 5]);
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        assert_eq!(PartitionKey::date("dt", DateFormat::DAY, "2023-01-01,NOW").fault(), None);
        assert!(fault(&PartitionKey::date("dt", DateFormat::DAY, "2023-01-01")).contains("is not a range"));
        assert!(fault(&PartitionKey::date("dt", DateFormat::DAY, "a,b,c")).contains("is not a range"));
        #[expect(clippy::reversed_empty_ranges, reason = "what is tested")]
        let empty = PartitionKey::integers("hr", 5..=4);
        assert!(fault(&empty).contains("has no value from 5 to 4"));
        assert!(fault(&PartitionKey::integers("hr", 0..=23).digits(1)).contains("more digits"));
        assert!(fault(&PartitionKey::integers("hr", 0..=23).every(0)).contains("0th"));
        assert!(fault(&PartitionKey::values::<&str>("city", [])).contains("no values"));
        assert!(fault(&PartitionKey::values("city", ["a,b"])).contains("comma"));
        assert_eq!(PartitionKey::injected("id").fault(), None);
    }
}
