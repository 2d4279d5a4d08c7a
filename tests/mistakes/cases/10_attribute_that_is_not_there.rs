use stackgen::prelude::*;
use stackgen::resources::sqs;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    let queue = stack.add("Q", sqs::Queue::new());
    stack.output("Arn", queue.arnn());
}
