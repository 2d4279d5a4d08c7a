#![allow(clippy::unwrap_used)]

use stackgen_resources::arn;
use stackgen_resources::typed::int;
use stackgen_template::Expression;

use super::*;
use crate::constructs::arn_parts::concatenate;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{fifo_queue_name, queue_name};
use crate::core::{hours, minutes, seconds};

#[test]
fn queues() {
    insta::assert_snapshot!(template_of(|stack| {
        stack.add("Plain", Queue::new());
        let jobs = stack.add(
            "Jobs",
            Queue::new()
                .visibility_timeout(minutes::<30>())
                .retention(days::<4>())
                .delivery_delay(seconds::<5>())
                .receive_wait(seconds::<20>())
                .dead_letter(int::<5>()),
        );
        stack.add("Named", Queue::new().name(queue_name!("jobs")).dead_letter(int::<3>()));
        let ordered = stack.add("Ordered", Queue::fifo().content_based_deduplication().high_throughput());
        stack.add("Orders", Queue::fifo().name(fifo_queue_name!("orders.fifo")).dead_letter_to(&ordered, int::<2>()));
        let key = arn!("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
        stack.add("Sealed", Queue::new().encryption_key(key).removal(RemovalPolicy::Retain));
        stack.output("DeadLetters", jobs.dead_letters().unwrap().url());
    }));
}

#[test]
fn dead_letters_of_a_fifo_queue_go_to_a_fifo_queue() {
    let problems = problems_of(|stack| {
        let standard = stack.add("Standard", Queue::new());
        stack.add("Ordered", Queue::fifo().dead_letter_to(&standard, int::<3>()));
    });
    assert!(problems.iter().any(|problem| problem.contains("go to a FIFO queue")), "{problems:?}");
}

#[test]
fn a_queue_outside_the_app_is_known_by_its_arn() {
    let queue = Queue::from_arn(arn!("arn:aws:sqs:eu-west-1:123456789012:jobs"));
    assert_eq!(queue.name(), Expression::raw("jobs"));
    let url =
        concatenate(["https://sqs.eu-west-1.".into(), Expression::url_suffix().into(), "/123456789012/jobs".into()]);
    assert_eq!(Value::from(queue.url()), url);
    assert_eq!(queue.send().statements().len(), 1);
}

#[test]
fn a_key_of_ones_own_is_granted_with_the_queue() {
    let key = arn!("arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    let mut app = crate::core::App::new();
    let queue = app.stack("test").add("Jobs", Queue::new().visibility_timeout(hours::<12>()).encryption_key(key));
    assert_eq!(queue.send().statements().len(), 2);
    assert_eq!(queue.consume().statements().len(), 2);
}
