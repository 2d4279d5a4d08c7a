//! Who acts under which role, and what the role may do.

use std::collections::{BTreeMap, BTreeSet};

use stackgen_template::{Map, ResourceView, Value};

use super::index::{Index, ResourceKey};
use super::permission::Direction;

/// What each role may do to which resource.
pub(super) type Permissions<'a> = BTreeMap<ResourceKey<'a>, BTreeMap<ResourceKey<'a>, Direction>>;

/// Reads the policies of all roles. `resources` are the resources of the app with the numbers of their stacks.
pub(super) fn permissions<'a>(index: &Index<'a>, resources: &[(usize, ResourceView<'a>)]) -> Permissions<'a> {
    let mut permissions = Permissions::new();
    for (stack, resource) in resources {
        let roles: BTreeSet<_> = match resource.type_name() {
            Some("AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy") => {
                resource.property("Roles").map(|roles| index.referred(roles, *stack)).unwrap_or_default()
            }
            Some("AWS::IAM::RolePolicy") => {
                resource.property("RoleName").map(|role| index.referred(role, *stack)).unwrap_or_default()
            }
            Some("AWS::IAM::Role") => {
                let role = (*stack, resource.logical_id);
                for policy in resource.property("Policies").and_then(Value::as_list).unwrap_or_default() {
                    read_document(policy.get("PolicyDocument"), *stack, &[role], index, &mut permissions);
                }
                continue;
            }
            _ => continue,
        };
        let roles: Vec<_> = roles.into_iter().collect();
        read_document(resource.property("PolicyDocument"), *stack, &roles, index, &mut permissions);
    }
    permissions
}

fn read_document<'a>(
    document: Option<&'a Value>,
    stack: usize,
    roles: &[ResourceKey<'a>],
    index: &Index<'a>,
    permissions: &mut Permissions<'a>,
) {
    let Some(statements) = document.and_then(|document| document.get("Statement")) else { return };
    for statement in one_or_many(statements) {
        if statement.get("Effect").and_then(Value::as_str) != Some("Allow") {
            continue;
        }
        let direction = statement
            .get("Action")
            .map(one_or_many)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .fold(Direction::default(), |direction, action| direction.and(Direction::of_action(action)));
        if direction == Direction::default() {
            continue;
        }
        let Some(targets) = statement.get("Resource") else { continue };
        for target in index.referred(targets, stack) {
            for role in roles {
                let known = permissions.entry(*role).or_default().entry(target).or_default();
                *known = known.and(direction);
            }
        }
    }
}

fn one_or_many(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// The roles that a resource acts under: those that its properties name, themselves or through an instance profile.
pub(super) fn roles_of<'a>(index: &Index<'a>, stack: usize, properties: Option<&'a Map>) -> BTreeSet<ResourceKey<'a>> {
    let mut roles = BTreeSet::new();
    for value in properties.into_iter().flat_map(Map::values) {
        for key in index.referred(value, stack) {
            let Some(resource) = index.resource(key) else { continue };
            match resource.type_name() {
                Some("AWS::IAM::Role") => drop(roles.insert(key)),
                Some("AWS::IAM::InstanceProfile") => {
                    roles.extend(
                        resource.property("Roles").map(|roles| index.referred(roles, key.0)).unwrap_or_default(),
                    );
                }
                _ => {}
            }
        }
    }
    roles
}
