//! Dates and times as the formats write them.

/// A date as the number YYYYMMDD, if there is such a day.
pub(crate) fn date(cell: &[u8]) -> Option<u32> {
    if cell.len() != 8 {
        return None;
    }
    valid_date(whole_number(cell)?)
}

/// The number YYYYMMDD, if it is a day.
pub(crate) fn valid_date(number: u32) -> Option<u32> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    ((1..=9999).contains(&year) && (1..=days).contains(&day)).then_some(number)
}

/// A time of one to four digits, padded on the left, as the number HHMM from 0000 to 2359.
pub(crate) fn time(cell: &[u8]) -> Option<u16> {
    if cell.len() > 4 {
        return None;
    }
    valid_time(whole_number(cell)?)
}

/// The number HHMM, if it is a time.
pub(crate) fn valid_time(number: u32) -> Option<u16> {
    (number / 100 < 24 && number % 100 < 60).then(|| u16::try_from(number).ok())?
}

/// Digits and nothing else, at most eight of them.
fn whole_number(cell: &[u8]) -> Option<u32> {
    if cell.is_empty() || cell.len() > 8 {
        return None;
    }
    cell.iter().try_fold(0, |number, &byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Date and time so many days after 1950-01-01T00:00, to the nearest minute.
pub(crate) fn days_since_1950(days: f64) -> Option<(u32, u16)> {
    const MINUTES: i64 = 24 * 60;
    // Years 1 to 9999: beyond them a date has no eight digits.
    if !(-711_858.0..2_940_183.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
    let minutes = (days * 1440.0).round() as i64;
    let (day, minute) = (minutes.div_euclid(MINUTES), minutes.rem_euclid(MINUTES));
    let date = civil(day - 7_305)?;
    let time = u16::try_from(minute / 60 * 100 + minute % 60).ok()?;
    Some((valid_date(date)?, time))
}

/// The number YYYYMMDD of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Years begin in March here, so that the leap day is the last day of a year, and 400 years always have as many days.
fn civil(day: i64) -> Option<u32> {
    const ERA: i64 = 146_097;
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    u32::try_from(year * 10_000 + month * 100 + day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        assert_eq!(date(b"20160229"), Some(20_160_229));
        for bad in [
            "20150229",
            "19000229",
            "20151301",
            "20150431",
            "20150100",
            "2015101",
            "201501011",
            "2015-1-1",
            "",
            "00000101",
        ] {
            assert_eq!(date(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn times_have_up_to_four_digits() {
        for (cell, expected) in
            [("1", Some(1)), ("45", Some(45)), ("0000", Some(0)), ("930", Some(930)), ("2359", Some(2359))]
        {
            assert_eq!(time(cell.as_bytes()), expected, "{cell}");
        }
        for bad in ["0081", "2400", "2360", "", "12:5", "-999", "00001", "9999"] {
            assert_eq!(time(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn days_are_counted_from_1950() {
        assert_eq!(days_since_1950(0.0), Some((19_500_101, 0)));
        assert_eq!(days_since_1950(-1.0), Some((19_491_231, 0)));
        assert_eq!(days_since_1950(0.999_999_9), Some((19_500_102, 0)));
        assert_eq!(days_since_1950(18_321.5), Some((20_000_229, 1200)));
        assert_eq!(days_since_1950(20_041.75), Some((20_041_114, 1800)));
        for bad in [f64::NAN, f64::INFINITY, -1e6, 1e300] {
            assert_eq!(days_since_1950(bad), None, "{bad}");
        }
    }
}
