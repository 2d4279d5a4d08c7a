//! What a feed adds to the stack.

use std::time::Duration;

use bus_observatory::contract::{CompactEvent, GrabEvent, keys, metric};
use bus_observatory::feeds::{Configuration, Feed, SecretName as KeyName, SecretStore};
use stackgen::contract::ToInput;
use stackgen::prelude::*;

use super::functions::Functions;
use super::lake_formation::LakeFormation;
use super::store::Store;

/// Minutes of a day: the longest period of a metric.
const DAY: u32 = 24 * 60;

/// What all feeds share.
pub(super) struct Collection {
    pub(super) store: Store,
    pub(super) functions: Functions,
    /// There for Iceberg tables only.
    pub(super) guard: Option<LakeFormation>,
    /// Events that no function took.
    pub(super) lost: QueueHandle,
    /// What the schedules act under.
    pub(super) role: RoleHandle,
}

impl Collection {
    /// Adds a feed: what the API knows of it and its table, and unless it is disabled its schedules and its alarm.
    pub(super) fn add_feed(&self, feeds: &mut Scope<'_>, feed: &Feed, configuration: &Configuration) {
        let id = Identifier::new(feed.system_id.clone()).logical_id(logical_id(&feed.system_id));
        let mut scope = feeds.scope(id);
        scope.add("Parameter", parameter(feed, configuration));
        match &self.guard {
            None => {
                scope.add("Table", self.hive_table(feed));
            }
            Some(guard) => {
                let table = scope.add("Table", self.iceberg_table(feed));
                guard.optimize(&mut scope, &table);
                scope.allow(&self.functions.compactor, table.grant(["glue:GetTable", "glue:UpdateTable"]));
                scope.allow(&self.functions.api, table.grant(["glue:GetTable"]));
            }
        }
        if feed.enabled {
            if let Some(key) = feed.auth.secret() {
                scope.allow(&self.functions.grabber, read_key(key));
            }
            scope.add("Grab", self.grab(feed));
            scope.add("Compact", self.compact(feed));
            scope.add("Freshness", freshness(feed));
        }
    }

    /// The hours that were compacted: text files say which Parquet files belong to each.
    fn hive_table(&self, feed: &Feed) -> GlueTable {
        let pointers = S3Location::new(&self.store.lake, keys::pointer_folder(&feed.system_id));
        GlueTable::new(&self.store.database, table_name(feed), TableFormat::parquet_by_symlinks(), pointers)
            .columns(columns(feed))
            .partition(PartitionKey::date(keys::DATE_PARTITION, DateFormat::DAY, "2023-01-01,NOW"))
            .partition(PartitionKey::integers(keys::HOUR_PARTITION, 0..=23).digits(2).of_type(ColumnType::String))
    }

    fn iceberg_table(&self, feed: &Feed) -> IcebergTable {
        let folder = S3Location::new(&self.store.lake, keys::iceberg_folder(&feed.system_id));
        IcebergTable::new(&self.store.database, table_name(feed), folder).columns(columns(feed))
    }

    fn grab(&self, feed: &Feed) -> Schedule {
        let rate = Rate::try_from(Duration::from_mins(feed.rate.minutes().into()));
        let rate = rate.expect("the rate of a feed is whole minutes");
        let event =
            GrabEvent { feed: feed.clone(), scheduled_time: stackgen::contract::scheduler::SCHEDULED_TIME.to_owned() };
        self.schedule(Schedule::new(rate, &self.functions.grabber).input(&event).max_event_age(minutes::<2>()))
    }

    fn compact(&self, feed: &Feed) -> Schedule {
        let event = CompactEvent { system_id: feed.system_id.clone(), from: None, to: None };
        let compact = Schedule::new(cron!("12 * * * ? *"), &self.functions.compactor);
        self.schedule(compact.input(&event).max_event_age(hours::<1>()))
    }

    fn schedule(&self, schedule: Schedule) -> Schedule {
        schedule.retries(int::<2>()).dead_letter(&self.lost).role(&self.role)
    }
}

