use super::*;
use crate::constructs::testing::template_of;
use crate::constructs::{fifo_topic_name, topic_name};

#[test]
fn topics() {
    insta::assert_snapshot!(template_of(|stack| {
        let alarms = stack.add("Alarms", Topic::new().name(topic_name!("alarms")).display_name("Alarms"));
        alarms.allow_service(stack, "cloudwatch.amazonaws.com");
        let orders = stack.add("Orders", Topic::fifo().content_based_deduplication());
        stack.scope("Inner").add("Orders", Topic::fifo().name(fifo_topic_name!("orders.fifo")));
        stack.output("Orders", orders.name());
    }));
}

#[test]
fn only_the_named_roles_publish_to_a_restricted_topic() {
    insta::assert_snapshot!(template_of(|stack| {
        let topic = stack.add("Failures", Topic::new());
        topic.restrict_publishers(stack, [stackgen_resources::arn!("arn:aws:iam::123456789012:role/reporter")]);
    }));
}
