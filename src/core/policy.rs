//! Policy documents of IAM and of resources.

use std::collections::BTreeSet;

use stackgen_template::{Map, Text, Value};

/// Whether a statement allows or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effect {
    /// Gives access.
    #[default]
    Allow,
    /// Takes access, whatever else gives it.
    Deny,
}

/// Who a statement of a resource's policy speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Principal {
    /// Everyone.
    Any,
    /// A service, such as `events.amazonaws.com`.
    Service(Text),
    /// An account, role or user by ARN or account id.
    Aws(Value),
    /// An identity provider by ARN.
    Federated(Value),
}

impl Principal {
    fn into_value(self) -> Value {
        match self {
            Self::Any => "*".into(),
            Self::Service(service) => Value::single("Service", service),
            Self::Aws(arn) => Value::single("AWS", arn),
            Self::Federated(provider) => Value::single("Federated", provider),
        }
    }
}

/// A statement of a policy: who may do what with which resources, and when.
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use]
pub struct Statement {
    sid: Option<Text>,
    effect: Effect,
    principal: Option<Principal>,
    actions: BTreeSet<Text>,
    resources: Vec<Value>,
    conditions: Map,
}

impl Statement {
    /// Allows `actions`, each a single one such as `s3:GetObject`.
    pub fn allow<A: Into<Text>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self { actions: actions.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Denies `actions`.
    pub fn deny<A: Into<Text>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self { effect: Effect::Deny, ..Self::allow(actions) }
    }

    /// Names the statement.
    pub fn sid(mut self, sid: impl Into<Text>) -> Self {
        self.sid = Some(sid.into());
        self
    }

    /// Says who the statement speaks of. For policies of resources; a role's own policy has none.
    pub fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    /// Adds a resource by ARN.
    pub fn on(mut self, resource: impl Into<Value>) -> Self {
        let resource = resource.into();
        if !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
        self
    }

    /// Adds resources by ARN.
    pub fn on_each<R: Into<Value>>(self, resources: impl IntoIterator<Item = R>) -> Self {
        resources.into_iter().fold(self, Self::on)
    }

    /// Adds a condition: `.when("StringEquals", "aws:SourceAccount", Expression::account_id())`.
    pub fn when(mut self, operator: &'static str, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        let operands = self.conditions.entry_or_insert_with(operator, || Value::Map(Map::new()));
        if let Some(operands) = operands.as_map_mut() {
            operands.insert(key, value);
        }
        self
    }

    /// Whether the two differ in nothing but their actions, or in nothing but their resources.
    ///
    /// A statement is the product of its actions and its resources, so uniting one factor while the other is equal
    /// gives exactly the access of the two, never more.
    fn absorb(&mut self, other: &Self) -> bool {
        let alike = self.effect == other.effect
            && self.principal == other.principal
            && self.conditions == other.conditions
            && self.sid.is_none()
            && other.sid.is_none();
        if !alike {
            return false;
        }
        let within = |some: &[Value], all: &[Value]| some.iter().all(|resource| all.contains(resource));
        if within(&self.resources, &other.resources) && within(&other.resources, &self.resources) {
            self.actions.extend(other.actions.iter().cloned());
            return true;
        }
        if self.actions == other.actions {
            for resource in &other.resources {
                if !self.resources.contains(resource) {
                    self.resources.push(resource.clone());
                }
            }
            return true;
        }
        // Access that the other statement gives already.
        if other.actions.is_subset(&self.actions) && within(&other.resources, &self.resources) {
            return true;
        }
        false
    }

    fn into_value(self) -> Value {
        let mut statement = Map::with_capacity(6);
        if let Some(sid) = self.sid {
            statement.push("Sid", sid);
        }
        statement.push(
            "Effect",
            match self.effect {
                Effect::Allow => "Allow",
                Effect::Deny => "Deny",
            },
        );
        if let Some(principal) = self.principal {
            statement.push("Principal", principal.into_value());
        }
        statement.push("Action", one_or_many(self.actions.into_iter().map(Value::from).collect()));
        if !self.resources.is_empty() {
            statement.push("Resource", one_or_many(self.resources));
        }
        if !self.conditions.is_empty() {
            statement.push("Condition", self.conditions);
        }
        statement.into()
    }
}

