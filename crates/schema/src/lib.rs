//! What CloudFormation knows of each resource type, and the validation of a template against it.
//!
//! - [`Database`]: the published schemas of all resource types with what is known beside them (attributes, what a change
//!   replaces, what holds data, regions), IAM actions and Lambda runtimes, embedded and compact.
//! - [`validate`]: the check of any template, which gives [`Finding`]s, each with a stable [`Code`].
//!   [`validate_app`] finds what only shows between templates.
//! - [`check_schedule`]: the check of a schedule expression alone.
//!
//! ```
//! use stackgen_schema::{Code, Database, Options, Severity, validate};
//! use stackgen_template::read;
//!
//! let text = r#"{"Resources": {
//!     "Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": true, "QueueName": "jobs"}},
//!     "Old": {"Type": "AWS::Lambda::Function", "Properties": {
//!         "Runtime": "python3.7", "Handler": "index.handler",
//!         "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"ZipFile": "def handler(e, c): pass"}}}
//! }}"#;
//! let (template, places) = read(text)?.into_template()?;
//! let findings = validate(&template, &Options::new().regions(["eu-central-1"]));
//!
//! let codes: Vec<(Code, Severity)> = findings.iter().map(|finding| (finding.code, finding.severity)).collect();
//! assert_eq!(
//!     codes,
//!     [
//!         (Code::FifoName, Severity::Error),
//!         (Code::Runtime, Severity::Warning),
//!         (Code::ReferenceMissing, Severity::Error),
//!     ]
//! );
//! assert_eq!(
//!     findings[0].to_string(),
//!     "error SG4101 at Resources/Jobs/Properties/QueueName: the name of a FIFO queue must end in `.fifo` (append `.fifo`)"
//! );
//! assert_eq!(places.of(&findings[0].path).map(|place| place.line), Some(2));
//!
//! let table = Database::get().resource_type("AWS::DynamoDB::Table").expect("a type of the registry");
//! assert_eq!(table.required(), ["KeySchema"]);
//! # Ok::<(), stackgen_template::ReadError>(())
//! ```
//!
//! # What is an error
//!
//! An error is what CloudFormation or the service would refuse; a warning, what deploys and is most likely not meant. What
//! only a deployment decides is never guessed at: the value of a parameter, what a macro writes, which of two conditions
//! holds where it cannot be worked out. A right template has no errors; `tests/others` holds real ones to that.
//!
//! # Suppression
//!
//! A finding is accepted for one resource by its metadata, always with a reason, or by [`Suppression`]s of the [`Options`]:
//!
//! ```yaml
//! Metadata:
//!   stackgen:
//!     suppress:
//!       - {code: SG4103, reason: the function is idempotent}
//! ```
//!
//! # Data
//!
//! The data comes from the packages `cfn-lint` (MIT-0) and `@aws-cdk/aws-service-spec` (Apache-2.0), in the versions that
//! `xtask/schema.lock` pins; `cargo xtask database` compiles it.

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
