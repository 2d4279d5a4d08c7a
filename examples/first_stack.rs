//! A first stack: photos that arrive in a bucket are made smaller by a function, which a queue feeds; an alarm rings when
//! jobs were given up.
//!
//! `cargo run --release --example first_stack -- synth -o DIR`

use stackgen::prelude::*;

fn main() -> std::process::ExitCode {
    stackgen::cli::run(|app| {
        let mut stack = app.stack("photos");

        let photos = stack.add("Photos", Bucket::new().versioned());
        let jobs = stack.add("Jobs", Queue::new().visibility_timeout(minutes::<30>()).dead_letter(int::<5>()));
        let code = "def handler(event, context): return {'batchItemFailures': []}";
        let resize = stack.add(
            "Resize",
            Function::inline(Runtime::Python313, "index.handler", code)
                .timeout(minutes::<5>())
                .variable("BUCKET", photos.name())
                .allow(photos.get())
                .allow(photos.put_prefix("small/")),
        );
        stack.add("ResizeJobs", jobs.feeds(&resize).batch_size(int::<5>()).report_batch_item_failures());
        if let Some(given_up) = jobs.dead_letters() {
            stack.add("GivenUp", given_up.depth_alarm());
        }
        stack.output("Bucket", photos.name());
    })
}
