//! What a command about one stack speaks of.

use std::path::PathBuf;

use clap::{Arg, Command, ValueHint, value_parser};

use crate::assembly::{LoadedAssembly, LoadedStack};
use crate::core::Environment;
use crate::deploy::Aws;

use super::super::error::Failure;

/// The argument that says which assembly, of commands about one stack.
pub(super) fn app(command: Command) -> Command {
    command.arg(
        Arg::new("app")
            .long("app")
            .value_name("DIR")
            .help("Uses an assembly that `synth` wrote, instead of the app")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::DirPath),
    )
}

/// The stack called `name`.
pub(super) fn one<'a>(assembly: &'a LoadedAssembly, name: &str) -> Result<&'a LoadedStack, Failure> {
    assembly.stack(name).ok_or_else(|| {
        let failure = Failure::usage(format!("no stack is called `{name}`"));
        let names: Vec<&str> = assembly.stacks().iter().map(|stack| stack.name.as_str()).collect();
        match crate::assets::nearest(name, names.iter().copied()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("the stacks are {}", names.join(", "))),
        }
    })
}

/// The services in the region of a stack.
pub(super) fn of_stack(connection: &Aws, assembly: &LoadedAssembly, name: &str) -> Aws {
    match assembly.stack(name) {
        Some(stack) => in_environment(connection, &stack.environment),
        None => connection.in_region(connection.region()),
    }
}

/// The services in the region of an environment; where it names none, in that of the connection.
pub(super) fn in_environment(connection: &Aws, environment: &Environment) -> Aws {
    connection.in_region(environment.region_name().unwrap_or_else(|| connection.region()))
}
