//! Requests of an HTTP API, in the payload format 2.0.

#[cfg(test)]
mod tests;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The method, in capital letters.
    pub method: String,
    /// The path as it was sent, without the name of a stage.
    pub path: String,
    /// What follows the `?`, as it was sent; empty when nothing does.
    pub query: String,
    /// The headers, with names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A body that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadableBody;

impl Request {
    /// Reads the event.
    ///
    /// # Errors
    /// When the body says that it is Base64 and is not.
    pub fn of(event: ApiGatewayV2httpRequest) -> Result<Self, UnreadableBody> {
        let body = match event.body {
            None => Vec::new(),
            Some(text) if event.is_base64_encoded => STANDARD.decode(text).map_err(|_| UnreadableBody)?,
            Some(text) => text.into_bytes(),
        };
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let path = event.raw_path.unwrap_or_default();
        // The local AWS leaves the stage in the path, AWS does so for named stages.
        let stage = event.request_context.stage.filter(|stage| stage != "$default").map(|stage| format!("/{stage}"));
        let without_stage = stage.and_then(|stage| path.strip_prefix(&stage).map(str::to_owned));
        Ok(Self {
            method: event.request_context.http.method.as_str().to_owned(),
            path: without_stage.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path),
            query: event.raw_query_string.unwrap_or_default(),
            headers: event.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            body,
        })
    }

    /// The value of the header `name`, which is in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// The answer with these headers. A body that is no text is sent as Base64, which the API decodes. A header that cannot be
/// sent is left out.
pub fn answer<'h>(
    status: u16,
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    body: Vec<u8>,
) -> ApiGatewayV2httpResponse {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            map.append(name, value);
        }
    }
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = status.into();
    response.headers = map;
    response.body = Some(match String::from_utf8(body) {
        Ok(text) => Body::Text(text),
        Err(error) => {
            response.is_base64_encoded = true;
            Body::Binary(error.into_bytes())
        }
    });
    response
}
