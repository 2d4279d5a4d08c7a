//! What was added to one stack so far.

use std::any::Any;
use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;

use stackgen_template::{Map, Text};

use crate::assets::Asset;

use super::policy_store::PolicyStore;
use super::{Attributes, Environment};

/// A construct in the tree of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeNode {
    /// The path of names below the stack, with `/` between them.
    pub path: String,
    /// The CloudFormation type of a resource; none for a construct that only holds others.
    pub type_name: Option<Text>,
    /// The logical id of a resource.
    pub logical_id: Option<String>,
}

/// A resource that was moved or renamed on purpose: the same resource under another logical id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The logical id it had.
    pub from: String,
    /// The logical id it has now.
    pub to: String,
}

/// A resource as it was added.
#[derive(Debug)]
pub(super) struct ResourceEntry {
    pub(super) logical_id: Arc<str>,
    pub(super) path: String,
    pub(super) type_name: Text,
    pub(super) properties: Map,
    pub(super) attributes: Attributes,
    pub(super) tags: Vec<(Text, Text)>,
    pub(super) place: Option<&'static Location<'static>>,
}

/// Where a logical id was first used, to name both places when it is used again.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) path: String,
    pub(super) place: Option<&'static Location<'static>>,
}

/// A stack while constructs are added to it.
#[derive(Debug, Default)]
pub(super) struct StackState {
    pub(super) name: String,
    pub(super) place: Option<&'static Location<'static>>,
    pub(super) environment: Environment,
    pub(super) description: Option<Text>,
    pub(super) termination_protection: bool,
    pub(super) transforms: Vec<Text>,
    pub(super) metadata: Map,
    pub(super) parameters: Map,
    pub(super) rules: Map,
    pub(super) mappings: Map,
    pub(super) conditions: Map,
    pub(super) outputs: Map,
    pub(super) resources: Vec<ResourceEntry>,
    pub(super) claims: HashMap<Arc<str>, Claim>,
    pub(super) policies: PolicyStore,
    pub(super) tree: Vec<TreeNode>,
    pub(super) assets: Vec<Asset>,
    pub(super) moves: Vec<Move>,
    pub(super) tags: Vec<(Text, Text)>,
    pub(super) dependencies: Vec<usize>,
    /// Handles of the constructs that the whole stack shares, by their names.
    pub(super) singletons: HashMap<&'static str, Box<dyn Any>>,
}
