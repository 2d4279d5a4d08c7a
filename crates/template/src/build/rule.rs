//! A rule as it is built.

use crate::{Expression, Map, Text, Value};

/// A rule of a template: assertions about the parameters of a deployment, checked before anything is done.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Rule {
    /// The condition under which the assertions count; none is always.
    pub condition: Option<Expression>,
    /// The assertions, each with what to say when it does not hold.
    pub assertions: Vec<(Expression, Option<Text>)>,
}

impl Rule {
    /// A rule with one assertion.
    pub fn new(assertion: Expression) -> Self {
        Self { condition: None, assertions: vec![(assertion, None)] }
    }

    /// A rule with one assertion, and what to say when it does not hold.
    pub fn described(assertion: Expression, description: impl Into<Text>) -> Self {
        Self { condition: None, assertions: vec![(assertion, Some(description.into()))] }
    }

    /// Lets the assertions count only when `condition` holds.
    pub fn when(mut self, condition: Expression) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Adds an assertion, and what to say when it does not hold.
    pub fn and(mut self, assertion: Expression, description: impl Into<Text>) -> Self {
        self.assertions.push((assertion, Some(description.into())));
        self
    }
}

impl From<Rule> for Value {
    fn from(rule: Rule) -> Self {
        let mut body = Map::with_capacity(2);
        if let Some(condition) = rule.condition {
            body.push("RuleCondition", condition);
        }
        let assertions = rule.assertions.into_iter().map(|(assertion, description)| {
            let mut body = Map::with_capacity(2);
            body.push("Assert", assertion);
            if let Some(description) = description {
                body.push("AssertDescription", description);
            }
            Self::Map(body)
        });
        body.push("Assertions", Self::List(assertions.collect()));
        Self::Map(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json_compact;

    #[test]
    fn every_part_is_written() {
        let rule = Rule::new(Expression::contains(["a"], Expression::reference("P")))
            .when(Expression::equals(Expression::reference("Stage"), "production"))
            .and(Expression::contains(["b"], Expression::reference("Q")), "Q must be b");
        assert_eq!(
            to_json_compact(&rule.into()),
            concat!(
                r#"{"RuleCondition":{"Fn::Equals":[{"Ref":"Stage"},"production"]},"Assertions":["#,
                r#"{"Assert":{"Fn::Contains":[["a"],{"Ref":"P"}]}},"#,
                r#"{"Assert":{"Fn::Contains":[["b"],{"Ref":"Q"}]},"AssertDescription":"Q must be b"}]}"#
            )
        );
        let rule = Rule::described(Expression::condition("C"), "why");
        assert_eq!(rule.assertions[0].1.as_deref(), Some("why"));
    }
}
