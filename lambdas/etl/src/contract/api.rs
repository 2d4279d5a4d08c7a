//! The HTTP API: its routes, its answers.

use serde::{Deserialize, Serialize};

/// Query parameter of the first date, inclusive, `YYYY-MM-DD`.
pub const FROM: &str = "from";
/// Query parameter of the last date, inclusive.
pub const TO: &str = "to";

/// What one row of an answer covers; each is a route of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// The cumulative figures as stored.
    Data,
    /// Differences from one stored day to the next.
    Daily,
    /// Weeks from Monday to Sunday.
    Weekly,
    /// Calendar months.
    Monthly,
}

impl Granularity {
    /// All of them, which are all routes of the API.
    pub const ALL: [Self; 4] = [Self::Data, Self::Daily, Self::Weekly, Self::Monthly];

    /// The path of its route. The method is always GET.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Data => "/data",
            Self::Daily => "/daily",
            Self::Weekly => "/weekly",
            Self::Monthly => "/monthly",
        }
    }

    /// The one whose route is `path`.
    pub fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|granularity| granularity.path() == path)
    }
}

/// The answer of a route, with rows of [`DataRow`], [`DailyRow`] or [`PeriodRow`] in ascending order of their dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer<Row> {
    /// What a row covers.
    pub granularity: Granularity,
    /// The first date that was asked for.
    pub from: Option<String>,
    /// The last date that was asked for.
    pub to: Option<String>,
    /// When a run last changed the figures: RFC 3339, UTC; none while the table is empty.
    pub updated_at: Option<String>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A stored day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRow {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// Cases up to this day.
    pub cases: u64,
    /// Deaths up to this day.
    pub deaths: u64,
    /// Recoveries up to this day; null when not reported.
    pub recoveries: Option<u64>,
}

/// The difference of a stored day from the one before it. Sources revise their figures, so it may be negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyRow {
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// New cases.
    pub cases: i64,
    /// New deaths.
    pub deaths: i64,
    /// New recoveries; null when not reported on either day.
    pub recoveries: Option<i64>,
    /// Calendar days since the stored day before; 0 for the first.
    pub days: u32,
    /// Names of the figures that fell.
    pub decreases: Vec<String>,
}

/// A week or a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodRow {
    /// Its last calendar day, `YYYY-MM-DD`.
    pub date: String,
    /// Its first calendar day.
    pub from: String,
    /// Its last calendar day.
    pub to: String,
    /// New cases.
    pub cases: i64,
    /// New deaths.
    pub deaths: i64,
    /// New recoveries; null when not reported on any of its days.
    pub recoveries: Option<i64>,
    /// Whether all its days and the day before it are stored.
    pub complete: bool,
}

/// The body of an answer other than 200 and 304.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// What is wrong.
    pub error: ErrorDetail,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// For programs.
    pub code: String,
    /// For people.
    pub message: String,
}
