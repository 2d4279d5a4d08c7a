//! When schedules and rules run, checked by the compiler where it is a constant.

mod at;
mod cron;
mod rate;

use std::fmt;

use stackgen_resources::typed::{Arg, TakesExpression};
use stackgen_template::Value;

pub use at::At;
pub use cron::Cron;
pub use rate::Rate;

/// The name of what a [`Rule`](super::Rule) takes: a [`Rate`], a [`Cron`], or an expression such as a parameter.
#[derive(Debug)]
pub enum RecurringExpression {}
impl TakesExpression for RecurringExpression {}

/// The name of what a [`Schedule`](super::Schedule) takes: a [`Rate`], a [`Cron`], an [`At`], or an expression such as a
/// parameter.
#[derive(Debug)]
pub enum ScheduleExpression {}
impl TakesExpression for ScheduleExpression {}

/// Text is not an expression of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleExpressionError {
    text: String,
    rule: &'static str,
}

impl fmt::Display for ScheduleExpressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no schedule: {}", self.text, self.rule)
    }
}

impl std::error::Error for ScheduleExpressionError {}

fn error(text: &str, rule: &'static str) -> ScheduleExpressionError {
    ScheduleExpressionError { text: text.to_owned(), rule }
}

macro_rules! expression {
    ($type:ty: $($target:ty),+) => {
        $(impl Arg<$target> for $type {
            fn into_value(self) -> Value {
                self.to_string().into()
            }
        })+
        impl TryFrom<String> for $type {
            type Error = ScheduleExpressionError;

            fn try_from(text: String) -> Result<Self, ScheduleExpressionError> {
                text.parse()
            }
        }
    };
}
expression!(Rate: RecurringExpression, ScheduleExpression);
expression!(Cron: RecurringExpression, ScheduleExpression);
expression!(At: ScheduleExpression);

/// The number that the digits from `start` to `end` write; `u32::MAX` where there are none, others, or too many.
const fn number(text: &[u8], start: usize, end: usize) -> u32 {
    if start >= end || end - start > 4 {
        return u32::MAX;
    }
    let (mut index, mut number) = (start, 0);
    while index < end {
        if !text[index].is_ascii_digit() {
            return u32::MAX;
        }
        number = number * 10 + (text[index] - b'0') as u32;
        index += 1;
    }
    number
}
