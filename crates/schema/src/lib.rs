//! What CloudFormation knows of each resource type, and the validation of a template against it.
//!
//! - [`Database`]: the published schemas of all resource types with what is known beside them (attributes, what a change
//!   replaces, what holds data, regions), IAM actions and Lambda runtimes, embedded and compact.
//! - [`validate`]: the check of any template, which gives [`Finding`]s, each with a stable [`Code`].
//!
//! The data comes from the packages `cfn-lint` (MIT-0) and `@aws-cdk/aws-service-spec` (Apache-2.0), in the versions that
//! `xtask/schema.lock` pins.

mod code;
mod database;
mod finding;
mod options;
mod schedule;
mod similar;
mod validate;

pub use code::Code;
pub use database::{
    ActionMatch, Actions, Attribute, Database, Date, Kinds, PSEUDO_PARAMETERS, Region, Replacement, ResourceType,
    Runtime, Shape,
};
pub use finding::{Finding, Severity};
pub use options::{Options, Scope, Suppression};
pub use schedule::{Dialect, ScheduleError, check_schedule};
pub use validate::{Report, report, validate, validate_app};
