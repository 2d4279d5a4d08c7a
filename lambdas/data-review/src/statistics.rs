//! Statistics of a parameter.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    flag::{Flag, is_good},
    number::Value,
};

/// What a review tells of one parameter of a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub parameter: String,
    /// Its unit as the first file or member gives it; empty if it has none.
    pub unit: String,
    /// Rows that have a cell for it.
    pub n: u64,
    /// Fill values among them.
    pub fill: u64,
    /// Cells among them that are blank or no number.
    pub invalid: u64,
    /// The share of fill values and invalid cells; 0 without rows.
    pub missing_rate: f64,
    /// How often each flag occurs. Flags that are no whole numbers are counted as `blank` and `other`.
    pub flags: BTreeMap<String, u64>,
    /// Good values: numbers without a flag, or with the flag 2 or 6.
    pub good: u64,
    /// The least good value.
    pub min: Option<f64>,
    /// The greatest good value.
    pub max: Option<f64>,
    /// The mean of the good values.
    pub mean: Option<f64>,
}

/// How many different flags outside of 0 to 9 are counted apart.
const OTHER_FLAGS: usize = 100;

/// Counts the values of one parameter.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statistics {
    n: u64,
    fill: u64,
    invalid: u64,
    flags: [u64; 10],
    numbers: BTreeMap<i64, u64>,
    blank_flags: u64,
    other_flags: u64,
    good: u64,
    min: f64,
    max: f64,
    sum: f64,
    /// What the additions to `sum` lost: without it the mean of many values depends on their order.
    lost: f64,
}

impl Statistics {
    /// Counts one cell; the flag is that of the parameter, if it has flags. Returns the value if it is good.
    #[inline]
    pub(crate) fn count(&mut self, value: Value, flag: Option<Flag>) -> Option<f64> {
        self.n += 1;
        match flag {
            None => {}
            Some(Flag::Number(number)) => self.count_flag(number),
            Some(Flag::Blank) => self.blank_flags += 1,
            Some(Flag::Other) => self.other_flags += 1,
        }
        match value {
            Value::Number(number) if flag.is_none_or(is_good) => {
                self.add(number);
                Some(number)
            }
            Value::Number(_) => None,
            Value::Fill => {
                self.fill += 1;
                None
            }
            Value::Blank | Value::NotANumber => {
                self.invalid += 1;
                None
            }
        }
    }

    fn count_flag(&mut self, number: i64) {
        if let Some(count) = usize::try_from(number).ok().and_then(|index| self.flags.get_mut(index)) {
            *count += 1;
        } else if self.numbers.len() < OTHER_FLAGS || self.numbers.contains_key(&number) {
            *self.numbers.entry(number).or_default() += 1;
        } else {
            self.other_flags += 1;
        }
    }

    fn add(&mut self, number: f64) {
        if self.good == 0 {
            (self.min, self.max) = (number, number);
        } else {
            self.min = self.min.min(number);
            self.max = self.max.max(number);
        }
        self.good += 1;
        let sum = self.sum + number;
        self.lost += if self.sum.abs() >= number.abs() { (self.sum - sum) + number } else { (number - sum) + self.sum };
        self.sum = sum;
    }

    /// The result under the name and unit of the parameter.
    #[expect(clippy::cast_precision_loss, reason = "no file has 2^53 rows")]
    pub(crate) fn into_parameter(self, parameter: String, unit: String) -> Parameter {
        let mut flags: BTreeMap<String, u64> = self
            .flags
            .iter()
            .enumerate()
            .map(|(flag, &count)| (flag.to_string(), count))
            .chain([("blank".to_owned(), self.blank_flags), ("other".to_owned(), self.other_flags)])
            .filter(|&(_, count)| count > 0)
            .collect();
        flags.extend(self.numbers.into_iter().map(|(flag, count)| (flag.to_string(), count)));
        let some = self.good > 0;
        let mean = (self.sum + self.lost) / self.good as f64;
        Parameter {
            parameter,
            unit,
            n: self.n,
            fill: self.fill,
            invalid: self.invalid,
            missing_rate: if self.n == 0 { 0.0 } else { (self.fill + self.invalid) as f64 / self.n as f64 },
            flags,
            good: self.good,
            min: some.then_some(self.min),
            max: some.then_some(self.max),
            // Values near the largest double overflow in the sum.
            mean: (some && mean.is_finite()).then_some(mean),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_good_values_count_for_the_mean() {
        let mut statistics = Statistics::default();
        for (value, flag) in [
            (Value::Number(1.0), Flag::Number(2)),
            (Value::Number(4.0), Flag::Number(6)),
            (Value::Number(99.0), Flag::Number(3)),
            (Value::Fill, Flag::Number(9)),
            (Value::Blank, Flag::Blank),
            (Value::NotANumber, Flag::Number(-999)),
            (Value::Number(98.0), Flag::Other),
        ] {
            statistics.count(value, Some(flag));
        }
        let found = statistics.into_parameter("P".into(), "U".into());
        assert_eq!((found.n, found.fill, found.invalid, found.good), (7, 1, 2, 2));
        assert_eq!((found.min, found.max, found.mean), (Some(1.0), Some(4.0), Some(2.5)));
        assert!((found.missing_rate - 3.0 / 7.0).abs() < 1e-15);
        let flags: Vec<_> = found.flags.iter().map(|(flag, count)| (flag.as_str(), *count)).collect();
        assert_eq!(flags, [("-999", 1), ("2", 1), ("3", 1), ("6", 1), ("9", 1), ("blank", 1), ("other", 1)]);
    }

    #[test]
    fn a_parameter_without_flags_or_values() {
        let mut statistics = Statistics::default();
        assert_eq!(statistics.count(Value::Number(5.0), None), Some(5.0));
        assert_eq!(statistics.clone().into_parameter(String::new(), String::new()).mean, Some(5.0));
        let none = Statistics::default().into_parameter(String::new(), String::new());
        assert_eq!((none.min, none.mean, none.n), (None, None, 0));
        assert!(none.missing_rate.abs() < f64::EPSILON);
    }

    #[test]
    fn the_sum_loses_nothing_and_overflow_is_no_mean() {
        let mut statistics = Statistics::default();
        for number in [1e16, 1.0, -1e16, 1.0] {
            statistics.count(Value::Number(number), None);
        }
        assert_eq!(statistics.into_parameter(String::new(), String::new()).mean, Some(0.5));
        let mut huge = Statistics::default();
        huge.count(Value::Number(f64::MAX), None);
        huge.count(Value::Number(f64::MAX), None);
        assert_eq!(huge.into_parameter(String::new(), String::new()).mean, None);
    }

    #[test]
    fn flags_of_all_numbers_take_bounded_room() {
        let mut statistics = Statistics::default();
        for number in 0..100_000 {
            statistics.count(Value::Fill, Some(Flag::Number(number)));
        }
        let flags = statistics.into_parameter(String::new(), String::new()).flags;
        assert_eq!((flags.len(), flags.values().sum::<u64>()), (111, 100_000));
    }
}
