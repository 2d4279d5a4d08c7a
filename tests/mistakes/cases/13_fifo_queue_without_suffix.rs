use stackgen::prelude::*;

fn main() {
    let _ = Queue::fifo().name(fifo_queue_name!("jobs"));
}
