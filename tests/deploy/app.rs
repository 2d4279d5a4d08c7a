//! The app that the tests of deployment run as a program. Context values say what it is:
//!
//! | value | gives |
//! | --- | --- |
//! | `timeout` | the visibility timeout of the queues, in seconds |
//! | `hold` | a file: while it is there, a resource of the stack `held` is not done |
//! | `ship` | a program of the package `shipped`, which the stack `shipping` has as a function |
//! | `slow` | how long that resource takes in any case, in seconds |

use std::process::ExitCode;

use stackgen::prelude::*;

#[path = "custom.rs"]
mod custom;

fn main() -> ExitCode {
    stackgen::cli::run(|app| {
        let value = |app: &App, key: &str| app.context(key).unwrap_or_default().to_owned();
        let timeout: i64 = value(app, "timeout").parse().unwrap_or(30);
        let (hold, slow) = (value(app, "hold"), value(app, "slow"));

        let mut data = app.stack("data");
        let queue = data.add("Jobs", RawResource::new("AWS::SQS::Queue").set("VisibilityTimeout", timeout));
        data.output("Url", queue.reference());

        let ship = value(app, "ship");
        if !ship.is_empty() {
            app.stack("shipping").add("Function", Function::rust("shipped", ship));
        }

        if !(hold.is_empty() && slow.is_empty()) {
            let mut work = app.stack("held");
            let maker = work.add("Maker", custom::maker());
            let resource = CustomResource::new("Held", &maker).property("Hold", hold).property("Seconds", slow);
            let resource = work.add("Held", resource.property("Version", timeout));
            let after = RawResource::new("AWS::SQS::Queue").set("VisibilityTimeout", timeout);
            let after = work.add("After", after.with(Attributes::new().depends_on(&resource)));
            work.output("Url", after.reference());
            work.output("Upstream", queue.reference());
        }
    })
}
