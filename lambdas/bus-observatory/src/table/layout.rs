//! Which columns rows are told apart by and sorted by.

use std::fmt;

use crate::feeds::{ColumnKind, Feed, FeedType};

/// The columns of a feed that have a meaning for the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    feed_type: FeedType,
    route: usize,
    timestamp: usize,
}

/// Columns of a feed that its format does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutError {
    column: String,
    feed_type: FeedType,
}

impl fmt::Display for LayoutError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, feed_type } = self;
        write!(formatter, "the format `{}` has no column `{column}` of the type that is needed", feed_type.name())
    }
}

impl std::error::Error for LayoutError {}

impl Layout {
    /// The layout of a feed.
    pub fn of(feed: &Feed) -> Result<Self, LayoutError> {
        Self::new(feed.feed_type, &feed.route_column, &feed.timestamp_column)
    }

    /// The layout with these columns.
    pub fn new(feed_type: FeedType, route: &str, timestamp: &str) -> Result<Self, LayoutError> {
        let find = |name: &str, kind: ColumnKind| {
            let found = feed_type.columns().iter().position(|column| column.name == name && column.kind == kind);
            found.ok_or_else(|| LayoutError { column: name.to_owned(), feed_type })
        };
        Ok(Self {
            feed_type,
            route: find(route, ColumnKind::Text)?,
            timestamp: find(timestamp, ColumnKind::Timestamp)?,
        })
    }

    /// The layout that feeds of a format have unless they say otherwise.
    pub fn standard(feed_type: FeedType) -> Self {
        let (route, timestamp) = match feed_type {
            FeedType::Gtfsrt => ("vehicle_trip_route_id", "vehicle_timestamp"),
            FeedType::Siri => ("route", "timestamp"),
            FeedType::Njxml => ("rt", "timestamp"),
        };
        Self::new(feed_type, route, timestamp).expect("the columns stand in the format")
    }

    /// The format.
    pub fn feed_type(self) -> FeedType {
        self.feed_type
    }

    /// Index of the column of the route.
    pub fn route(self) -> usize {
        self.route
    }

    /// Index of the column of the time.
    pub fn timestamp(self) -> usize {
        self.timestamp
    }

    /// Name of the column of the route.
    pub fn route_name(self) -> &'static str {
        self.feed_type.columns()[self.route].name
    }

    /// Name of the column of the time.
    pub fn timestamp_name(self) -> &'static str {
        self.feed_type.columns()[self.timestamp].name
    }

    /// Indices of the columns that name the vehicle: the first that is not null does.
    pub fn vehicle(self) -> &'static [usize] {
        match self.feed_type {
            FeedType::Gtfsrt => &[7, 0],
            FeedType::Siri => &[24],
            FeedType::Njxml => &[0],
        }
    }

    /// Indices of the columns of the position: latitude and longitude.
    pub fn coordinates(self) -> (usize, usize) {
        match self.feed_type {
            FeedType::Gtfsrt => (10, 11),
            FeedType::Siri => (18, 19),
            FeedType::Njxml => (12, 13),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_meaning_are_those_of_the_specification() {
        for (feed_type, vehicle, coordinates) in [
            (
                FeedType::Gtfsrt,
                vec!["vehicle_vehicle_id", "id"],
                ["vehicle_position_latitude", "vehicle_position_longitude"],
            ),
            (FeedType::Siri, vec!["vehicle_id"], ["lat", "lon"]),
            (FeedType::Njxml, vec!["id"], ["lat", "lon"]),
        ] {
            let layout = Layout::standard(feed_type);
            let name = |index: usize| feed_type.columns()[index].name;
            assert_eq!(layout.vehicle().iter().map(|index| name(*index)).collect::<Vec<_>>(), vehicle);
            let (latitude, longitude) = layout.coordinates();
            assert_eq!([name(latitude), name(longitude)], coordinates);
        }
    }

    #[test]
    fn a_column_of_another_type_is_refused() {
        assert!(Layout::new(FeedType::Siri, "route", "vehicle_id").is_err());
        assert_eq!(
            Layout::new(FeedType::Siri, "lat", "timestamp").map_err(|error| error.to_string()),
            Err("the format `siri` has no column `lat` of the type that is needed".to_owned())
        );
    }
}
