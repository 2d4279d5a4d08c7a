//! Invokes a function and waits for its answer.

use std::time::Duration;

use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::LogType;

use super::{Aws, DeployError};

/// A function runs for 15 minutes at most; the answer takes its way too.
const LONGEST_ANSWER: Duration = Duration::from_mins(16);

/// What a function answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it gave back, mostly JSON. Of a function that failed, the error.
    pub payload: String,
    /// Whether it failed: `Handled` or `Unhandled`.
    pub error: Option<String>,
    /// The last 4 KB of its log.
    pub log: String,
}

/// Invokes the function called `name` with `payload`, JSON, and waits for the answer.
///
/// The function is invoked once: a connection that is lost meanwhile is an error, since nobody knows how far it came.
pub async fn invoke(aws: &Aws, name: &str, payload: &str) -> Result<Answer, DeployError> {
    let timeout = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(LONGEST_ANSWER)
        .operation_attempt_timeout(LONGEST_ANSWER)
        .build();
    let config = aws_sdk_lambda::config::Builder::from(&aws.config)
        .timeout_config(timeout)
        .retry_config(RetryConfig::disabled())
        .build();
    let client = aws_sdk_lambda::Client::from_conf(config);
    let request = client.invoke().function_name(name).log_type(LogType::Tail).payload(Blob::new(payload));
    let answer = request.send().await;
    let answer = answer.map_err(|error| DeployError::service(format_args!("invoke the function `{name}`"), error))?;
    let log = answer.log_result.as_deref().and_then(decode_base64).unwrap_or_default();
    let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
    Ok(Answer {
        payload: String::from_utf8_lossy(&payload).into_owned(),
        error: answer.function_error,
        log: String::from_utf8_lossy(&log).into_owned(),
    })
}

/// The bytes that a text in the standard alphabet of base64 stands for; none when it is not such a text.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end().trim_end_matches('=');
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut buffer, mut bits) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).expect("it is masked to a byte"));
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_every_length() {
        for (text, expected) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar")]
        {
            assert_eq!(decode_base64(text).as_deref(), Some(expected.as_bytes()), "{text}");
        }
        assert_eq!(decode_base64("/+8="), Some(vec![0xff, 0xef]));
        assert_eq!(decode_base64("a b"), None);
    }
}
