//! The kernel: apps, stacks, scopes, and what happens between adding a construct and a finished template.
//!
//! Everything is a value until it is added to a [`Scope`]; [`App::synthesize`] turns what was added into templates.

mod app;
mod aspect;
mod attributes;
mod condition;
mod construct;
mod environment;
mod grant;
mod identifier;
mod logical_id;
mod parameter;
mod policy;
mod policy_store;
mod problem;
mod raw;
mod removal;
mod resolve;
mod scope;
mod stack;
mod synthesis;
mod tags;
#[cfg(test)]
mod tests;
mod units;

pub use app::App;
pub use aspect::AspectResource;
pub use attributes::{Attributes, ResourceExt, With};
pub use condition::ConditionHandle;
pub use construct::Construct;
pub use environment::Environment;
pub use grant::{Grant, Grantee};
pub use identifier::Identifier;
pub use parameter::ParameterHandle;
pub use policy::{Effect, PolicyDocument, Principal, Statement};
pub use policy_store::PolicyTarget;
pub use problem::{Problem, Severity};
pub use raw::{RawHandle, RawResource};
pub use removal::RemovalPolicy;
pub use scope::Scope;
pub use stack::{Move, TreeNode};
pub use stackgen_schema::Code;
pub use synthesis::{Synthesis, SynthesizedStack};
pub use units::{Days, Period, Size, Span, Volume, days, gib, hours, mib, minutes, seconds};
