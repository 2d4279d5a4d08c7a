#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use stackgen_contract::ToInput;

use super::*;

/// The feeds that are shipped.
const SHIPPED: &str = include_str!("../../../../feeds.json");

/// One good feed; tests spoil it by replacing a part of this text.
const GOOD: &str = r#"{
  "stack": "bus-observatory",
  "feeds": [
    {
      "system_id": "sf_muni",
      "publish": true,
      "enabled": true,
      "system_name": "Muni",
      "city_name": "San Francisco",
      "feed_type": "gtfsrt",
      "url": "https://api.511.org/transit/vehiclepositions?api_key={key}&agency=SF",
      "auth": { "type": "query", "secret": { "store": "secretsmanager", "name": "bus-observatory/511" } },
      "tz": "America/Los_Angeles",
      "route_column": "vehicle_trip_route_id",
      "timestamp_column": "vehicle_timestamp",
      "rate": "rate(1 minute)"
    }
  ]
}"#;

#[track_caller]
fn spoilt(from: &str, to: &str) -> Vec<String> {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` must stand in the text once");
    problems(&GOOD.replace(from, to))
}

fn problems(text: &str) -> Vec<String> {
    match Configuration::read(text, "feeds.json") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_feeds_are_those_of_the_specification() {
    let configuration = Configuration::read(SHIPPED, "feeds.json").unwrap();
    assert_eq!((configuration.stack.as_str(), configuration.table_format), ("bus-observatory", TableFormat::Hive));
    assert_eq!((configuration.bucket, configuration.domain), (None, None));
    let feeds: Vec<_> = configuration
        .feeds
        .iter()
        .map(|feed| {
            (feed.system_id.as_str(), feed.feed_type, feed.auth.secret().is_some(), feed.enabled, feed.tz.as_str())
        })
        .collect();
    let new_york = "America/New_York";
    assert_eq!(
        feeds,
        [
            ("tfnsw_bus", FeedType::Gtfsrt, true, true, "Australia/Sydney"),
            ("nyct_mta_bus_gtfsrt", FeedType::Gtfsrt, true, true, new_york),
            ("nyct_mta_bus_siri", FeedType::Siri, true, true, new_york),
            ("njtransit_bus", FeedType::Njxml, false, false, new_york),
            ("mbta_all", FeedType::Gtfsrt, false, true, new_york),
            ("wmata_bus", FeedType::Gtfsrt, true, true, new_york),
            ("sf_muni", FeedType::Gtfsrt, true, true, "America/Los_Angeles"),
        ]
    );
    let Auth::Header { header, template, .. } = &configuration.feeds[0].auth else { panic!("another kind") };
    assert_eq!((header.as_str(), template.as_str()), ("Authorization", "apikey {key}"));
}

#[test]
fn defaults_fill_what_is_left_out() {
    let configuration = Configuration::read(GOOD, "feeds.json").unwrap();
    assert_eq!(configuration.table_format, TableFormat::Hive);
    let feed = &configuration.feeds[0];
    assert_eq!((feed.freshness_minutes, feed.rate.minutes(), feed.notes.as_deref()), (60, 1, None));
}

#[test]
fn a_text_that_is_no_json_is_one_problem_with_its_place() {
    let found = spoilt("\"enabled\": true,", "\"enabled\": tru,");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("feeds.json: not JSON: "), "{}", found[0]);
    assert!(found[0].ends_with(" (line 7, column 18)"), "{}", found[0]);
    assert!(problems("")[0].ends_with(" (line 1, column 1)"));
    assert!(spoilt("\"publish\": true,", "\"enabled\": true,")[0].contains("duplicate key `enabled`"));
    assert_eq!(problems("[]"), ["feeds.json: must be an object, not a list (line 1)"]);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_text() {
    let text = r#"{
  "stack": "Bus",
  "table_format": "delta",
  "bucket": "My_Bucket",
  "domain": "example.org",
  "feeds": [
    {
      "system_id": "sf_muni",
      "publish": "yes",
      "enabled": true,
      "system_nam": "Muni",
      "city_name": " ",
      "feed_type": "gtfs",
      "url": "http://api.511.org/",
      "auth": {
        "type": "header",
        "secret": "0123456789abcdef",
        "header": "",
        "template": "Bearer"
      },
      "tz": "US/San_Francisco",
      "route_column": "line",
      "timestamp_column": "vehicle_timestamp",
      "rate": "rate(1 minutes)",
      "freshness_minutes": 4
    },
    7,
    {
      "system_id": "sf_muni",
      "colour": "red"
    }
  ]
}"#;
    assert_eq!(
        problems(text),
        [
            "feeds.json: subdomain: is missing: `domain`, `subdomain` and `hosted_zone_id` go together (line 1)",
            "feeds.json: hosted_zone_id: is missing: `domain`, `subdomain` and `hosted_zone_id` go together (line 1)",
            "feeds.json: stack: must be 3 to 41 of `a` to `z`, `0` to `9` and `-`, a letter first (line 2)",
            "feeds.json: table_format: must be `hive` or `iceberg` (line 3)",
            "feeds.json: bucket: must be 3 to 63 of `a` to `z`, `0` to `9`, `-` and `.` (line 4)",
            "feeds.json: feeds[0].system_name: is missing (line 7)",
            "feeds.json: feeds[0].publish: must be true or false, not text (line 9)",
            "feeds.json: feeds[0].system_nam: unknown field; did you mean `system_name`? (line 11)",
            "feeds.json: feeds[0].city_name: must not be empty (line 12)",
            "feeds.json: feeds[0].feed_type: must be `gtfsrt`, `siri` or `njxml` (line 13)",
            "feeds.json: feeds[0].url: must begin with `https://` (line 14)",
            "feeds.json: feeds[0].auth.secret: must be `{\"store\": …, \"name\": …}`: a key in clear does not belong here (line 17)",
            "feeds.json: feeds[0].auth.header: must not be empty (line 18)",
            "feeds.json: feeds[0].auth.template: must contain `{key}` once (line 19)",
            "feeds.json: feeds[0].tz: must be the IANA name of a time zone, such as `America/New_York` (line 21)",
            "feeds.json: feeds[0].rate: must be `rate(1 minute)` or `rate(N minutes)` with N from 2 to 60 (line 24)",
            "feeds.json: feeds[0].freshness_minutes: must be an integer from 5 to 10080 (line 25)",
            "feeds.json: feeds[1]: must be an object, not a number (line 27)",
            "feeds.json: feeds[2].publish: is missing (line 28)",
            "feeds.json: feeds[2].enabled: is missing (line 28)",
            "feeds.json: feeds[2].system_name: is missing (line 28)",
            "feeds.json: feeds[2].city_name: is missing (line 28)",
            "feeds.json: feeds[2].feed_type: is missing (line 28)",
            "feeds.json: feeds[2].auth: is missing (line 28)",
            "feeds.json: feeds[2].url: is missing (line 28)",
            "feeds.json: feeds[2].tz: is missing (line 28)",
            "feeds.json: feeds[2].route_column: is missing (line 28)",
            "feeds.json: feeds[2].timestamp_column: is missing (line 28)",
            "feeds.json: feeds[2].rate: is missing (line 28)",
            "feeds.json: feeds[2].system_id: `sf_muni` is the id of feeds[0] already (line 29)",
            "feeds.json: feeds[2].colour: unknown field; known are `system_id`, `publish`, `enabled`, `system_name`, \
             `city_name`, `notes`, `feed_type`, `url`, `auth`, `tz`, `route_column`, `timestamp_column`, `rate`, \
             `freshness_minutes` (line 30)",
        ]
    );
}

