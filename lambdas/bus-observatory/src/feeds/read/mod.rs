//! Reading `feeds.json`: every value is looked at, and every problem is kept.

mod fields;
mod rules;

use stackgen_contract::ToInput;
use stackgen_template::{Path, Value, read_json};

use self::fields::{Fields, Problems};
use super::{
    Auth, ColumnKind, Configuration, Domain, Feed, FeedType, MAXIMUM_FEED_BYTES, MAXIMUM_FEEDS, Problem, SecretName,
    SecretStore, TableFormat,
};

const TOP_FIELDS: &[&str] = &["stack", "bucket", "table_format", "domain", "subdomain", "hosted_zone_id", "feeds"];
const FEED_FIELDS: &[&str] = &[
    "system_id",
    "publish",
    "enabled",
    "system_name",
    "city_name",
    "notes",
    "feed_type",
    "url",
    "auth",
    "tz",
    "route_column",
    "timestamp_column",
    "rate",
    "freshness_minutes",
];

/// CloudWatch looks back seven days at most.
const MAXIMUM_FRESHNESS_MINUTES: i64 = 7 * 24 * 60;
const DEFAULT_FRESHNESS_MINUTES: u32 = 60;
/// Begins a reference, to a secret for instance, in texts of templates and of parameters.
const REFERENCE_START: &str = "{{";

pub(super) fn configuration(text: &str, file: &str) -> Result<Configuration, Vec<Problem>> {
    let document = read_json(text).map_err(|error| vec![Problems::syntax(file, &error)])?;
    let mut problems = Problems::new(file, &document.places);
    let configuration = top(&document.value, &mut problems);
    problems.finish(configuration)
}

fn top(value: &Value, problems: &mut Problems) -> Option<Configuration> {
    let fields = Fields::of(value, Path::root(), TOP_FIELDS, problems)?;
    let stack = fields.checked_text("stack", problems, rules::stack_name);
    let bucket = fields
        .optional("bucket", problems, |fields, problems| fields.checked_text("bucket", problems, rules::bucket_name));
    let table_format = fields.optional("table_format", problems, |fields, problems| {
        fields.checked_text("table_format", problems, |text| {
            text.parse::<TableFormat>().map_err(|error| error.to_string())
        })
    });
    let domain = domain(&fields, problems);
    let feeds = feeds(&fields, problems);
    Some(Configuration {
        stack: stack?,
        bucket: bucket?,
        table_format: table_format?.unwrap_or_default(),
        domain: domain?,
        feeds: feeds?,
    })
}

#[expect(clippy::option_option, reason = "the outer one says whether it is right, the inner whether it is there")]
fn domain(fields: &Fields, problems: &mut Problems) -> Option<Option<Domain>> {
    const NAMES: [&str; 3] = ["domain", "subdomain", "hosted_zone_id"];
    if NAMES.iter().all(|name| !fields.has(name)) {
        return Some(None);
    }
    for name in NAMES.into_iter().filter(|name| !fields.has(name)) {
        problems.add(&fields.path_of(name), "is missing: `domain`, `subdomain` and `hosted_zone_id` go together");
    }
    let mut part = |name, rule: fn(&str) -> Result<String, String>| {
        if fields.has(name) { fields.checked_text(name, problems, rule) } else { None }
    };
    let (domain, subdomain) = (part("domain", rules::domain), part("subdomain", rules::subdomain));
    let hosted_zone_id = part("hosted_zone_id", rules::hosted_zone_id);
    Some(Some(Domain { domain: domain?, subdomain: subdomain?, hosted_zone_id: hosted_zone_id? }))
}

fn feeds(fields: &Fields, problems: &mut Problems) -> Option<Vec<Feed>> {
    let (items, path) = fields.list("feeds", problems)?;
    if items.is_empty() || items.len() > MAXIMUM_FEEDS {
        problems.add(&path, format!("must have 1 to {MAXIMUM_FEEDS} feeds, not {}", items.len()));
    }
    duplicate_ids(items, &path, problems);
    let read: Vec<_> =
        items.iter().enumerate().map(|(index, item)| feed(item, path.clone().index(index), problems)).collect();
    read.into_iter().collect()
}

fn duplicate_ids(items: &[Value], path: &Path, problems: &mut Problems) {
    let ids: Vec<_> = items.iter().map(|item| item.get("system_id").and_then(Value::as_str)).collect();
    for (index, id) in ids.iter().enumerate() {
        if let Some(id) = id
            && let Some(first) = ids[..index].iter().position(|earlier| earlier.as_ref() == Some(id))
        {
            let path = path.clone().index(index).key("system_id");
            problems.add(&path, format!("`{id}` is the id of feeds[{first}] already"));
        }
    }
}

