use stackgen::prelude::*;
use stackgen::resources::lambda;

fn main() {
    let _ = lambda::Function::new().timeout(int::<1000>());
    let _ = Function::rust("package", "binary").timeout(minutes::<20>());
}
