use stackgen_resources::typed::int;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Bucket, Function, Key, Matcher, Queue, Runtime, StreamViewType, Table};
use crate::core::{hours, minutes, seconds};

fn handler() -> Function {
    Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}").timeout(minutes::<5>())
}

#[test]
fn queues_feed_functions() {
    insta::assert_snapshot!(template_of(|stack| {
        let handler = stack.add("Handler", handler());
        let bottle = stack.add("Bottle", Queue::new().visibility_timeout(minutes::<30>()).dead_letter(int::<5>()));
        let cast = stack.add("Cast", Queue::new().visibility_timeout(minutes::<30>()));
        let events = bottle.feeds(&handler).batch_size(int::<5>()).max_concurrency(int::<5>());
        stack.add("BottleEvents", events.report_batch_item_failures());
        let filter = EventPattern::new().field("body.kind", Matcher::one_of(["ctd", "bottle"]));
        let own_account =
            EventPattern::new().field("body.account", Matcher::equals(stackgen_template::Expression::account_id()));
        let events = cast.feeds(&handler).large_batches(int::<1_000>(), seconds::<30>());
        stack.add("CastEvents", events.filter(filter).filter(own_account).enabled(false));
    }));
}

#[test]
fn tables_feed_functions() {
    insta::assert_snapshot!(template_of(|stack| {
        let handler = stack.add("Handler", handler());
        let jobs = stack.add("Jobs", Table::new(Key::string("JobID")).stream(StreamViewType::NewAndOldImages));
        let dead_letters = stack.add("Dead", Queue::new());
        let events = jobs
            .feeds(&handler, StartingPosition::TrimHorizon)
            .batch_size(int::<10>())
            .batch_window(seconds::<1>())
            .bisect_batch_on_error()
            .retries(int::<5>())
            .max_record_age(hours::<1>())
            .parallelization(int::<2>())
            .filter(EventPattern::new().field("eventName", Matcher::equals("INSERT")))
            .on_failure(&dead_letters);
        stack.add("JobEvents", events.report_batch_item_failures());
        let bucket = stack.add("Records", Bucket::new());
        stack.add(
            "Copies",
            jobs.feeds(&handler, StartingPosition::Latest).tumbling_window(minutes::<1>()).on_failure(&bucket),
        );
    }));
}

#[test]
fn what_cannot_be_read_is_reported() {
    let problems = problems_of(|stack| {
        let handler = stack.add("Handler", handler());
        let still = stack.add("Still", Table::new(Key::string("id")));
        stack.add("Events", still.feeds(&handler, StartingPosition::Latest));
        let queue = stack.add("Queue", Queue::new().visibility_timeout(minutes::<30>()));
        let events = (0..6).fold(queue.feeds(&handler), |events, _| events.filter(EventPattern::new()));
        stack.add("Filtered", events);
    });
    let expected = [
        "the table that feeds a function has no stream",
        "an event source has 6 filters, of 5 that Lambda allows",
        "a filter names no field",
    ];
    for message in expected {
        assert!(problems.iter().any(|problem| problem == message), "{message}: {problems:?}");
    }
}
