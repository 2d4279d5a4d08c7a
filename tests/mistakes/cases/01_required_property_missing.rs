use stackgen::prelude::*;
use stackgen::resources::lambda;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    stack.add("R", lambda::Function::new().role(arn!("arn:aws:iam::123456789012:role/r")));
}
