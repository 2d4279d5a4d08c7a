//! Roles: what functions, schedules and others act under.

use stackgen_resources::typed::{Arg, Arn, Attribute, Handle, Id};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::escape::{Settings, escape_hatch};
use crate::core::{
    Attributes, Construct, Grant, Grantee, Period, PolicyDocument, Principal, ResourceExt, Scope, Statement,
};
use crate::resources::{iam, kind};

/// A role that a service or another principal takes on.
///
/// Most constructs make the role they need. One of its own is for what several share, and for what no construct covers.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("feeds");
/// let role = stack.add("SchedulerRole", Role::for_service("scheduler.amazonaws.com").only_from_this_account());
/// stack.allow(&role, Grant::new(["sqs:PurgeQueue"], ["arn:aws:sqs:eu-west-1:123456789012:jobs"], "empty the queue"));
/// # assert!(app.synthesize().stacks[0].template.resource("SchedulerRolePolicy").is_some());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a role exists only once it is added to a stack"]
pub struct Role {
    trust: Vec<Statement>,
    managed_policies: Vec<Value>,
    grants: Vec<Grant>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Role);

impl Role {
    /// A role for a service, such as `lambda.amazonaws.com`.
    pub fn for_service(service: impl Into<Text>) -> Self {
        Self::trusting(Principal::Service(service.into()))
    }

    /// A role for anyone that can be the principal of a policy.
    pub fn trusting(principal: Principal) -> Self {
        Self::with_trust(Statement::allow(["sts:AssumeRole"]).principal(principal))
    }

    /// A role that a statement of one's own says who takes on: for other actions than `sts:AssumeRole`.
    pub fn with_trust(statement: Statement) -> Self {
        Self {
            trust: vec![statement],
            managed_policies: Vec::new(),
            grants: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Adds a principal that may take on the role too.
    pub fn also_trusting(mut self, principal: Principal) -> Self {
        self.trust.push(Statement::allow(["sts:AssumeRole"]).principal(principal));
        self
    }

    /// Adds a condition to what was trusted so far.
    pub fn when(mut self, operator: &'static str, key: &'static str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.trust = self.trust.into_iter().map(|statement| statement.when(operator, key, value.clone())).collect();
        self
    }

    /// Lets the service take on the role only on behalf of the stack's account: no other account can make it use the role.
    pub fn only_from_this_account(self) -> Self {
        self.when("StringEquals", "aws:SourceAccount", Expression::account_id())
    }

    /// Attaches a managed policy.
    pub fn managed_policy(mut self, policy: impl Arg<Arn<kind::iam::ManagedPolicy>>) -> Self {
        self.managed_policies.push(policy.into_value());
        self
    }

    /// Attaches a managed policy of AWS by its name, such as `AmazonSSMManagedInstanceCore`.
    pub fn aws_managed_policy(mut self, name: &str) -> Self {
        let arn = Expression::sub(format!("arn:${{AWS::Partition}}:iam::aws:policy/{name}"));
        self.managed_policies.push(arn.into());
        self
    }

    /// Gives the role access.
    pub fn allow(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Says what the role is for, at most 1,000 characters.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }

    /// How long a session of the role lasts at most: 1 to 12 hours, 1 hour when not said.
    pub fn max_session(mut self, duration: impl Arg<Period<3_600, 43_200>>) -> Self {
        self.settings.put("MaxSessionDuration", duration.into_value());
        self
    }

    /// Limits what the role can ever do to what `policy` allows too.
    pub fn permissions_boundary(mut self, policy: impl Arg<Arn<kind::iam::ManagedPolicy>>) -> Self {
        self.settings.put("PermissionsBoundary", policy.into_value());
        self
    }
}

impl Construct for Role {
    type Handle = RoleHandle;

    fn build(self, scope: &mut Scope<'_>) -> RoleHandle {
        let trust = self.trust.into_iter().fold(PolicyDocument::new(), PolicyDocument::with);
        let mut role = iam::Role::new().assume_role_policy_document(trust);
        if !self.managed_policies.is_empty() {
            role = role.raw("ManagedPolicyArns", self.managed_policies);
        }
        let role = self.settings.apply(role, iam::Role::raw);
        let handle = RoleHandle::from(scope.add("Default", role.with(self.attributes)).id().clone());
        for grant in self.grants {
            scope.allow(&handle, grant);
        }
        handle
    }
}

/// The handle of a [`Role`].
#[derive(Debug, Clone)]
pub struct RoleHandle(ResourceId);

impl RoleHandle {
    /// The ARN.
    pub fn arn(&self) -> Arn<kind::iam::Role> {
        Arn::of(Reference::attribute(self.0.clone(), "Arn"))
    }

    /// The name.
    pub fn name(&self) -> Id<kind::iam::Role> {
        Id::of(Reference::to(self.0.clone()))
    }

    /// The stable id, such as `AROAEXAMPLE`, by which policies of other resources can know the role.
    pub fn unique_id(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.0.clone(), "RoleId"))
    }

    /// Access to hand the role to `service`, which then acts under it.
    pub fn pass_to(&self, service: impl Into<Text>) -> Grant {
        Grant::new(["iam:PassRole"], [self.arn()], "hand over the role").when(
            "StringEquals",
            "iam:PassedToService",
            service.into(),
        )
    }

    /// Access to take on the role.
    pub fn assume(&self) -> Grant {
        Grant::new(["sts:AssumeRole"], [self.arn()], "take on the role")
    }
}

impl From<ResourceId> for RoleHandle {
    fn from(id: ResourceId) -> Self {
        Self(id)
    }
}

impl Handle for RoleHandle {
    fn id(&self) -> &ResourceId {
        &self.0
    }
}

impl Grantee for RoleHandle {
    fn role_id(&self) -> &ResourceId {
        &self.0
    }
}

impl Arg<Arn<kind::iam::Role>> for &RoleHandle {
    fn into_value(self) -> Value {
        self.arn().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::template_of;

    #[test]
    fn a_role_of_a_service() {
        insta::assert_snapshot!(
            "role",
            template_of(|stack| {
                let role = stack.add(
                    "Worker",
                    Role::for_service("ec2.amazonaws.com")
                        .aws_managed_policy("AmazonSSMManagedInstanceCore")
                        .description("what the worker acts under"),
                );
                let scheduler = stack.add(
                    "Scheduler",
                    Role::for_service("scheduler.amazonaws.com")
                        .only_from_this_account()
                        .allow(role.pass_to("ec2.amazonaws.com")),
                );
                stack.output("Arn", scheduler.arn());
            })
        );
    }
}
