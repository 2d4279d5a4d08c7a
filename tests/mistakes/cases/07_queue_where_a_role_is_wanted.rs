use stackgen::prelude::*;
use stackgen::resources::{lambda, sqs};

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    let queue = stack.add("Q", sqs::Queue::new());
    let _ = lambda::Function::new().role(queue.arn());
}