/// The feed as the API reads it.
fn parameter(feed: &Feed, configuration: &Configuration) -> SsmParameter {
    let name = ParameterName::try_from(keys::feed_parameter(&configuration.stack, &feed.system_id))
        .expect("the reader of the feeds checked both names");
    let value = feed.to_input().expect("a feed is texts, booleans and numbers");
    SsmParameter::string(value).name(name)
}

fn table_name(feed: &Feed) -> CatalogName {
    CatalogName::try_from(feed.system_id.clone()).expect("the reader of the feeds checked the name")
}

fn columns(feed: &Feed) -> impl Iterator<Item = (&'static str, &'static str)> {
    feed.feed_type.columns().iter().map(|column| (column.name, column.kind.glue_type()))
}

/// Access to read exactly the key of a feed.
fn read_key(key: &KeyName) -> Grant {
    const CHECKED: &str = "the reader of the feeds checked the name of the secret";
    match key.store {
        SecretStore::Secretsmanager => Secret::from_name(SecretName::try_from(key.name.clone()).expect(CHECKED)).read(),
        // Decrypted with the key that AWS manages for the account, whose policy allows it.
        SecretStore::Ssm => SsmParameter::from_name(ParameterName::try_from(key.name.clone()).expect(CHECKED)).read(),
    }
}

/// Raised when a feed gave no fresh row for as long as its configuration says.
fn freshness(feed: &Feed) -> Alarm {
    let (periods, minutes) = periods(feed.freshness_minutes);
    let period = MetricPeriod::try_from(Duration::from_mins(minutes.into())).expect("whole minutes, at most a day");
    let rows = Metric::new(metric::NAMESPACE, metric::FRESH_ROWS)
        .dimension(metric::DIMENSION, feed.system_id.clone())
        .period(period);
    Alarm::below(rows, 1)
        .periods(Int::try_from(i64::from(periods)).expect("the reader of the feeds allows a week at most"))
        .missing_data(MissingData::Breaching)
        .description(format!("{}: no fresh position for {} minutes", feed.system_name, feed.freshness_minutes))
}

/// The fewest equal periods of a day at most that make up `minutes`, and the minutes of each: rounded up where they
/// cannot be divided.
fn periods(minutes: u32) -> (u32, u32) {
    let count = minutes.div_ceil(DAY);
    (count, minutes.div_ceil(count))
}

/// The beginning of the logical ids of a feed. Logical ids have no underscores, and feeds that differ in these only must
/// stay apart: `sf_muni` gives `FeedSfMuni`, `sfmuni` gives `FeedSfmuni`. An underscore that no letter follows cannot be
/// said so; ids with one keep their small letters and have `U` for each underscore.
fn logical_id(system_id: &str) -> String {
    let is_word = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase());
    if system_id.split('_').all(is_word) {
        let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
        format!("Feed{}", system_id.split('_').map(capital).collect::<String>())
    } else {
        format!("Feed{}", system_id.replace('_', "U"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{logical_id, periods};

    #[test]
    fn an_alarm_looks_back_as_long_as_the_feed_says() {
        assert_eq!(periods(5), (1, 5));
        assert_eq!(periods(60), (1, 60));
        assert_eq!(periods(1_440), (1, 1_440));
        assert_eq!(periods(1_441), (2, 721));
        assert_eq!(periods(10_080), (7, 1_440));
        for minutes in 5..=10_080 {
            let (count, period) = periods(minutes);
            assert!((minutes..minutes + count).contains(&(count * period)), "{minutes}");
        }
    }

    #[test]
    fn feeds_that_differ_in_underscores_have_logical_ids_of_their_own() {
        assert_eq!(logical_id("nyct_mta_bus_gtfsrt"), "FeedNyctMtaBusGtfsrt");
        assert_eq!(logical_id("sf_1"), "FeedsfU1");
        // Every id of up to five of these characters.
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        let mut ids = vec![String::from("a"), String::from("u")];
        for _ in 0..4 {
            ids = ids.iter().flat_map(|id| ["a", "u", "1", "_"].map(|next| format!("{id}{next}"))).collect();
            for id in &ids {
                assert_eq!(known.insert(logical_id(id), id.clone()), None, "{id}");
            }
        }
    }
}
