//! Typed AWS infrastructure in Rust: constructs in, validated CloudFormation out.
//!
//! A program adds [`Construct`](core::Construct)s to the stacks of an [`App`](core::App), and synthesis turns them into
//! CloudFormation templates that were checked against the schema of every resource type. Start at the [`prelude`].

pub mod assembly;
pub mod assets;
#[cfg(feature = "cli")]
pub mod cli;
pub mod constructs;
pub mod core;
#[cfg(feature = "deploy")]
pub mod deploy;
#[cfg(feature = "diff")]
pub mod diff;
#[cfg(all(feature = "cli", unix))]
pub mod local;

pub use stackgen_contract as contract;
pub use stackgen_resources as resources;
pub use stackgen_schema as schema;
pub use stackgen_template as template;

/// What an app needs, in one import.
pub mod prelude {
    pub use crate::assets::{Architecture, AssetSource};
    pub use crate::constructs::*;
    pub use crate::core::*;
    pub use crate::{at, cron, json_path, route};
    pub use stackgen_resources::arn;
    pub use stackgen_resources::typed::{Arg, Arn, Handle, Id, Int, StringEnum, Tag, assume, int, literal};
    pub use stackgen_template::{Expression, Map, Output, Parameter, ParameterType, Value};
}
