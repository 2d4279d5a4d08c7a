//! Grants: what a construct offers to those who use it.

use stackgen_template::{ResourceId, Text, Value};

use super::Statement;

/// Access to something, as a value: single actions, the resources, and why.
///
/// Constructs return grants (`bucket.read()`), and whoever has a role takes them (`function.allow(bucket.read())`).
/// Grants of one role merge into as few statements as say the same.
#[derive(Debug, Clone)]
#[must_use = "a grant allows nothing until it is given to someone"]
pub struct Grant {
    pub(super) statements: Vec<Statement>,
    reason: Text,
}

impl Grant {
    /// Access to do `actions` on `resources`. `reason` says why in a few words, for people who review it.
    pub fn new<A: Into<Text>, R: Into<Value>>(
        actions: impl IntoIterator<Item = A>,
        resources: impl IntoIterator<Item = R>,
        reason: impl Into<Text>,
    ) -> Self {
        Self { statements: vec![Statement::allow(actions).on_each(resources)], reason: reason.into() }
    }

    /// Access of several statements.
    pub fn of(statements: impl IntoIterator<Item = Statement>, reason: impl Into<Text>) -> Self {
        Self { statements: statements.into_iter().collect(), reason: reason.into() }
    }

    /// Both grants as one.
    pub fn and(mut self, other: Self) -> Self {
        self.statements.extend(other.statements);
        self
    }

    /// Only under a condition: `.when("StringEquals", "s3:prefix", "raw/")`.
    pub fn when(mut self, operator: &'static str, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        let (key, value) = (key.into(), value.into());
        self.statements =
            self.statements.into_iter().map(|statement| statement.when(operator, key.clone(), value.clone())).collect();
        self
    }

    /// Why the access is given.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What the grant consists of.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The statements, for a policy of one's own.
    pub fn into_statements(self) -> Vec<Statement> {
        self.statements
    }
}

/// Something that acts under a role: functions, state machines, schedules.
pub trait Grantee {
    /// The role that it acts under.
    fn role_id(&self) -> &ResourceId;
}
