//! The functions that decide: for the conditions and rules of a template.

use super::{Expression, function::list};
use crate::{Text, Value};

impl Expression {
    /// `Fn::Equals`: whether two values are the same.
    pub fn equals(one: impl Into<Value>, other: impl Into<Value>) -> Self {
        Self::call("Fn::Equals", Value::List(vec![one.into(), other.into()]))
    }

    /// `Fn::And`: whether all of 2 to 10 conditions hold.
    pub fn and(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::call("Fn::And", list(conditions))
    }

    /// `Fn::Or`: whether one or more of 2 to 10 conditions hold.
    pub fn or(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::call("Fn::Or", list(conditions))
    }

    /// `Fn::Not`: whether the condition does not hold.
    #[expect(clippy::should_implement_trait, reason = "an associated function, named like the others")]
    pub fn not(condition: Self) -> Self {
        Self::call("Fn::Not", list([condition]))
    }

    /// `Condition`: whether another condition of the template holds.
    pub fn condition(name: impl Into<Text>) -> Self {
        Self::call("Condition", name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json_compact;

    #[test]
    fn conditions_nest() {
        let condition = Expression::and([
            Expression::condition("IsProduction"),
            Expression::not(Expression::equals(Expression::region(), "eu-west-1")),
            Expression::or([Expression::condition("A"), Expression::condition("B")]),
        ]);
        assert_eq!(
            to_json_compact(&condition.into()),
            concat!(
                r#"{"Fn::And":[{"Condition":"IsProduction"},"#,
                r#"{"Fn::Not":[{"Fn::Equals":[{"Ref":"AWS::Region"},"eu-west-1"]}]},"#,
                r#"{"Fn::Or":[{"Condition":"A"},{"Condition":"B"}]}]}"#
            )
        );
    }
}
