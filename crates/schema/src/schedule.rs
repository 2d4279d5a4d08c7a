//! The schedule expressions of EventBridge: `rate(…)`, `cron(…)`, `at(…)`.

use std::fmt;

/// Who reads a schedule expression: not all take the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// A rule of EventBridge: `rate` and `cron`.
    Rule,
    /// EventBridge Scheduler and Application Auto Scaling: `rate`, `cron` and `at`.
    Scheduler,
    /// Services such as Glue that take `cron` only.
    Cron,
}

/// What is wrong with a schedule expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleError {
    message: String,
    hint: String,
}

impl ScheduleError {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// What to do about it.
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ScheduleError {}

const RATE_HINT: &str = "write `rate(5 minutes)`, with `minutes`, `hours` or `days`";
const CRON_HINT: &str = "write `cron(MINUTES HOURS DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR)`, such as `cron(0 12 * * ? *)`";
const AT_HINT: &str = "write `at(2026-11-21T12:00:00)`";

/// Checks a schedule expression.
///
/// ```
/// use stackgen_schema::{Dialect, check_schedule};
///
/// assert!(check_schedule("rate(5 minutes)", Dialect::Rule).is_ok());
/// let error = check_schedule("cron(0 12 * * * *)", Dialect::Rule).expect_err("two days");
/// assert_eq!(error.to_string(), "one of day-of-month and day-of-week must be `?`");
/// ```
pub fn check_schedule(text: &str, dialect: Dialect) -> Result<(), ScheduleError> {
    let call = text.strip_suffix(')').and_then(|text| text.split_once('('));
    match (call, dialect) {
        (Some(("rate", inside)), Dialect::Rule | Dialect::Scheduler) => rate(inside, dialect),
        (Some(("cron", inside)), _) => cron(inside),
        (Some(("at", inside)), Dialect::Scheduler) => at(inside),
        (Some(("at", _)), _) => {
            Err(ScheduleError::new("`at(…)` only works in EventBridge Scheduler", "use `AWS::Scheduler::Schedule`"))
        }
        _ => Err(ScheduleError::new(
            format!("`{text}` is no schedule expression"),
            format!("{RATE_HINT}, or {CRON_HINT}"),
        )),
    }
}

fn rate(inside: &str, dialect: Dialect) -> Result<(), ScheduleError> {
    let error = |message: String| Err(ScheduleError::new(message, RATE_HINT));
    let parts: Vec<&str> = inside.split_whitespace().collect();
    let [value, unit] = parts.as_slice() else {
        return error(format!("`rate({inside})` must have a number and a unit"));
    };
    let number = match value.parse::<u32>() {
        Ok(number) if number > 0 => number,
        _ => return error(format!("`{value}` in `rate({inside})` must be a whole number from 1")),
    };
    let (single, plural) = match unit.strip_suffix('s') {
        Some(single) => (single, true),
        None => (*unit, false),
    };
    if !matches!(single, "minute" | "hour" | "day") {
        return error(format!("`{unit}` in `rate({inside})` is no unit"));
    }
    // Rules insist on grammar; the scheduler does not.
    if dialect == Dialect::Rule && plural != (number > 1) {
        let right = if plural { single.to_owned() } else { format!("{single}s") };
        return error(format!("`rate({inside})` must be written `rate({value} {right})`"));
    }
    Ok(())
}

fn at(inside: &str) -> Result<(), ScheduleError> {
    let error = || Err(ScheduleError::new(format!("`{inside}` is no time of the form `yyyy-mm-ddThh:mm:ss`"), AT_HINT));
    let Some((date, time)) = inside.split_once('T') else { return error() };
    let numbers = |text: &str, separator: char, widths: [usize; 3]| -> Option<[u32; 3]> {
        let parts: Vec<&str> = text.split(separator).collect();
        let [one, two, three] = parts.as_slice() else { return None };
        let number = |text: &str, width: usize| {
            (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
        };
        Some([number(one, widths[0])?, number(two, widths[1])?, number(three, widths[2])?])
    };
    match (numbers(date, '-', [4, 2, 2]), numbers(time, ':', [2, 2, 2])) {
        (Some([_, 1..=12, 1..=31]), Some([0..=23, 0..=59, 0..=59])) => Ok(()),
        _ => error(),
    }
}

/// One field of a cron expression.
struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    /// Names for the numbers from `least` on.
    names: &'static [&'static str],
    /// The signs that it takes besides `,`, `-`, `*` and `/`.
    signs: &'static str,
}

const FIELDS: [Field; 6] = [
    Field { name: "minutes", least: 0, most: 59, names: &[], signs: "" },
    Field { name: "hours", least: 0, most: 23, names: &[], signs: "" },
    Field { name: "day-of-month", least: 1, most: 31, names: &[], signs: "?LW" },
    Field {
        name: "month",
        least: 1,
        most: 12,
        names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
        signs: "",
    },
    Field {
        name: "day-of-week",
        least: 1,
        most: 7,
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
        signs: "?L#",
    },
    Field { name: "year", least: 1970, most: 2199, names: &[], signs: "" },
];

