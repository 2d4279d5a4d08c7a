use stackgen::prelude::*;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    let a = stack.add("A", Queue::new().dead_letter_to(&b, int::<1>()));
    let b = stack.add("B", Queue::new().dead_letter_to(&a, int::<1>()));
}
