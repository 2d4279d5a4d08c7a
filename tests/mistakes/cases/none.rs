//! The same resources without a mistake.
use stackgen::prelude::*;
use stackgen::resources::{iam, lambda, sqs};

fn main() {
    let mut app = App::new();
    let mut stack = app.stack("right");
    let role = stack.add("Role", iam::Role::new().assume_role_policy_document(PolicyDocument::trust("lambda.amazonaws.com")));
    stack.add(
        "Function",
        lambda::Function::new()
            .role(role.arn())
            .handler("index.handler")
            .runtime(lambda::function::Runtime::Nodejs22X)
            .timeout(int::<900>())
            .code(lambda::function::Code::new().zip_file("exports.handler = async () => {};")),
    );
    stack.add("Queue", sqs::Queue::new().visibility_timeout(int::<60>()));
    stack.add("Data", Bucket::new().name(bucket_name!("my-bucket")));
    assert!(!app.synthesize().has_errors());
}
