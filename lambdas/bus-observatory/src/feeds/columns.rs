//! The columns of each format, in the order of every file.

use super::FeedType;

/// A column. Each may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnKind,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// UTF-8 text.
    Text,
    /// An integer of 32 bits.
    Integer,
    /// A floating-point number of 32 bits.
    Float,
    /// A floating-point number of 64 bits.
    Double,
    /// Microseconds since 1970, UTC.
    Timestamp,
}

impl ColumnKind {
    /// The type's name in the Glue catalogue.
    pub const fn glue_type(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "int",
            Self::Float => "float",
            Self::Double => "double",
            Self::Timestamp => "timestamp",
        }
    }
}

impl FeedType {
    /// The columns of the format, which are those of its tables.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Gtfsrt => &GTFSRT,
            Self::Siri => &SIRI,
            Self::Njxml => &NJXML,
        }
    }

    /// The column `name` of the format.
    pub fn column(self, name: &str) -> Option<Column> {
        self.columns().iter().copied().find(|column| column.name == name)
    }
}

const GTFSRT: [Column; 24] = [
    text("id"),
    text("vehicle_trip_trip_id"),
    text("vehicle_trip_route_id"),
    integer("vehicle_trip_direction_id"),
    text("vehicle_trip_start_time"),
    text("vehicle_trip_start_date"),
    integer("vehicle_trip_schedule_relationship"),
    text("vehicle_vehicle_id"),
    text("vehicle_vehicle_label"),
    text("vehicle_vehicle_license_plate"),
    float("vehicle_position_latitude"),
    float("vehicle_position_longitude"),
    float("vehicle_position_bearing"),
    double("vehicle_position_odometer"),
    float("vehicle_position_speed"),
    integer("vehicle_current_stop_sequence"),
    text("vehicle_stop_id"),
    integer("vehicle_current_status"),
    timestamp("vehicle_timestamp"),
    integer("vehicle_congestion_level"),
    integer("vehicle_occupancy_status"),
    integer("vehicle_occupancy_percentage"),
    timestamp("fetched_at"),
    text("ts_source"),
];

const SIRI: [Column; 28] = [
    text("route"),
    timestamp("timestamp"),
    text("route_long"),
    text("direction"),
    text("service_date"),
    text("trip_id"),
    text("gtfs_shape_id"),
    text("route_short"),
    text("agency"),
    text("origin_id"),
    text("destination_id"),
    text("destination_name"),
    text("next_stop_id"),
    timestamp("next_stop_eta"),
    double("next_stop_d_along_route"),
    double("next_stop_d"),
    integer("passenger_count"),
    text("alert"),
    double("lat"),
    double("lon"),
    double("bearing"),
    text("progress_rate"),
    text("progress_status"),
    text("occupancy"),
    text("vehicle_id"),
    text("gtfs_block_id"),
    timestamp("fetched_at"),
    text("ts_source"),
];

const NJXML: [Column; 27] = [
    text("id"),
    text("consist"),
    text("cars"),
    text("rtpifeedname"),
    text("m"),
    text("rt"),
    text("rtrtpifeedname"),
    text("rtdd"),
    text("c"),
    text("d"),
    text("dd"),
    text("dn"),
    double("lat"),
    double("lon"),
    text("pid"),
    text("pd"),
    text("pdrtpifeedname"),
    text("run"),
    text("fs"),
    text("op"),
    text("dip"),
    text("bid"),
    text("wid1"),
    text("wid2"),
    timestamp("timestamp"),
    timestamp("fetched_at"),
    text("ts_source"),
];

const fn text(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Text }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Integer }
}

const fn float(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Float }
}

const fn double(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Double }
}

const fn timestamp(name: &'static str) -> Column {
    Column { name, kind: ColumnKind::Timestamp }
}