fn cron(inside: &str) -> Result<(), ScheduleError> {
    let error = |message: String| Err(ScheduleError::new(message, CRON_HINT));
    let parts: Vec<&str> = inside.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return error(format!("`cron({inside})` has {} fields, and must have {}", parts.len(), FIELDS.len()));
    }
    for (field, text) in FIELDS.iter().zip(&parts) {
        if !field.fits(text) {
            return error(format!("`{text}` is nothing that the field {} takes", field.name));
        }
    }
    match (parts[2], parts[4]) {
        ("?", "?") => error("only one of day-of-month and day-of-week can be `?`".to_owned()),
        ("?", _) | (_, "?") => Ok(()),
        _ => error("one of day-of-month and day-of-week must be `?`".to_owned()),
    }
}

impl Field {
    fn fits(&self, text: &str) -> bool {
        if text == "?" {
            return self.signs.contains('?');
        }
        text.split(',').all(|part| self.part(part))
    }

    /// One part between commas.
    fn part(&self, part: &str) -> bool {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        if step.is_some_and(|step| step.parse::<u32>().map_or(true, |step| step == 0)) {
            return false;
        }
        match range.split_once('-') {
            // A range may go over the end, as `FRI-MON`. `L-3` is the third day before the last.
            Some((from, to)) => {
                self.number(from) && self.number(to)
                    || self.signs.contains('W') && from == "L" && to.parse::<u32>().is_ok_and(|days| days <= self.most)
            }
            None if range == "*" => true,
            None => step.is_none() && self.special(range) || self.number(range),
        }
    }

    fn number(&self, text: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(text))
            || text.bytes().all(|byte| byte.is_ascii_digit())
                && text.parse::<u32>().is_ok_and(|number| (self.least..=self.most).contains(&number))
    }

    /// Last days (`L`, `5L`), the nearest weekday (`3W`, `LW`), the third Friday (`FRI#3`).
    fn special(&self, text: &str) -> bool {
        let signs = |sign: char| self.signs.contains(sign);
        if signs('L') && text == "L" || signs('W') && text == "LW" {
            return true;
        }
        if let Some((day, week)) = text.split_once('#') {
            return signs('#') && self.number(day) && week.parse::<u32>().is_ok_and(|week| (1..=5).contains(&week));
        }
        text.strip_suffix('W').is_some_and(|day| signs('W') && self.number(day))
            || text.strip_suffix('L').is_some_and(|day| signs('L') && !signs('W') && self.number(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_expressions_pass() {
        for (text, dialect) in [
            ("rate(1 minute)", Dialect::Rule),
            ("rate(5 minutes)", Dialect::Rule),
            ("rate(1 hours)", Dialect::Scheduler),
            ("cron(0 12 * * ? *)", Dialect::Rule),
            ("cron(0/15 * * * ? *)", Dialect::Rule),
            ("cron(15 10 ? * MON-FRI *)", Dialect::Rule),
            ("cron(15 10 ? * 6L 2022-2030)", Dialect::Rule),
            ("cron(0 8 1W * ? *)", Dialect::Rule),
            ("cron(0 8 L * ? *)", Dialect::Rule),
            ("cron(0 8 L-2 * ? *)", Dialect::Rule),
            ("cron(5,35 14 * JAN,jun ? *)", Dialect::Cron),
            ("cron(0 9 ? * 2#1 *)", Dialect::Rule),
            ("cron(0 9 ? * FRI-MON *)", Dialect::Scheduler),
            ("at(2026-11-21T12:00:00)", Dialect::Scheduler),
        ] {
            assert_eq!(check_schedule(text, dialect), Ok(()), "{text}");
        }
    }

    #[test]
    fn bad_expressions_are_refused() {
        for (text, dialect) in [
            ("5 minutes", Dialect::Rule),
            ("rate(5 minute)", Dialect::Rule),
            ("rate(1 minutes)", Dialect::Rule),
            ("rate(0 minutes)", Dialect::Scheduler),
            ("rate(5 weeks)", Dialect::Rule),
            ("rate(five minutes)", Dialect::Rule),
            ("rate(5)", Dialect::Rule),
            ("cron(0 12 * * *)", Dialect::Rule),
            ("cron(0 12 * * * *)", Dialect::Rule),
            ("cron(0 12 ? * ? *)", Dialect::Rule),
            ("cron(60 12 * * ? *)", Dialect::Rule),
            ("cron(0 24 * * ? *)", Dialect::Rule),
            ("cron(0 12 32 * ? *)", Dialect::Rule),
            ("cron(0 12 * 13 ? *)", Dialect::Rule),
            ("cron(0 12 ? * MOO *)", Dialect::Rule),
            ("cron(0 12 ? * 2#6 *)", Dialect::Rule),
            ("cron(0/0 12 * * ? *)", Dialect::Rule),
            ("cron(? 12 * * ? *)", Dialect::Rule),
            ("at(2026-11-21T12:00:00)", Dialect::Rule),
            ("at(2026-13-21T12:00:00)", Dialect::Scheduler),
            ("at(tomorrow)", Dialect::Scheduler),
            ("rate(5 minutes)", Dialect::Cron),
            ("", Dialect::Rule),
        ] {
            assert!(check_schedule(text, dialect).is_err(), "{text}");
        }
    }
}