/// A single item stands alone, as people write it.
fn one_or_many(mut items: Vec<Value>) -> Value {
    if items.len() == 1 { items.remove(0) } else { Value::List(items) }
}

/// A policy: statements, merged where that changes nothing of what they allow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PolicyDocument {
    statements: Vec<Statement>,
}

impl PolicyDocument {
    /// A policy without statements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no statement.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Adds a statement.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// The policy with `statement`.
    #[must_use]
    pub fn with(mut self, statement: Statement) -> Self {
        self.push(statement);
        self
    }

    /// The trust policy of a role: `service` may assume it.
    pub fn trust(service: impl Into<Text>) -> Self {
        Self::new().with(Statement::allow(["sts:AssumeRole"]).principal(Principal::Service(service.into())))
    }

    /// Merges statements that differ in one factor only, until none are left. Never widens.
    pub(super) fn merge(&mut self) {
        loop {
            let before = self.statements.len();
            let mut merged: Vec<Statement> = Vec::with_capacity(before);
            for statement in self.statements.drain(..) {
                if !merged.iter_mut().any(|earlier| earlier.absorb(&statement)) {
                    merged.push(statement);
                }
            }
            self.statements = merged;
            if self.statements.len() == before {
                return;
            }
        }
    }

    /// Divides the policy into documents of at most `limit` characters each, statement by statement; a statement that
    /// is larger by itself is divided by its resources, then by its actions.
    pub(super) fn split(self, limit: usize) -> Vec<Self> {
        let mut parts = vec![Self::new()];
        let mut used = DOCUMENT_OVERHEAD;
        let mut queue: Vec<Statement> = self.statements.into_iter().rev().collect();
        while let Some(statement) = queue.pop() {
            let size = size_of(&statement.clone().into_value()) + 1;
            if size + DOCUMENT_OVERHEAD > limit
                && let Some((one, two)) = statement.halve()
            {
                queue.push(two);
                queue.push(one);
                continue;
            }
            if used + size > limit && used > DOCUMENT_OVERHEAD {
                parts.push(Self::new());
                used = DOCUMENT_OVERHEAD;
            }
            used += size;
            if let Some(last) = parts.last_mut() {
                last.push(statement);
            }
        }
        parts
    }

    /// The length of the document as IAM counts it: without white space, intrinsic functions at what they may become.
    pub(super) fn size(&self) -> usize {
        DOCUMENT_OVERHEAD
            + self.statements.iter().map(|statement| size_of(&statement.clone().into_value()) + 1).sum::<usize>()
    }
}

impl From<PolicyDocument> for Value {
    fn from(policy: PolicyDocument) -> Self {
        let statements = policy.statements.into_iter().map(Statement::into_value).collect();
        Map::from_iter([("Version".into(), "2012-10-17".into()), ("Statement".into(), Value::List(statements))]).into()
    }
}

impl From<Statement> for PolicyDocument {
    fn from(statement: Statement) -> Self {
        Self::new().with(statement)
    }
}

impl stackgen_resources::typed::Arg<stackgen_resources::typed::Any> for PolicyDocument {
    fn into_value(self) -> Value {
        self.into()
    }
}

impl Statement {
    /// Two statements that together say the same, when there is more than one resource or action.
    fn halve(&self) -> Option<(Self, Self)> {
        let (mut one, mut two) = (self.clone(), self.clone());
        if self.resources.len() > 1 {
            two.resources = one.resources.split_off(self.resources.len() / 2);
        } else if self.actions.len() > 1 {
            let middle = self.actions.iter().nth(self.actions.len() / 2)?.clone();
            two.actions = one.actions.split_off(&middle);
        } else {
            return None;
        }
        Some((one, two))
    }
}

/// `{"Version":"2012-10-17","Statement":[]}`.
const DOCUMENT_OVERHEAD: usize = 40;
/// What a reference is taken to become: a long ARN with generated names.
const REFERENCE_SIZE: usize = 150;
/// Pseudo parameters that never become longer than [`PSEUDO_PARAMETER_SIZE`].
const PSEUDO_PARAMETERS: [&str; 4] = ["AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"];
const PSEUDO_PARAMETER_SIZE: usize = 20;

