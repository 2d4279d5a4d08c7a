//! Resources of types that no hand-made construct covers: one line each, and no change of the library.
//!
//! `cargo run --release --example any_resource -- synth -o DIR`

use stackgen::prelude::*;
use stackgen::resources::athena;

fn main() -> std::process::ExitCode {
    stackgen::cli::run(|app| {
        let mut stack = app.stack("anything");

        // Any type of CloudFormation by its name. Synthesis checks it by the schema of the type.
        stack.add("Room", RawResource::new("AWS::IVSChat::Room").set("MaximumMessageLength", 500));

        // A type whose properties the compiler checks, where the feature of its service is switched on.
        let reserved = athena::CapacityReservation::new().name("reports").target_dpus(int::<24>());
        stack.add("Reserved", reserved);

        // A third party's type and a custom resource: no schema says what they hold, but references are checked.
        let handler = stack.parameter("BadgeHandler", Parameter::new(ParameterType::STRING));
        let team = stack.add("Team", RawResource::new("Acme::Directory::Team").set("Name", "weather"));
        let badge = RawResource::new("Custom::Badge").set("ServiceToken", &handler).set("Team", team.reference());
        let badge = stack.add("Badge", badge);
        stack.output("BadgeNumber", badge.attribute("Number"));
    })
}
