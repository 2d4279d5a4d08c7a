//! Queues that get what topics publish, so that tests can read it.

use serde_json::json;

use crate::Deployment;

impl Deployment {
    /// Makes a queue called `name` that gets the messages of a topic. Gives its URL.
    pub fn subscribed_queue(&self, topic: &str, name: &str) -> String {
        let queue = self.call("sqs", "create_queue", json!({"QueueName": name}));
        let url = queue["QueueUrl"].as_str().unwrap();
        let arn = json!({"QueueUrl": url, "AttributeNames": ["QueueArn"]});
        let arn = self.call("sqs", "get_queue_attributes", arn)["Attributes"]["QueueArn"].clone();
        let statement = json!({
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        self.call("sqs", "set_queue_attributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy}}));
        self.call("sns", "subscribe", json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn}));
        url.to_owned()
    }
}
