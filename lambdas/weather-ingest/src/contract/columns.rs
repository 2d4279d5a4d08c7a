//! The columns of the table, in the order of every file.

/// The version of [`COLUMNS`]. A column is only ever added, at the end, with a higher version.
pub const SCHEMA_VERSION: i64 = 1;

/// A column. Each may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// A floating-point number of 64 bits.
    Double,
    /// An integer of 64 bits.
    Integer,
    /// Milliseconds since 1970, UTC.
    Timestamp,
}

impl ColumnType {
    /// The type's name in the Glue catalogue.
    pub const fn glue_type(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Double => "double",
            Self::Integer => "bigint",
            Self::Timestamp => "timestamp",
        }
    }
}

/// The columns of schema version 1.
pub const COLUMNS: [Column; 53] = [
    text("name"),
    text("region"),
    text("country"),
    double("lat"),
    double("lon"),
    text("tz_id"),
    integer("localtime_epoch"),
    text("localtime"),
    integer("last_updated_epoch"),
    text("last_updated"),
    double("temp_c"),
    double("temp_f"),
    integer("is_day"),
    text("text"),
    text("icon"),
    integer("code"),
    double("wind_mph"),
    double("wind_kph"),
    integer("wind_degree"),
    text("wind_dir"),
    double("pressure_mb"),
    double("pressure_in"),
    double("precip_mm"),
    double("precip_in"),
    integer("humidity"),
    integer("cloud"),
    double("feelslike_c"),
    double("feelslike_f"),
    double("vis_km"),
    double("vis_miles"),
    double("uv"),
    double("gust_mph"),
    double("gust_kph"),
    double("windchill_c"),
    double("windchill_f"),
    double("heatindex_c"),
    double("heatindex_f"),
    double("dewpoint_c"),
    double("dewpoint_f"),
    double("aq_co"),
    double("aq_no2"),
    double("aq_o3"),
    double("aq_so2"),
    double("aq_pm2_5"),
    double("aq_pm10"),
    integer("aq_us_epa_index"),
    integer("aq_gb_defra_index"),
    timestamp("scheduled_at"),
    timestamp("fetched_at"),
    timestamp("observed_at"),
    text("source"),
    text("extra"),
    integer("schema_version"),
];

const fn text(name: &'static str) -> Column {
    Column { name, kind: ColumnType::Text }
}

const fn double(name: &'static str) -> Column {
    Column { name, kind: ColumnType::Double }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: ColumnType::Integer }
}

const fn timestamp(name: &'static str) -> Column {
    Column { name, kind: ColumnType::Timestamp }
}
