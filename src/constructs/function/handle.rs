//! What others need of a function.

use stackgen_resources::typed::{Any, Arg, Arn, Handle, Id};
use stackgen_template::{Reference, ResourceId, Text, Value};

use crate::constructs::{LogGroupHandle, Metric, RoleHandle};
use crate::core::{Grant, Grantee};
use crate::resources::kind;

/// The handle of a [`Function`](super::Function).
#[derive(Debug, Clone)]
pub struct FunctionHandle {
    id: ResourceId,
    role: RoleHandle,
    logs: LogGroupHandle,
}

impl FunctionHandle {
    pub(super) fn new(id: ResourceId, role: RoleHandle, logs: LogGroupHandle) -> Self {
        Self { id, role, logs }
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::lambda::Function> {
        Arn::of(Reference::attribute(self.id.clone(), "Arn"))
    }

    /// The name.
    pub fn name(&self) -> Id<kind::lambda::Function> {
        Id::of(Reference::to(self.id.clone()))
    }

    /// The role that it runs under.
    pub fn role(&self) -> &RoleHandle {
        &self.role
    }

    /// The group that it logs to.
    pub fn log_group(&self) -> &LogGroupHandle {
        &self.logs
    }

    /// Access to invoke the function.
    pub fn invoke(&self) -> Grant {
        self.grant(["lambda:InvokeFunction"])
    }

    /// Access to do certain actions with the function, such as `lambda:GetFunctionConfiguration`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "use the function")
    }

    /// Invocations that ended with an error.
    pub fn errors(&self) -> Metric {
        self.metric("Errors")
    }

    /// Invocations, failed ones too.
    pub fn invocations(&self) -> Metric {
        self.metric("Invocations")
    }

    /// Invocations that were refused because all concurrency was taken.
    pub fn throttles(&self) -> Metric {
        self.metric("Throttles")
    }

    /// How long invocations took, in milliseconds.
    pub fn duration(&self) -> Metric {
        self.metric("Duration")
    }

    /// Any metric of Lambda, of this function.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/Lambda", name).dimension("FunctionName", self.name())
    }
}

impl Handle for FunctionHandle {
    fn id(&self) -> &ResourceId {
        &self.id
    }
}

impl Grantee for FunctionHandle {
    fn role_id(&self) -> &ResourceId {
        self.role.id()
    }
}

impl Arg<Arn<kind::lambda::Function>> for &FunctionHandle {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}

impl Arg<Any> for &FunctionHandle {
    fn into_value(self) -> Value {
        self.name().into()
    }
}