#[test]
fn a_key_in_clear_is_refused_and_not_repeated() {
    for (store, name) in [
        ("secretsmanager", "0123456789abcdef"),
        ("secretsmanager", "/bus-observatory/511"),
        ("secretsmanager", "bus-observatory/"),
        ("secretsmanager", "bus-observatory/a b"),
        ("ssm", "bus-observatory/511"),
    ] {
        let found = spoilt(
            r#""store": "secretsmanager", "name": "bus-observatory/511""#,
            &format!(r#""store": "{store}", "name": "{name}""#),
        );
        assert_eq!(found.len(), 1, "{store} {name}");
        assert!(
            found[0].starts_with("feeds.json: feeds[0].auth.secret.name: must be the name of a secret"),
            "{}",
            found[0]
        );
        assert!(!found[0].contains("0123456789"));
    }
    let found = spoilt("api_key={key}", "api_key=0123456789abcdef");
    assert_eq!(
        found,
        [
            "feeds.json: feeds[0].url: holds a key in clear: write `api_key={key}`, and the name of its secret in `auth` (line 11)"
        ]
    );
    assert!(spoilt(r#""store": "secretsmanager", "name": ""#, r#""store": "ssm", "name": "/"#).is_empty());
}

#[test]
fn the_url_goes_with_the_authentication() {
    let url = "https://api.511.org/transit/vehiclepositions?api_key={key}&agency=SF";
    let query = r#"{ "type": "query", "secret": { "store": "secretsmanager", "name": "bus-observatory/511" } }"#;
    let message = |found: Vec<String>| {
        let one = |line: String| line.splitn(3, ": ").nth(2).unwrap().split(" (line").next().unwrap().to_owned();
        found.into_iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(
        message(spoilt(query, r#"{ "type": "none" }"#)),
        ["must not contain `{key}`, since `auth.type` is not `query`"]
    );
    for (wrong, expected) in [
        ("https://api.511.org/?agency=SF", "must contain `{key}` once, since `auth.type` is `query`"),
        ("https://api.511.org/?a={key}&b={key}", "must contain `{key}` once, since `auth.type` is `query`"),
        ("https://api.511.org/?a={key}&b={date}", "must contain no braces but those of `{key}`"),
        ("https:///path?a={key}", "must have a host, and a port from 1 to 65535 if any"),
        ("https://host:0/path?a={key}", "must have a host, and a port from 1 to 65535 if any"),
        ("https://me:secret@host/?a={key}", "must not hold a user or a password"),
        ("https://host/a b?a={key}", "must be printable ASCII without blanks and `#`"),
        ("ftp://host/?a={key}", "must begin with `https://`"),
    ] {
        assert_eq!(message(spoilt(url, wrong)), [expected], "{wrong}");
    }
    assert!(spoilt(url, "https://host:8443/{key}").is_empty());
    let extra = query.replace("} }", "}, \"header\": \"X\" }");
    assert_eq!(message(spoilt(query, &extra)), ["unknown field; known are `type`, `secret`"]);
}

#[test]
fn columns_belong_to_the_format() {
    assert!(spoilt("vehicle_trip_route_id", "rt")[0].contains("route_column: `rt` is no column of `gtfsrt`"));
    assert!(
        spoilt("\"vehicle_timestamp\"", "\"vehicle_stop_id\"")[0]
            .contains("timestamp_column: `vehicle_stop_id` must be a timestamp, and is of type string")
    );
    assert!(spoilt("\"vehicle_timestamp\"", "\"fetched_at\"").is_empty());
}

#[test]
fn a_time_zone_is_written_as_iana_does() {
    assert!(
        spoilt("America/Los_Angeles", "america/los_angeles")[0].contains("as IANA writes it: `America/Los_Angeles`")
    );
    assert!(spoilt("America/Los_Angeles", "PST")[0].contains("must be the IANA name"));
    assert!(spoilt("America/Los_Angeles", "Asia/Kolkata").is_empty());
}

#[test]
fn a_feed_must_fit_into_a_parameter() {
    let with_notes = |length: usize| {
        GOOD.replace("\"publish\": true,", &format!("\"publish\": true, \"notes\": \"{}\",", "x".repeat(length)))
    };
    let bytes = Configuration::read(&with_notes(1), "f").unwrap().feeds[0].to_input().unwrap().len();
    assert_eq!(problems(&with_notes(1 + MAXIMUM_FEED_BYTES - bytes)), Vec::<String>::new());
    assert_eq!(
        problems(&with_notes(2 + MAXIMUM_FEED_BYTES - bytes)),
        ["feeds.json: feeds[0]: is 4097 bytes as JSON, and a parameter holds 4096 (line 4)"]
    );
}

#[test]
fn nothing_in_a_feed_is_resolved_by_others() {
    let found = spoilt("San Francisco", "{{resolve:secretsmanager:bus-observatory/511}}");
    assert_eq!(
        found,
        ["feeds.json: feeds[0]: must not contain `{{`, which CloudFormation and the parameter store resolve (line 4)"]
    );
}

#[test]
fn there_are_1_to_200_feeds() {
    assert_eq!(
        problems(r#"{"stack": "bus", "feeds": []}"#),
        ["feeds.json: feeds: must have 1 to 200 feeds, not 0 (line 1)"]
    );
    let start = GOOD.find("    {\n").unwrap();
    let feed = &GOOD[start..GOOD.rfind("  ]").unwrap()];
    let many = |count: usize| {
        let feeds: Vec<_> =
            (0..count).map(|index| feed.trim_end().replace("sf_muni", &format!("feed_{index}"))).collect();
        format!("{{\"stack\": \"bus\", \"feeds\": [{}]}}", feeds.join(",\n"))
    };
    assert!(problems(&many(200)).is_empty());
    assert_eq!(problems(&many(201)), ["feeds.json: feeds: must have 1 to 200 feeds, not 201 (line 1)"]);
}

#[test]
fn a_domain_needs_all_its_parts() {
    let with = |parts: &str| GOOD.replace("\"stack\"", &format!("{parts}, \"stack\""));
    let whole = with(r#""domain": "example.org", "subdomain": "bus.api", "hosted_zone_id": "Z0123456789ABC""#);
    let domain = Configuration::read(&whole, "f").unwrap().domain.unwrap();
    assert_eq!(domain.full(), "bus.api.example.org");
    let bad = with(r#""domain": "Example.org", "subdomain": "-a", "hosted_zone_id": "zone""#);
    assert_eq!(problems(&bad).len(), 3);
}

#[test]
fn bucket_names_follow_the_rules_of_s3() {
    let with = |name: &str| problems(&GOOD.replace("\"stack\"", &format!("\"bucket\": \"{name}\", \"stack\"")));
    for name in ["abc", "a.b-c", "my-lake-2025", &"a".repeat(63)] {
        assert!(with(name).is_empty(), "{name}");
    }
    for name in [
        "ab",
        "-abc",
        "abc-",
        "a..b",
        "a.-b",
        "a-.b",
        "192.168.0.1",
        "xn--abc",
        "lake-s3alias",
        "My-Lake",
        "a_b",
        &"a".repeat(64),
    ] {
        assert_eq!(with(name).len(), 1, "{name}");
    }
}

#[test]
fn names_that_services_keep_for_themselves_are_refused() {
    for name in ["aws-buses", "ssm-buses"] {
        let found = spoilt("\"stack\": \"bus-observatory\"", &format!("\"stack\": \"{name}\""));
        assert!(found[0].contains("feeds.json: stack: must not begin with"), "{found:?}");
    }
    let mut found = spoilt("bus-observatory/511", "bus-observatory/511-AbC123");
    assert!(found.remove(0).contains("which Secrets Manager adds"), "{found:?}");
    let ssm = |name: &str| {
        let secret = r#""store": "secretsmanager", "name": "bus-observatory/511""#;
        spoilt(secret, &format!(r#""store": "ssm", "name": "/bus-observatory/{name}""#))
    };
    assert!(ssm("a/b").is_empty() && ssm("511-AbC123").is_empty());
    assert_eq!(
        (ssm("a//b").len(), ssm(&"a/".repeat(15)).len(), ssm(&format!("a{}", "/a".repeat(14))).len()),
        (1, 1, 1)
    );
    assert!(ssm(&format!("a{}", "/a".repeat(13))).is_empty());
}

#[test]
fn columns_are_distinct_and_end_alike() {
    for (feed_type, count) in [(FeedType::Gtfsrt, 24), (FeedType::Siri, 28), (FeedType::Njxml, 27)] {
        let columns = feed_type.columns();
        let names: std::collections::HashSet<_> = columns.iter().map(|column| column.name).collect();
        assert_eq!((columns.len(), names.len()), (count, count), "{}", feed_type.name());
        let [.., fetched_at, ts_source] = columns else { panic!("too few columns") };
        assert_eq!((fetched_at.name, fetched_at.kind.glue_type()), ("fetched_at", "timestamp"));
        assert_eq!((ts_source.name, ts_source.kind.glue_type()), ("ts_source", "string"));
    }
    let kind = |feed_type: FeedType, name| feed_type.column(name).unwrap().kind;
    assert_eq!(kind(FeedType::Gtfsrt, "vehicle_position_odometer"), ColumnKind::Double);
    assert_eq!(kind(FeedType::Gtfsrt, "vehicle_position_speed"), ColumnKind::Float);
    assert_eq!(kind(FeedType::Gtfsrt, "vehicle_trip_direction_id"), ColumnKind::Integer);
    assert_eq!(kind(FeedType::Siri, "next_stop_eta"), ColumnKind::Timestamp);
    assert_eq!(kind(FeedType::Njxml, "lon"), ColumnKind::Double);
}

#[test]
fn a_feed_is_the_same_after_a_trip_through_its_parameter() {
    for feed in Configuration::read(SHIPPED, "feeds.json").unwrap().feeds {
        let text = feed.to_input().unwrap();
        assert_eq!(serde_json::from_str::<Feed>(&text).unwrap(), feed);
    }
}

proptest! {
    /// Whatever becomes of the text, there is an answer: the configuration or at least one problem within the text.
    #[test]
    fn no_text_brings_the_reader_down(start in 0..SHIPPED.len(), length in 0usize..40, insert in "[\\[\\]{}\":,0-9a-z\\\\é ]{0,6}") {
        let mut text = SHIPPED.to_owned();
        prop_assume!(SHIPPED.is_char_boundary(start));
        let end = (start + length).min(SHIPPED.len());
        prop_assume!(SHIPPED.is_char_boundary(end));
        text.replace_range(start..end, &insert);
        if let Err(problems) = Configuration::read(&text, "feeds.json") {
            prop_assert!(!problems.is_empty());
            // The end of a text that ends with a line break stands on a line of its own.
            let lines = u32::try_from(1 + text.matches('\n').count()).unwrap();
            prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
        }
    }
}
