//! Quality flags and what the two schemes of WOCE mean by them.

/// A flag as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    /// A whole number.
    Number(i64),
    /// Nothing but padding.
    Blank,
    /// Anything else.
    Other,
}

impl Flag {
    /// Reads a cell without its padding.
    pub(crate) fn parse(cell: &[u8]) -> Self {
        match cell {
            [] => Self::Blank,
            [digit @ b'0'..=b'9'] => Self::Number(i64::from(digit - b'0')),
            _ => std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok()).map_or(Self::Other, Self::Number),
        }
    }

    /// A flag of a netCDF variable.
    pub(crate) fn from_number(number: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        if number.fract() == 0.0 && number.abs() < 1e15 { Self::Number(number as i64) } else { Self::Other }
    }
}

/// Which flags are legal, and which of them say that there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// CTD files, and parameters of the CTD in bottle files.
    Ctd,
    /// Water samples, and the bottles themselves.
    Sample,
}

impl Scheme {
    /// The scheme of a parameter.
    pub(crate) fn of(parameter: &str, ctd_file: bool) -> Self {
        if ctd_file || parameter.starts_with("CTD") { Self::Ctd } else { Self::Sample }
    }

    pub(crate) fn is_legal(self, flag: Flag) -> bool {
        match (self, flag) {
            (Self::Ctd, Flag::Number(number)) => matches!(number, 0..=7 | 9),
            (Self::Sample, Flag::Number(number)) => matches!(number, 0..=9),
            (_, Flag::Blank | Flag::Other) => false,
        }
    }

    /// Whether a legal flag says that there is no value.
    pub(crate) fn says_no_data(self, flag: Flag) -> bool {
        match self {
            Self::Ctd => matches!(flag, Flag::Number(5 | 9)),
            Self::Sample => matches!(flag, Flag::Number(1 | 5 | 9)),
        }
    }
}

/// Whether a flag says that the value is good: acceptable, or interpolated or a mean of replicates.
pub(crate) fn is_good(flag: Flag) -> bool {
    matches!(flag, Flag::Number(2 | 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_whole_numbers() {
        for (cell, flag) in [
            ("2", Flag::Number(2)),
            ("-999", Flag::Number(-999)),
            ("12", Flag::Number(12)),
            ("", Flag::Blank),
            ("x", Flag::Other),
            ("2.5", Flag::Other),
        ] {
            assert_eq!(Flag::parse(cell.as_bytes()), flag, "{cell:?}");
        }
        assert_eq!(Flag::from_number(9.0), Flag::Number(9));
        assert_eq!(Flag::from_number(2.5), Flag::Other);
        assert_eq!(Flag::from_number(f64::NAN), Flag::Other);
        assert_eq!(Flag::from_number(f64::INFINITY), Flag::Other);
    }

    #[test]
    fn the_two_schemes_differ_in_8_and_1() {
        let legal = |scheme: Scheme| (-1..11).filter(|&n| scheme.is_legal(Flag::Number(n))).collect::<Vec<_>>();
        let no_data = |scheme: Scheme| (0..10).filter(|&n| scheme.says_no_data(Flag::Number(n))).collect::<Vec<_>>();
        assert_eq!(legal(Scheme::Ctd), [0, 1, 2, 3, 4, 5, 6, 7, 9]);
        assert_eq!(legal(Scheme::Sample), (0..10).collect::<Vec<_>>());
        assert_eq!((no_data(Scheme::Ctd), no_data(Scheme::Sample)), (vec![5, 9], vec![1, 5, 9]));
        assert_eq!(Scheme::of("CTDSAL", false), Scheme::Ctd);
        assert_eq!(Scheme::of("SALNTY", false), Scheme::Sample);
        assert_eq!(Scheme::of("FLUORM", true), Scheme::Ctd);
    }
}
