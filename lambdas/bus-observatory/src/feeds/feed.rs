//! One feed and its parts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Rate;

/// A public feed of vehicle positions. As JSON it is the value of its parameter and part of the grabber's event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id: name of its table, part of its keys.
    pub system_id: String,
    /// Whether the API tells of it.
    pub publish: bool,
    /// Whether it is fetched. The data of one that is not stays.
    pub enabled: bool,
    /// Name of the network.
    pub system_name: String,
    /// City of the network.
    pub city_name: String,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// Its format.
    pub feed_type: FeedType,
    /// Where it is, with `{key}` in place of a key that belongs into the query.
    pub url: String,
    /// How one gets in.
    pub auth: Auth,
    /// Time zone of the network, an IANA name.
    pub tz: String,
    /// Column of the route, one of the format's.
    pub route_column: String,
    /// Column of the time, one of the format's timestamps.
    pub timestamp_column: String,
    /// How often it is fetched.
    pub rate: Rate,
    /// After how many minutes without a fresh row the alarm goes off.
    pub freshness_minutes: u32,
}

/// The format of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedType {
    /// GTFS-realtime vehicle positions.
    Gtfsrt,
    /// SIRI vehicle monitoring, JSON or XML.
    Siri,
    /// The XML of NJ Transit's bus map.
    Njxml,
}

impl FeedType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gtfsrt, Self::Siri, Self::Njxml];

    /// The name in `feeds.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gtfsrt => "gtfsrt",
            Self::Siri => "siri",
            Self::Njxml => "njxml",
        }
    }
}

/// How one gets at a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Auth {
    /// Openly.
    None,
    /// With a key in the query, where the URL has `{key}`.
    Query {
        /// Where the key is.
        secret: SecretName,
    },
    /// With a key in a header.
    Header {
        /// Where the key is.
        secret: SecretName,
        /// Name of the header.
        header: String,
        /// Value of the header, with `{key}` in place of the key.
        template: String,
    },
}

impl Auth {
    /// Where the key is, when there is one.
    pub fn secret(&self) -> Option<&SecretName> {
        match self {
            Self::None => None,
            Self::Query { secret } | Self::Header { secret, .. } => Some(secret),
        }
    }
}

/// Where a key is kept. The name begins with `bus-observatory/`, so that a pasted key is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SecretName {
    /// The service.
    pub store: SecretStore,
    /// The name there.
    pub name: String,
}

/// A service that keeps keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretStore {
    /// Secrets Manager: the value of a secret.
    Secretsmanager,
    /// Systems Manager's parameter store: a SecureString.
    Ssm,
}

impl SecretStore {
    /// What every name there must begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Secretsmanager => "bus-observatory/",
            Self::Ssm => "/bus-observatory/",
        }
    }
}

/// How the tables are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TableFormat {
    /// Hive tables over pointers that the compactor switches.
    #[default]
    Hive,
    /// Iceberg tables.
    Iceberg,
}

impl TableFormat {
    /// The name in `feeds.json` and in the functions' environment.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hive => "hive",
            Self::Iceberg => "iceberg",
        }
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for TableFormat {
    type Err = UnknownTableFormat;

    fn from_str(name: &str) -> Result<Self, UnknownTableFormat> {
        [Self::Hive, Self::Iceberg].into_iter().find(|format| format.name() == name).ok_or(UnknownTableFormat)
    }
}

/// A text that is no [`TableFormat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTableFormat;

impl fmt::Display for UnknownTableFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("must be `hive` or `iceberg`")
    }
}

impl std::error::Error for UnknownTableFormat {}
