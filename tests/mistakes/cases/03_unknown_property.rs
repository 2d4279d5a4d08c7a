use stackgen::prelude::*;
use stackgen::resources::sqs;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    stack.add("R", sqs::Queue::new().visibility_timeoutt(int::<3>()));
}
