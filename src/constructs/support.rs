//! The function that serves the custom resources of the library.

use stackgen_contract::support;
use stackgen_resources::iam;
use stackgen_resources::typed::Handle;
use stackgen_template::{Map, ResourceId};

use super::{Function, FunctionHandle};
use crate::core::{Attributes, Grant, PolicyDocument, RawResource, Scope, mib, seconds};

/// The support function of the stack: one for all, added when first needed.
pub(super) fn support_function(scope: &mut Scope<'_>) -> FunctionHandle {
    scope.singleton("StackSupport", || {
        Function::rust(support::PACKAGE, support::BINARY)
            .description("Serves the custom resources of the stack: objects of buckets")
            .memory(mib::<{ support::MEMORY_MIB as i64 }>())
            .timeout(seconds::<{ support::TIMEOUT_SECONDS as i64 }>())
    })
}

/// Adds a custom resource that the support function serves, as the resource that `scope` stands for.
///
/// What the function needs for it is a policy of its own and not part of the role's, because it must outlive the
/// resource: when both leave the stack, CloudFormation first deletes the resource, which takes the access, then the policy.
pub(super) fn add_supported(
    scope: &mut Scope<'_>,
    type_name: &'static str,
    properties: Map,
    access: Grant,
    attributes: Attributes,
) -> ResourceId {
    let function = support_function(scope);
    let policy = iam::Policy::new()
        .policy_name(policy_name(scope.path()))
        .policy_document(access.into_statements().into_iter().fold(PolicyDocument::new(), PolicyDocument::with))
        .roles([function.role().name()]);
    let policy = scope.add("Access", policy);

    let mut resource = RawResource::new(type_name).set("ServiceToken", function.arn());
    for (name, value) in properties {
        resource = resource.set(name, value);
    }
    let attributes = attributes.depends_on(&policy).after_grants_of(function.role().id());
    scope.add("Default", resource.with(attributes)).id().clone()
}

/// The name of a policy, of which a role has each once: the path, from its end as much as IAM takes.
fn policy_name(path: &str) -> String {
    let name: Vec<char> =
        path.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect();
    name[name.len().saturating_sub(128)..].iter().collect()
}
