use stackgen::prelude::*;
use stackgen::resources::lambda;

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("s");
    let _ = lambda::Function::new().role(nope.arn());
    stack.output("Role", nope.arn());
}
