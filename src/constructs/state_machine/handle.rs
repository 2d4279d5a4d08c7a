//! What others need of a state machine.

use stackgen_resources::typed::{Arg, Arn, Attribute, Handle};
use stackgen_template::{Reference, ResourceId, Text, Value};

use crate::constructs::{Metric, RoleHandle};
use crate::core::{Grant, Grantee};
use crate::resources::kind;

/// The handle of a [`StateMachine`](super::StateMachine).
#[derive(Debug, Clone)]
pub struct StateMachineHandle {
    id: ResourceId,
    role: RoleHandle,
}

impl StateMachineHandle {
    pub(super) fn new(id: ResourceId, role: RoleHandle) -> Self {
        Self { id, role }
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::stepfunctions::StateMachine> {
        Arn::of(Reference::to(self.id.clone()))
    }

    /// The name.
    pub fn name(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.id.clone(), "Name"))
    }

    /// The role that executions run under.
    pub fn role(&self) -> &RoleHandle {
        &self.role
    }

    /// Access to start executions.
    pub fn start_execution(&self) -> Grant {
        self.grant(["states:StartExecution"])
    }

    /// Access to start executions of an express state machine and wait for their results.
    pub fn start_sync_execution(&self) -> Grant {
        self.grant(["states:StartSyncExecution"])
    }

    /// Access to do certain actions with the state machine, such as `states:ListExecutions`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "uses the state machine")
    }

    /// Executions that were started.
    pub fn started(&self) -> Metric {
        self.metric("ExecutionsStarted")
    }

    /// Executions that succeeded.
    pub fn succeeded(&self) -> Metric {
        self.metric("ExecutionsSucceeded")
    }

    /// Executions that failed.
    pub fn failed(&self) -> Metric {
        self.metric("ExecutionsFailed")
    }

    /// Executions that ran out of time.
    pub fn timed_out(&self) -> Metric {
        self.metric("ExecutionsTimedOut")
    }

    /// Executions that were stopped.
    pub fn aborted(&self) -> Metric {
        self.metric("ExecutionsAborted")
    }

    /// Any metric of Step Functions, of this state machine.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/States", name).dimension("StateMachineArn", self.arn())
    }
}

impl Handle for StateMachineHandle {
    fn id(&self) -> &ResourceId {
        &self.id
    }
}

impl Grantee for StateMachineHandle {
    fn role_id(&self) -> &ResourceId {
        self.role.id()
    }
}

impl Arg<Arn<kind::stepfunctions::StateMachine>> for &StateMachineHandle {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}
