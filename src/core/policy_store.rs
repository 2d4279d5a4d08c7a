//! Policies that grow while constructs are added, and become resources at synthesis.

use std::collections::BTreeMap;
use std::panic::Location;

use stackgen_template::{Map, Reference, ResourceId, Value};

use super::PolicyDocument;

/// IAM's limit on all inline policies of a role together, in characters without white space.
const INLINE_LIMIT: usize = 10_240;
/// IAM's limit on a managed policy.
const MANAGED_LIMIT: usize = 6_144;

/// A resource that has one policy of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyTarget {
    /// A bucket.
    Bucket(ResourceId),
    /// A queue.
    Queue(ResourceId),
    /// A topic.
    Topic(ResourceId),
}

impl PolicyTarget {
    /// The resource.
    pub fn resource(&self) -> &ResourceId {
        match self {
            Self::Bucket(id) | Self::Queue(id) | Self::Topic(id) => id,
        }
    }

    fn into_resource(self, document: PolicyDocument) -> (&'static str, Map) {
        let reference = Value::from(Reference::to(self.resource().clone()));
        let (type_name, name, target) = match self {
            Self::Bucket(_) => ("AWS::S3::BucketPolicy", "Bucket", reference),
            Self::Queue(_) => ("AWS::SQS::QueuePolicy", "Queues", Value::List(vec![reference])),
            Self::Topic(_) => ("AWS::SNS::TopicPolicy", "Topics", Value::List(vec![reference])),
        };
        (type_name, Map::from_iter([(name.into(), target), ("PolicyDocument".into(), document.into())]))
    }
}

/// A policy resource that synthesis adds: logical id, type and properties.
#[derive(Debug)]
pub(super) struct PolicyResource {
    pub(super) logical_id: String,
    pub(super) type_name: &'static str,
    pub(super) properties: Map,
    /// Where the first statement came from.
    pub(super) place: Option<&'static Location<'static>>,
    /// The role or resource that the policy is of.
    pub(super) owner: ResourceId,
}

#[derive(Debug)]
struct Collected {
    document: PolicyDocument,
    place: Option<&'static Location<'static>>,
}

/// The policies of the roles and resources of one stack, in order of their logical ids.
#[derive(Debug, Default)]
pub(super) struct PolicyStore {
    roles: BTreeMap<ResourceId, Collected>,
    targets: BTreeMap<PolicyTarget, Collected>,
}

impl PolicyStore {
    /// The policy of `role`, to add statements to.
    pub(super) fn role(&mut self, role: &ResourceId, place: Option<&'static Location<'static>>) -> &mut PolicyDocument {
        let new = || Collected { document: PolicyDocument::new(), place };
        &mut self.roles.entry(role.clone()).or_insert_with(new).document
    }

    /// The policy of a resource, to add statements to.
    pub(super) fn target(
        &mut self,
        target: PolicyTarget,
        place: Option<&'static Location<'static>>,
    ) -> &mut PolicyDocument {
        let new = || Collected { document: PolicyDocument::new(), place };
        &mut self.targets.entry(target).or_insert_with(new).document
    }

    /// The resources of all policies. Empty ones give none.
    pub(super) fn into_resources(self) -> Vec<PolicyResource> {
        let mut resources = Vec::new();
        for (role, Collected { mut document, place }) in self.roles {
            document.merge();
            if !document.is_empty() {
                role_policies(&role, document, place, &mut resources);
            }
        }
        for (target, Collected { mut document, place }) in self.targets {
            document.merge();
            if document.is_empty() {
                continue;
            }
            let owner = target.resource().clone();
            let (type_name, properties) = target.into_resource(document);
            let logical_id = format!("{}Policy", owner.logical_id());
            resources.push(PolicyResource { logical_id, type_name, properties, place, owner });
        }
        resources
    }
}

/// One inline policy; or, when IAM's limit would be passed, as many managed policies as it takes.
fn role_policies(
    role: &ResourceId,
    document: PolicyDocument,
    place: Option<&'static Location<'static>>,
    resources: &mut Vec<PolicyResource>,
) {
    let roles = Value::List(vec![Reference::to(role.clone()).into()]);
    // A policy apart from the role, so that a role and what it may use can refer to each other.
    if document.size() <= INLINE_LIMIT {
        let logical_id = format!("{}Policy", role.logical_id());
        let properties = Map::from_iter([
            ("PolicyName".into(), logical_id.clone().into()),
            ("PolicyDocument".into(), document.into()),
            ("Roles".into(), roles),
        ]);
        resources.push(PolicyResource {
            logical_id,
            type_name: "AWS::IAM::Policy",
            properties,
            place,
            owner: role.clone(),
        });
        return;
    }
    for (index, part) in document.split(MANAGED_LIMIT).into_iter().enumerate() {
        let properties = Map::from_iter([("PolicyDocument".into(), part.into()), ("Roles".into(), roles.clone())]);
        resources.push(PolicyResource {
            logical_id: format!("{}Policy{}", role.logical_id(), index + 1),
            type_name: "AWS::IAM::ManagedPolicy",
            properties,
            place,
            owner: role.clone(),
        });
    }
}
