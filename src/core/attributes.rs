//! What CloudFormation keeps of a resource beside its properties.

use stackgen_resources::typed::{Handle, Resource};
use stackgen_schema::Code;
use stackgen_template::{Map, ResourceId, Text, Value};

use super::{ConditionHandle, Construct, RemovalPolicy, Scope};

/// The attributes of a resource: order, conditions, policies, metadata.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Attributes {
    pub(super) depends_on: Vec<ResourceId>,
    pub(super) after_grants_of: Vec<ResourceId>,
    pub(super) condition: Option<Text>,
    pub(super) removal: Option<RemovalPolicy>,
    pub(super) creation_policy: Option<Value>,
    pub(super) update_policy: Option<Value>,
    pub(super) metadata: Map,
    pub(super) suppressions: Vec<(Code, Text)>,
}

impl Attributes {
    /// No attribute.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the resource after `other`, which may be in another stack.
    pub fn depends_on(mut self, other: &impl Handle) -> Self {
        self.depends_on.push(other.id().clone());
        self
    }

    /// Creates the resource after the policies that hold what was allowed to `role`.
    ///
    /// For what acts with the role's permissions as soon as it exists, such as an event source mapping.
    pub fn after_grants_of(mut self, role: &ResourceId) -> Self {
        self.after_grants_of.push(role.clone());
        self
    }

    /// Creates the resource only when the condition holds.
    pub fn condition(mut self, condition: &ConditionHandle) -> Self {
        self.condition = Some(condition.name().clone());
        self
    }

    /// What becomes of the resource when it is removed or replaced.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.removal = Some(policy);
        self
    }

    /// What becomes of the resource: what the construct was told, else what these attributes say, else `default`.
    pub(crate) fn removal_or(mut self, told: Option<RemovalPolicy>, default: RemovalPolicy) -> Self {
        self.removal = Some(told.or(self.removal).unwrap_or(default));
        self
    }

    /// Sets `CreationPolicy`.
    pub fn creation_policy(mut self, policy: impl Into<Value>) -> Self {
        self.creation_policy = Some(policy.into());
        self
    }

    /// Sets `UpdatePolicy`.
    pub fn update_policy(mut self, policy: impl Into<Value>) -> Self {
        self.update_policy = Some(policy.into());
        self
    }

    /// Adds an entry to `Metadata`.
    pub fn metadata(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key, value);
        self
    }

    /// Accepts a finding of validation on this resource, and says why.
    pub fn suppress(mut self, code: Code, reason: impl Into<Text>) -> Self {
        self.suppressions.push((code, reason.into()));
        self
    }
}

/// Gives any typed resource its attributes.
pub trait ResourceExt: Resource + Sized {
    /// The resource with `attributes`.
    ///
    /// ```
    /// use stackgen::prelude::*;
    /// use stackgen::resources::sqs;
    ///
    /// let mut app = App::new();
    /// let mut stack = app.stack("jobs");
    /// stack.add("Jobs", sqs::Queue::new().with(Attributes::new().removal(RemovalPolicy::Retain)));
    /// ```
    fn with(self, attributes: Attributes) -> With<Self> {
        With { resource: self, attributes }
    }
}

impl<R: Resource> ResourceExt for R {}

/// A resource with attributes: see [`ResourceExt::with`].
#[derive(Debug, Clone)]
pub struct With<R> {
    resource: R,
    attributes: Attributes,
}

impl<R: Resource> Construct for With<R> {
    type Handle = R::Handle;

    fn build(self, scope: &mut Scope<'_>) -> R::Handle {
        scope.insert_resource(R::TYPE, self.resource.into_properties(), self.attributes).into()
    }
}
