//! The role of an instance.

use stackgen_resources::typed::{Arn, Handle, Id};
use stackgen_template::ResourceId;

use super::escape::{Settings, escape_hatch};
use super::{Role, RoleHandle};
use crate::core::{Attributes, Construct, Grant, Grantee, ResourceExt, Scope};
use crate::resources::{iam, kind};

/// What hands a role to instances of EC2, with the role: people get a shell by Session Manager, never by SSH.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("workers");
/// let results = stack.add("Results", Bucket::new());
/// let profile = stack.add("Worker", InstanceProfile::new().allow(results.put()));
/// stack.output("Role", profile.role().arn());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct InstanceProfile {
    role: Role,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(InstanceProfile);

impl Default for InstanceProfile {
    fn default() -> Self {
        Self::new()
    }
}

impl InstanceProfile {
    /// A profile with a role of its own, which Session Manager can use and nothing else.
    pub fn new() -> Self {
        let role = Role::for_service("ec2.amazonaws.com").aws_managed_policy("AmazonSSMManagedInstanceCore");
        Self { role, settings: Settings::default(), attributes: Attributes::new() }
    }

    /// Gives the role access.
    pub fn allow(mut self, grant: Grant) -> Self {
        self.role = self.role.allow(grant);
        self
    }

    /// Attaches a managed policy of AWS to the role by its name.
    pub fn aws_managed_policy(mut self, name: &str) -> Self {
        self.role = self.role.aws_managed_policy(name);
        self
    }
}

impl Construct for InstanceProfile {
    type Handle = InstanceProfileHandle;

    fn build(self, scope: &mut Scope<'_>) -> InstanceProfileHandle {
        let role = scope.add("Role", self.role);
        let profile = iam::InstanceProfile::new().roles([role.name()]);
        let profile = self.settings.apply(profile, iam::InstanceProfile::raw);
        // Instances act as soon as they have the profile.
        let attributes = self.attributes.after_grants_of(role.id());
        InstanceProfileHandle { profile: scope.add("Default", profile.with(attributes)), role }
    }
}

/// The handle of an [`InstanceProfile`].
#[derive(Debug, Clone)]
pub struct InstanceProfileHandle {
    profile: iam::InstanceProfileRef,
    role: RoleHandle,
}

impl InstanceProfileHandle {
    /// The name of the profile.
    pub fn name(&self) -> Id<kind::iam::InstanceProfile> {
        self.profile.reference()
    }

    /// The ARN of the profile.
    pub fn arn(&self) -> Arn<kind::iam::InstanceProfile> {
        self.profile.arn()
    }

    /// The role.
    pub fn role(&self) -> &RoleHandle {
        &self.role
    }
}

impl Handle for InstanceProfileHandle {
    fn id(&self) -> &ResourceId {
        self.profile.id()
    }
}

impl Grantee for InstanceProfileHandle {
    fn role_id(&self) -> &ResourceId {
        self.role.id()
    }
}
