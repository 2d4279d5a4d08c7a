//! Requests to the API.

use std::fmt;
use std::time::Duration;

use jiff::civil::Date;

use crate::contract::WeatherSource;
use crate::escape::escaped;
use crate::key::ApiKey;

/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an attempt may take.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// The URL of a request. Printed, it has no query, which holds the key.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiUrl {
    path: String,
    query: String,
}

impl ApiUrl {
    /// Asks for the present conditions at `q`.
    pub fn current(base: &str, key: &ApiKey, q: &str) -> Self {
        let query = format!("key={}&q={}&aqi=no", key.escaped(), escaped(q));
        Self { path: format!("{base}/current.json"), query }
    }

    /// Asks for the hours of a local day at `q`.
    pub fn history(base: &str, key: &ApiKey, q: &str, day: Date) -> Self {
        let query = format!("key={}&q={}&dt={day}", key.escaped(), escaped(q));
        Self { path: format!("{base}/history.json"), query }
    }

    /// The whole URL, for the request alone.
    pub fn expose(&self) -> String {
        format!("{}?{}", self.path, self.query)
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)
    }
}

impl fmt::Debug for ApiUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiUrl({})", self.path)
    }
}

/// Whether the API may be asked at `base`: `https`, and plain `http` only where `plain_http` says that the services are
/// local ones.
///
/// # Errors
/// What is wrong with the URL, in words.
pub fn check_base_url(base: &str, plain_http: bool) -> Result<(), String> {
    let rest = match base.split_once("://") {
        Some(("https", rest)) => rest,
        Some(("http", rest)) if plain_http => rest,
        Some(("http", _)) => return Err("the URL of the API is not encrypted: give one with `https://`".to_owned()),
        _ => return Err("the URL of the API does not begin with `https://`".to_owned()),
    };
    if rest.is_empty() || rest.starts_with('/') || rest.contains(['?', '#']) || rest.ends_with('/') {
        return Err("the URL of the API is a server and a path, without a `/` at its end".to_owned());
    }
    Ok(())
}

/// What follows the first wait, and the second.
pub(crate) const WAITS: [Duration; 2] = [Duration::from_secs(3), Duration::from_secs(9)];
/// The longest wait that the API may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(15);
/// How far chance moves a wait, as a share of it.
const JITTER: f64 = 0.2;

/// How long to wait: as planned, moved by chance, or longer if a header `Retry-After` in seconds asks for it.
pub(crate) fn wait(planned: Duration, retry_after: Option<&str>, chance: f64) -> Duration {
    let asked = retry_after.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs).unwrap_or_default();
    planned.mul_f64(1.0 - JITTER + 2.0 * JITTER * chance.clamp(0.0, 1.0)).max(asked.min(MAX_RETRY_AFTER))
}

/// What a request is for.
pub(crate) fn url(source: WeatherSource, base: &str, key: &ApiKey, q: &str, day: Date) -> ApiUrl {
    match source {
        WeatherSource::Current => ApiUrl::current(base, key, q),
        WeatherSource::History => ApiUrl::history(base, key, q, day),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_url_shows_its_key_to_nobody_but_the_server() {
        let key = ApiKey::of_secret("k&y").unwrap();
        let url = ApiUrl::current("https://api.example/v1", &key, "-37.504136,145.744302");
        assert_eq!(url.expose(), "https://api.example/v1/current.json?key=k%26y&q=-37.504136%2C145.744302&aqi=no");
        assert_eq!(url.to_string(), "https://api.example/v1/current.json");
        assert_eq!(format!("{url:?}"), "ApiUrl(https://api.example/v1/current.json)");
        let url = ApiUrl::history("https://api.example/v1", &key, "São Paulo", date(2025, 3, 1));
        assert_eq!(url.expose(), "https://api.example/v1/history.json?key=k%26y&q=S%C3%A3o%20Paulo&dt=2025-03-01");
    }

    #[test]
    fn plain_http_is_for_local_servers() {
        assert_eq!(check_base_url("https://api.weatherapi.com/v1", false), Ok(()));
        assert_eq!(check_base_url("http://127.0.0.1:9000", true), Ok(()));
        for (base, plain) in
            [("http://a", false), ("https://", true), ("https://a/", true), ("https://a?k=1", true), ("a", true)]
        {
            assert!(check_base_url(base, plain).is_err(), "{base}");
        }
    }

    #[test]
    fn chance_moves_a_wait_and_the_api_may_ask_for_more() {
        let seconds = Duration::from_secs;
        assert_eq!(wait(seconds(10), None, 0.0), seconds(8));
        assert_eq!(wait(seconds(10), None, 1.0), seconds(12));
        for (text, waited) in [("7", 7), ("1", 3), ("3600", 15), ("soon", 3), ("-1", 3)] {
            assert_eq!(wait(seconds(3), Some(text), 0.5), seconds(waited), "{text}");
        }
    }
}
