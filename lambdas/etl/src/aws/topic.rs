//! The topic.

use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use handler_runtime::failed;

use crate::contract::{OUTCOME_ATTRIBUTE, Outcome};
use crate::services::{Publish, ServiceError};

/// The topic that gets the message of each run.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The topic with this ARN.
    pub fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }
}

impl Publish for Topic {
    async fn publish(&self, subject: &str, outcome: Outcome, body: &str) -> Result<(), ServiceError> {
        let what = || format!("sns:Publish `{}`", self.arn);
        let attribute = MessageAttributeValue::builder().data_type("String").string_value(outcome.name()).build();
        let attribute = attribute.map_err(|error| ServiceError::new(what(), error.to_string()))?;
        let call = self.client.publish().topic_arn(&self.arn).subject(subject).message(body);
        let call = call.message_attributes(OUTCOME_ATTRIBUTE, attribute);
        call.send().await.map_err(failed(what()))?;
        Ok(())
    }
}
