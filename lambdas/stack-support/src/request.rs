//! What CloudFormation asks for.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A request of CloudFormation for one resource.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    /// What is to be done.
    pub request_type: RequestType,
    /// Where the answer goes.
    #[serde(rename = "ResponseURL")]
    pub response_url: ResponseUrl,
    /// ARN of the stack.
    pub stack_id: String,
    /// Identifier of the request.
    pub request_id: String,
    /// Key of the resource in its template.
    pub logical_resource_id: String,
    /// The identifier that the handler gave when the resource was made; none before.
    #[serde(default)]
    pub physical_resource_id: Option<String>,
    /// The resource type, such as `Custom::EmptyBucket`.
    pub resource_type: String,
    /// The properties, all scalars as text.
    #[serde(default)]
    pub resource_properties: Map<String, Value>,
}

/// What is to be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum RequestType {
    /// It is new.
    Create,
    /// Its properties changed.
    Update,
    /// It goes.
    Delete,
}

/// The URL that takes the answer. It is signed, so whoever knows it can answer in our place: it never shows in a log.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ResponseUrl(String);

impl ResponseUrl {
    /// The URL in clear, to send the answer to.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// When the URL was signed, in seconds since 1970, which is when CloudFormation made the request.
    pub fn signed_at(&self) -> Option<u64> {
        let (_, query) = self.0.split_once('?')?;
        let date = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Date="))?;
        seconds_of(date)
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseUrl(…)")
    }
}

/// The seconds since 1970 of a time written as `20250301T050000Z`.
fn seconds_of(date: &str) -> Option<u64> {
    let bytes = date.as_bytes();
    if bytes.len() != 16 || bytes[8] != b'T' || bytes[15] != b'Z' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<u64> {
        bytes[range]
            .iter()
            .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    let (hour, minute, second) = (number(9..11)?, number(11..13)?, number(13..15)?);
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60
    {
        return None;
    }
    // Years that begin in March have their leap day at the end, which makes the days before a month a plain formula.
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    let days_to_1970 = 719_468;
    Some((days - days_to_1970) * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_request_is_read_and_its_url_stays_hidden() {
        let text = r#"{"RequestType":"Create","ResponseURL":"https://h/secret?X-Amz-Date=20250301T050000Z&X-Amz-Signature=s",
            "StackId":"arn","RequestId":"r","LogicalResourceId":"Site","ResourceType":"Custom::EmptyBucket",
            "ServiceToken":"t","ResourceProperties":{"ServiceToken":"t","Bucket":"b"}}"#;
        let request: Request = serde_json::from_str(text).unwrap();
        assert_eq!((request.request_type, request.physical_resource_id.as_deref()), (RequestType::Create, None));
        assert!(!format!("{request:?}").contains("secret"));
        assert!(request.response_url.expose().contains("secret"));
        assert_eq!(request.response_url.signed_at(), Some(1_740_805_200));
    }

    #[test]
    fn times_are_counted_from_1970() {
        assert_eq!(seconds_of("19700101T000000Z"), Some(0));
        assert_eq!(seconds_of("20000229T235959Z"), Some(951_868_799));
        assert_eq!(seconds_of("20240301T000000Z"), Some(1_709_251_200));
        for wrong in ["", "20250301", "20251301T000000Z", "2025030aT000000Z", "20250301T000000+", "19691231T235959Z"] {
            assert_eq!(seconds_of(wrong), None, "{wrong}");
        }
        assert_eq!(ResponseUrl("https://h/".into()).signed_at(), None);
        assert_eq!(ResponseUrl("https://h/?X-Amz-Date=soon".into()).signed_at(), None);
    }
}
