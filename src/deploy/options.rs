//! What a deployment is told beyond the assembly.

use std::collections::BTreeMap;

/// How stacks are deployed.
#[derive(Debug, Clone)]
pub struct DeployOptions {
    /// What applies to every stack.
    pub stack: StackOptions,
    /// Values of parameters, by stack and name.
    pub parameters: BTreeMap<String, BTreeMap<String, String>>,
    /// How many stacks are worked on side by side, at least 1.
    pub concurrency: usize,
    /// What is done once the changes are known.
    pub mode: Mode,
    /// Which changes need a yes.
    pub approval: Approval,
}

/// How one stack is deployed.
#[derive(Debug, Clone, Default)]
pub struct StackOptions {
    /// The ARN of a role that CloudFormation takes on; else it acts as whoever deploys.
    pub role: Option<String>,
    /// The ARNs of topics that are told of every event.
    pub notification_topics: Vec<String>,
    /// The ARNs of alarms that have a change taken back when they go off.
    pub rollback_alarms: Vec<String>,
    /// A stack policy, as JSON.
    pub stack_policy: Option<String>,
    /// Whether a change that fails stays as far as it came.
    pub no_rollback: bool,
    /// Whether operations end before what they made is ready for traffic.
    pub express: bool,
}

/// What is done once the changes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// They are made.
    #[default]
    Deploy,
    /// They stay as a change set that [`Mode::Execute`] makes later.
    Prepare,
    /// Those of an earlier [`Mode::Prepare`] are made, unseen.
    Execute,
    /// They are told, and nothing is left behind.
    DryRun,
}

/// Which changes need a yes before they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Approval {
    /// None.
    Never,
    /// Those that allow, open or make public what was not.
    #[default]
    Broadening,
    /// Those, and those that delete or replace a resource.
    Destructive,
    /// All.
    Any,
}

impl Default for DeployOptions {
    fn default() -> Self {
        Self {
            stack: StackOptions::default(),
            parameters: BTreeMap::new(),
            concurrency: 4,
            mode: Mode::default(),
            approval: Approval::default(),
        }
    }
}
