//! What an answer of the API means.

use serde::Deserialize;

use crate::contract::ErrorClass;

/// A body over this many bytes is no answer of the API: a day of hours has some 30,000.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Characters of the API's message that are told.
const TOLD_CHARACTERS: usize = 200;

/// What follows from a status and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The body may be good.
    Answered,
    /// The request may be sent again.
    Again(ErrorClass, String),
    /// Sending the request again changes nothing.
    Stop(ErrorClass, String),
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorDetail,
}

#[derive(Deserialize)]
struct ErrorDetail {
    code: u32,
    #[serde(default)]
    message: serde_json::Value,
}

/// What follows from a status and its body.
pub fn verdict(status: u16, body: &[u8]) -> Verdict {
    if status == 200 {
        return Verdict::Answered;
    }
    let body = &body[..body.len().min(MAX_BODY_BYTES)];
    let detail = serde_json::from_slice::<ErrorBody>(body).ok().map(|body| body.error);
    let told = match &detail {
        Some(ErrorDetail { code, message }) => {
            let message: String = message.as_str().unwrap_or_default().chars().take(TOLD_CHARACTERS).collect();
            format!("the API answered with status {status}, code {code}: {message}")
        }
        None => format!("the API answered with status {status}"),
    };
    match (status, detail.map(|detail| detail.code)) {
        (429 | 500..=599, _) | (400, Some(9999)) => Verdict::Again(ErrorClass::ApiUnavailable, told),
        (403, Some(2007)) => Verdict::Stop(ErrorClass::ApiQuota, told),
        (401 | 403, _) => Verdict::Stop(ErrorClass::ApiAuth, told),
        (400..=499, _) => Verdict::Stop(ErrorClass::ApiBadRequest, told),
        // Neither an answer nor an error, such as a redirection.
        _ => Verdict::Again(ErrorClass::ApiInvalidBody, told),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_status_and_code_has_its_rule() {
        use ErrorClass::{ApiAuth, ApiBadRequest, ApiInvalidBody, ApiQuota, ApiUnavailable};
        for (status, code, class, again) in [
            (429, 0, ApiUnavailable, true),
            (500, 0, ApiUnavailable, true),
            (503, 2006, ApiUnavailable, true),
            (400, 9999, ApiUnavailable, true),
            (401, 1002, ApiAuth, false),
            (401, 2006, ApiAuth, false),
            (403, 2007, ApiQuota, false),
            (403, 2008, ApiAuth, false),
            (403, 2009, ApiAuth, false),
            (400, 1003, ApiBadRequest, false),
            (400, 1005, ApiBadRequest, false),
            (400, 1006, ApiBadRequest, false),
            (400, 9000, ApiBadRequest, false),
            (400, 9001, ApiBadRequest, false),
            (404, 0, ApiBadRequest, false),
            (301, 0, ApiInvalidBody, true),
        ] {
            let body = format!(r#"{{"error":{{"code":{code},"message":"m"}}}}"#);
            let told = format!("the API answered with status {status}, code {code}: m");
            let expected = if again { Verdict::Again(class, told) } else { Verdict::Stop(class, told) };
            assert_eq!(verdict(status, body.as_bytes()), expected);
        }
    }

    #[test]
    fn without_a_body_the_status_decides() {
        let class = |status, body: &str| match verdict(status, body.as_bytes()) {
            Verdict::Answered => None,
            Verdict::Again(class, _) | Verdict::Stop(class, _) => Some(class),
        };
        for body in ["", "<html>", "{}", r#"{"error":2006}"#, r#"{"error":{"code":"x"}}"#] {
            assert_eq!(class(401, body), Some(ErrorClass::ApiAuth));
            assert_eq!(class(403, body), Some(ErrorClass::ApiAuth));
            assert_eq!(class(400, body), Some(ErrorClass::ApiBadRequest));
            assert_eq!(class(502, body), Some(ErrorClass::ApiUnavailable));
        }
        assert_eq!(class(200, ""), None);
    }

    proptest! {
        #[test]
        fn no_answer_panics(status: u16, body: Vec<u8>) {
            let _ = verdict(status, &body);
        }
    }
}
