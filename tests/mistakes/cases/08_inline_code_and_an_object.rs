use stackgen::prelude::*;

fn main() {
    let _ = Function::inline(Runtime::Nodejs22X, "index.handler", "exports.handler = async () => {};").object("bucket", "key");
}