fn feed(value: &Value, path: Path, problems: &mut Problems) -> Option<Feed> {
    let fields = Fields::of(value, path, FEED_FIELDS, problems)?;
    let system_id = fields.checked_text("system_id", problems, rules::system_id);
    let publish = fields.boolean("publish", problems);
    let enabled = fields.boolean("enabled", problems);
    let system_name = fields.text("system_name", problems);
    let city_name = fields.text("city_name", problems);
    let notes = fields.optional("notes", problems, |fields, problems| fields.text("notes", problems));
    let feed_type = fields.checked_text("feed_type", problems, |name| {
        FeedType::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| "must be `gtfsrt`, `siri` or `njxml`".to_owned())
    });
    let auth = fields.required("auth", problems).and_then(|value| auth(value, fields.path_of("auth"), problems));
    let key_in_url = AuthKind::of(fields.value("auth")).map(|kind| kind == AuthKind::Query);
    let url = fields.checked_text("url", problems, |text| rules::url(text, key_in_url));
    let tz = fields.checked_text("tz", problems, rules::time_zone);
    let route_column = fields.checked_text("route_column", problems, |name| rules::column(name, feed_type, None));
    let timestamp_column = fields
        .checked_text("timestamp_column", problems, |name| rules::column(name, feed_type, Some(ColumnKind::Timestamp)));
    let rate =
        fields.checked_text("rate", problems, |text| text.parse().map_err(|error: super::RateError| error.to_string()));
    let freshness_minutes = fields.optional("freshness_minutes", problems, |fields, problems| {
        fields.integer("freshness_minutes", 5..=MAXIMUM_FRESHNESS_MINUTES, problems)
    });
    let feed = Feed {
        system_id: system_id?,
        publish: publish?,
        enabled: enabled?,
        system_name: system_name?,
        city_name: city_name?,
        notes: notes?,
        feed_type: feed_type?,
        url: url?,
        auth: auth?,
        tz: tz?,
        route_column: route_column?,
        timestamp_column: timestamp_column?,
        rate: rate?,
        freshness_minutes: freshness_minutes?
            .map_or(DEFAULT_FRESHNESS_MINUTES, |minutes| u32::try_from(minutes).expect("the range was checked")),
    };
    let json = feed.to_input().expect("a feed is texts, booleans and numbers");
    let bytes = json.len();
    if json.contains(REFERENCE_START) {
        let message =
            format!("must not contain `{REFERENCE_START}`, which CloudFormation and the parameter store resolve");
        problems.add(fields.path(), message);
    }
    if bytes > MAXIMUM_FEED_BYTES {
        problems.add(fields.path(), format!("is {bytes} bytes as JSON, and a parameter holds {MAXIMUM_FEED_BYTES}"));
    }
    Some(feed)
}

/// The kind of authentication, known even where the rest of it is wrong, because the rule of the URL depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuthKind {
    None,
    Query,
    Header,
}

impl AuthKind {
    fn of(auth: Option<&Value>) -> Option<Self> {
        Self::named(auth?.get("type")?.as_str()?).ok()
    }

    fn named(name: &str) -> Result<Self, String> {
        match name {
            "none" => Ok(Self::None),
            "query" => Ok(Self::Query),
            "header" => Ok(Self::Header),
            _ => Err("must be `none`, `query` or `header`".to_owned()),
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::None => &["type"],
            Self::Query => &["type", "secret"],
            Self::Header => &["type", "secret", "header", "template"],
        }
    }
}

fn auth(value: &Value, path: Path, problems: &mut Problems) -> Option<Auth> {
    let known = AuthKind::of(Some(value)).unwrap_or(AuthKind::Header).fields();
    let fields = Fields::of(value, path, known, problems)?;
    match fields.checked_text("type", problems, AuthKind::named)? {
        AuthKind::None => Some(Auth::None),
        AuthKind::Query => Some(Auth::Query { secret: secret(&fields, problems)? }),
        AuthKind::Header => {
            let secret = secret(&fields, problems);
            let header = fields.checked_text("header", problems, rules::header_name);
            let template = fields.checked_text("template", problems, rules::header_template);
            Some(Auth::Header { secret: secret?, header: header?, template: template? })
        }
    }
}

fn secret(fields: &Fields, problems: &mut Problems) -> Option<SecretName> {
    let value = fields.required("secret", problems)?;
    let path = fields.path_of("secret");
    if value.as_str().is_some() {
        problems.add(&path, r#"must be `{"store": …, "name": …}`: a key in clear does not belong here"#);
        return None;
    }
    let fields = Fields::of(value, path, &["store", "name"], problems)?;
    let store = fields.checked_text("store", problems, |name| match name {
        "secretsmanager" => Ok(SecretStore::Secretsmanager),
        "ssm" => Ok(SecretStore::Ssm),
        _ => Err("must be `secretsmanager` or `ssm`".to_owned()),
    });
    let name = fields.checked_text("name", problems, |name| rules::secret_name(name, store));
    Some(SecretName { store: store?, name: name? })
}
