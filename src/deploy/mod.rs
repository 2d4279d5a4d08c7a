//! From an assembly to running stacks, and back.
//!
//! [`deploy`] brings stacks to what an assembly says, [`destroy`] deletes one, [`import`] adopts resources that exist. Both tell what happens by [`Event`]s and leave
//! how that looks to whoever calls. Everything that they begin goes on at AWS by itself: a run that is cut short at any
//! moment loses nothing, and the next one finds what is under way, follows it, and ends in the same state.
//!
//! Nothing here knows of the local AWS: it is another endpoint of a [`Connection`].

mod bucket;
mod cause;
mod change_set;
mod client;
mod comparison;
mod deployed;
mod deployed_template;
mod destroy;
mod drift;
mod error;
mod event;
mod event_json;
mod import;
mod invoke;
mod logs;
mod operator;
mod options;
mod publish;
mod recover;
mod refactor;
mod renamed_template;
mod resource_event;
mod run;
mod stack;
mod template_source;
mod watch;

pub use bucket::AssetBucket;
pub use cause::root_causes;
pub use change_set::PlannedChange;
pub use client::{Aws, Connection};
pub use deployed::{Condition, DeployedStack};
pub use deployed_template::deployed_template;
pub use destroy::{Destroyed, destroy};
pub use drift::{PropertyDrift, ResourceDrift, StackDrift, drift};
pub use error::{DeployError, DeployErrorKind};
pub use event::{Event, EventKind, Listener, Outcome};
pub use event_json::EVENT_JSON_SCHEMA;
pub use import::{AdoptedResource, Adoption, ImportRequest, import, plan_import};
pub use invoke::{Answer, invoke};
pub use logs::{DeployedFunction, LogLine, Logs, functions};
pub use options::{Approval, DeployOptions, Mode, StackOptions};
pub use publish::{Upload, missing, upload};
pub use recover::Remedy;
pub use resource_event::ResourceEvent;
pub use run::{Report, deploy};
pub use stack::{Approver, Deployed, Proposal};
pub use watch::history;
