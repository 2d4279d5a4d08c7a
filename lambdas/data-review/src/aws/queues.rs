//! SQS.

use aws_sdk_sqs::Client;
use handler_runtime::{ServiceError, failed};

use crate::contract::{FileMessage, Route};
use crate::pipeline::Queues;

/// The queues of the handlers.
#[derive(Debug, Clone)]
pub struct FileQueues {
    /// The client.
    pub client: Client,
    /// URL of the queue of bottle samples.
    pub bottle: String,
    /// URL of the queue of CTD casts.
    pub ctd: String,
    /// URL of the queue of netCDF files.
    pub netcdf: String,
}

impl Queues for FileQueues {
    async fn send(&self, route: Route, message: &FileMessage) -> Result<(), ServiceError> {
        let url = match route {
            Route::Bottle => &self.bottle,
            Route::Ctd => &self.ctd,
            Route::Netcdf => &self.netcdf,
            Route::Unsupported | Route::Unrecognised => {
                return Err(ServiceError::new("sqs:SendMessage", format!("{route:?} has no queue")));
            }
        };
        let what = format!("sqs:SendMessage `{url}`");
        let body = body_of(message).map_err(|error| ServiceError::new(what.as_str(), error.to_string()))?;
        self.client.send_message().queue_url(url).message_body(body).send().await.map_err(failed(what))?;
        Ok(())
    }
}

/// The message as text. Keys may have two characters that a queue refuses; within JSON they can be escaped.
fn body_of(message: &FileMessage) -> serde_json::Result<String> {
    let body = serde_json::to_string(message)?;
    Ok(body.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::contract::{FileType, MESSAGE_SCHEMA};

    #[test]
    fn any_key_has_a_body_that_a_queue_accepts() {
        let message = FileMessage {
            schema: MESSAGE_SCHEMA,
            bucket: "b".into(),
            key: "a\u{1}b\u{fffe}\u{ffff} +/é\u{1f30a}".into(),
            version_id: None,
            etag: "e".into(),
            size: 1,
            file_type: FileType::ExchangeCtd,
            force: false,
            request_id: "r".into(),
        };
        let body = body_of(&message).unwrap();
        assert!(body.chars().all(|c| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')), "{body}");
        assert_eq!(serde_json::from_str::<FileMessage>(&body).unwrap(), message);
    }
}
