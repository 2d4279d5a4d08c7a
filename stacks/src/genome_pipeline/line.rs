//! Queues with the functions that work on their messages.

use genome_pipeline::contract::limits;
use stackgen::prelude::*;

/// How often a message is received before it counts as lost. The handlers know the number too.
const RECEIVES: i64 = limits::MAX_RECEIVE_COUNT as i64;

/// Adds a queue, what becomes of its lost messages, and the function that it feeds. Gives the queue.
///
/// A message stays hidden for `hidden`: the timeout of the function and a minute more, so that it comes back soon after a
/// failure and never while it is worked on. `settings` says how many messages the function gets at once.
pub(super) fn add_to(
    stack: &mut Scope<'_>,
    name: &'static str,
    hidden: impl Arg<Period<0, 43_200>>,
    consumer: Function,
    settings: impl FnOnce(QueueEvents) -> QueueEvents,
) -> QueueHandle {
    let mut scope = stack.scope(name);
    let queue = Queue::new().visibility_timeout(hidden).retention(days::<4>()).dead_letter(int::<RECEIVES>());
    let queue = scope.add("Queue", queue);
    if let Some(lost) = queue.dead_letters() {
        scope.add("DeadLettersAlarm", lost.depth_alarm());
    }
    let function = scope.add("Function", consumer);
    scope.add("Events", settings(queue.feeds(&function)).report_batch_item_failures());
    queue
}

/// One message at once.
pub(super) fn single(events: QueueEvents) -> QueueEvents {
    events.batch_size(int::<1>())
}