fn size_of(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::List(items) => items.iter().map(|item| size_of(item) + 1).sum::<usize>() + 2,
        Value::Reference(_) => REFERENCE_SIZE,
        Value::Map(map) => match map.first().filter(|_| map.len() == 1) {
            Some(("Ref", Value::String(name))) if PSEUDO_PARAMETERS.contains(&&**name) => PSEUDO_PARAMETER_SIZE,
            // The parts themselves are the text.
            Some(("Fn::Join", Value::List(parts))) => parts.iter().map(size_of).sum(),
            Some((key, inner)) if key == "Ref" || key.starts_with("Fn::") => REFERENCE_SIZE + size_of(inner),
            _ => map.iter().map(|(key, value)| key.len() + 4 + size_of(value)).sum::<usize>() + 2,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statements: impl IntoIterator<Item = Statement>) -> PolicyDocument {
        PolicyDocument { statements: statements.into_iter().collect() }
    }

    /// All (action, resource) pairs that a policy allows.
    fn access(policy: &PolicyDocument) -> BTreeSet<(String, String)> {
        let mut pairs = BTreeSet::new();
        for statement in &policy.statements {
            for action in &statement.actions {
                for resource in &statement.resources {
                    pairs.insert((action.to_string(), format!("{resource:?} when {:?}", statement.conditions)));
                }
            }
        }
        pairs
    }

    #[test]
    fn statements_of_equal_resources_unite_their_actions() {
        let mut policy = document([
            Statement::allow(["s3:PutObject"]).on("arn:aws:s3:::a/*"),
            Statement::allow(["s3:GetObject"]).on("arn:aws:s3:::a/*"),
        ]);
        policy.merge();
        assert_eq!(policy, document([Statement::allow(["s3:GetObject", "s3:PutObject"]).on("arn:aws:s3:::a/*")]));
    }

    #[test]
    fn merging_never_widens() {
        let mut policy = document([
            Statement::allow(["s3:GetObject"]).on("a"),
            Statement::allow(["s3:PutObject"]).on("b"),
            Statement::allow(["s3:GetObject"]).on("b"),
            Statement::allow(["s3:GetObject"]).on("c").when("Bool", "aws:SecureTransport", "true"),
            Statement::deny(["s3:GetObject"]).on("d"),
        ]);
        let before = access(&policy);
        policy.merge();
        assert_eq!(access(&policy), before);
        assert!(policy.statements.len() < 5);
    }

    #[test]
    fn sizes_are_at_least_what_expressions_become() {
        let join = |parts: Vec<Value>| Value::from(stackgen_template::Expression::join("", parts));
        let pseudo = |name: &'static str| Value::from(stackgen_template::Expression::reference(name));
        let arn = join(vec![
            "arn:".into(),
            pseudo("AWS::Partition"),
            ":glue:".into(),
            pseudo("AWS::Region"),
            ":".into(),
            pseudo("AWS::AccountId"),
            ":catalog".into(),
        ]);
        assert!((r#""arn:aws-us-gov:glue:us-gov-east-1:123456789012:catalog""#.len()..120).contains(&size_of(&arn)));
        let named = join(vec!["table/".into(), pseudo("Orders"), "/".into(), pseudo("AWS::StackName")]);
        assert!(size_of(&named) > 2 * REFERENCE_SIZE);
    }

    #[test]
    fn a_large_policy_is_split_without_loss() {
        let many: Vec<_> = (0..400).map(|index| format!("arn:aws:s3:::bucket-{index}/*")).collect();
        let policy = document([
            Statement::allow(["s3:GetObject", "s3:PutObject"]).on_each(many),
            Statement::allow(["sqs:SendMessage"]).on("arn:aws:sqs:us-east-1:123456789012:jobs"),
        ]);
        let before = access(&policy);
        let parts = policy.split(6_144);
        assert!(parts.len() > 1);
        assert!(
            parts.iter().all(|part| part.size() <= 6_144),
            "{:?}",
            parts.iter().map(PolicyDocument::size).collect::<Vec<_>>()
        );
        let after: BTreeSet<_> = parts.iter().flat_map(access).collect();
        assert_eq!(after, before);
    }
}
