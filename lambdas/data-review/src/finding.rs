//! What a review finds wrong, or worth knowing.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use crate::contract::Severity;

macro_rules! codes {
    ($($severity:ident { $($(#[$doc:meta])* $code:ident $name:literal,)* })*) => {
        /// What kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($($(#[$doc])* $code,)*)*
        }

        impl Code {
            /// All codes, the worst first.
            pub const ALL: &[Self] = &[$($(Self::$code,)*)*];

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self {
                    $($(Self::$code => Severity::$severity,)*)*
                }
            }

            /// The name in tables.
            pub fn name(self) -> &'static str {
                match self {
                    $($(Self::$code => $name,)*)*
                }
            }
        }
    };
}

codes! {
    Error {
        /// A text ends without the line `END_DATA`.
        EndDataMissing "end_data_missing",
        /// `NUMBER_HEADERS` is another number than there are headers.
        NumberHeadersMismatch "number_headers_mismatch",
        /// A header, or what stands for it in netCDF, is missing or empty.
        RequiredHeaderMissing "required_header_missing",
        /// A column, or a variable in netCDF, is missing.
        RequiredColumnMissing "required_column_missing",
        /// A column has the name of an earlier one, and is not read.
        DuplicateColumn "duplicate_column",
        /// A column has no name, and is not read.
        EmptyColumnName "empty_column_name",
        /// There are more or fewer units than columns.
        UnitCountMismatch "unit_count_mismatch",
        /// Flags belong to no parameter.
        OrphanFlagColumn "orphan_flag_column",
        /// A row has more or fewer cells than there are columns, and is left out.
        RowWidth "row_width",
        /// A cell is no number.
        NonNumericValue "non_numeric_value",
        /// A flag is none of its scheme.
        IllegalFlag "illegal_flag",
        /// There is no value, and the flag does not say so.
        FillWithValueFlag "fill_with_value_flag",
        /// There is a value, and the flag says that there is none.
        ValueWithNoDataFlag "value_with_no_data_flag",
        /// A latitude or longitude is absent, or there is no such place.
        MissingCoordinate "missing_coordinate",
        /// A part of the key of a row is absent.
        MissingKey "missing_key",
        /// A row has the key of an earlier one, or a cast occurs twice.
        DuplicateKey "duplicate_key",
        /// Date, time or position differ within one cast.
        ProfileMetadataVaries "profile_metadata_varies",
        /// There is no such day.
        BadDate "bad_date",
        /// There is no such time.
        BadTime "bad_time",
        /// A table has no rows.
        NoRows "no_rows",
        /// A member of an archive cannot be read.
        MemberUnreadable "member_unreadable",
        /// A member of an archive is an archive, and is not read.
        NestedArchive "nested_archive",
        /// A member of an archive has data of another kind than the first, and is not read.
        MixedArchive "mixed_archive",
    }
    Warning {
        /// The text begins with a byte-order mark.
        ByteOrderMark "byte_order_mark",
        /// The text is not UTF-8, and was read as Latin-1.
        NotUtf8 "not_utf8",
        /// Lines end in carriage return and line feed.
        Crlf "crlf",
        /// A cell is blank.
        BlankValue "blank_value",
        /// A line is blank.
        BlankLine "blank_line",
        /// A column of flags has a unit.
        FlagColumnWithUnit "flag_column_with_unit",
        /// A parameter has another unit than in an earlier member.
        UnitVaries "unit_varies",
        /// A pressure is not above the one before.
        PressureNotIncreasing "pressure_not_increasing",
        /// A good value is far outside of what is found in the sea.
        GrossRange "gross_range",
    }
    Info {
        /// A member of an archive is no data.
        MemberIgnored "member_ignored",
        /// `SECT` stands for `SECT_ID`.
        LegacyHeader "legacy_header",
        /// `BTLNBR` stands for the missing `SAMPNO` in the key of rows.
        KeyFromBtlnbr "key_from_btlnbr",
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// All findings of one kind with one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The parameter, column or header; none if it is about a file, a line or a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// How often.
    pub count: u64,
    /// The first five places.
    pub places: Vec<Place>,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    /// The member of the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The profile of a netCDF file that has several, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<u64>,
    /// The level of a netCDF profile, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<u64>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The flag that goes with the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
}

impl Place {
    pub(crate) fn line(number: u64) -> Self {
        Self { line: Some(number), ..Self::default() }
    }

    pub(crate) fn level(profile: Option<u64>, level: u64) -> Self {
        Self { profile, level: Some(level), ..Self::default() }
    }

    pub(crate) fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

/// Places that are kept of each group.
const PLACES: usize = 5;

/// Collects findings in their groups. Parameters are numbers that the caller gives them.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    groups: Vec<Group>,
    index: HashMap<(Code, Option<u32>), usize>,
}

#[derive(Debug)]
struct Group {
    code: Code,
    parameter: Option<u32>,
    count: u64,
    places: Vec<Place>,
}

impl Findings {
    /// Adds a finding. The place is made only if it is one of the first.
    pub(crate) fn add(&mut self, code: Code, parameter: Option<u32>, place: impl FnOnce() -> Place) {
        let index = *self.index.entry((code, parameter)).or_insert_with(|| {
            self.groups.push(Group { code, parameter, count: 0, places: Vec::new() });
            self.groups.len() - 1
        });
        let group = &mut self.groups[index];
        group.count += 1;
        if group.places.len() < PLACES {
            group.places.push(place());
        }
    }

    /// The groups: the worst first, then in the order of the codes and of the names.
    pub(crate) fn into_groups(self, name: impl Fn(u32) -> String) -> Vec<Finding> {
        let mut groups: Vec<Finding> = self
            .groups
            .into_iter()
            .map(|group| Finding {
                code: group.code,
                severity: group.code.severity(),
                parameter: group.parameter.map(&name),
                count: group.count,
                places: group.places,
            })
            .collect();
        groups.sort_by(|a, b| (a.code, &a.parameter).cmp(&(b.code, &b.parameter)));
        groups
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_the_order_of_their_severity() {
        assert_eq!(Code::ALL.len(), 23 + 9 + 3);
        assert!(Code::ALL.windows(2).all(|pair| pair[0] < pair[1] && pair[0].severity() >= pair[1].severity()));
    }

    #[test]
    fn findings_are_counted_and_the_first_places_kept() {
        let mut findings = Findings::default();
        for line in 1..=7 {
            findings.add(Code::BlankValue, Some(1), || Place::line(line));
        }
        findings.add(Code::BadTime, None, || Place::line(9).with_value("0081"));
        findings.add(Code::BlankValue, Some(0), Place::default);
        let groups = findings.into_groups(|id| ["A", "B"][id as usize].to_owned());
        let seen: Vec<_> = groups.iter().map(|g| (g.code, g.parameter.as_deref(), g.count, g.places.len())).collect();
        assert_eq!(
            seen,
            [(Code::BadTime, None, 1, 1), (Code::BlankValue, Some("A"), 1, 1), (Code::BlankValue, Some("B"), 7, 5)]
        );
        assert_eq!(
            serde_json::to_string(&groups[0]).unwrap(),
            r#"{"code":"bad_time","severity":"error","count":1,"places":[{"line":9,"value":"0081"}]}"#
        );
    }
}
