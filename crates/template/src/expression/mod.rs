//! Intrinsic functions as expressions.

mod condition;
mod function;
mod rule;

use crate::{Intrinsic, Reference, Text, Value};

/// A value that CloudFormation computes at deployment: an intrinsic function with its arguments.
///
/// A property takes an expression wherever it takes a literal, except where the property holds the ARN or identifier of
/// another resource: there a typed reference is wanted.
///
/// ```
/// use stackgen_template::{Expression, to_json_compact};
///
/// let name = Expression::join("-", [Expression::stack_name(), Expression::region()]);
/// assert_eq!(
///     to_json_compact(name.as_value()),
///     r#"{"Fn::Join":["-",[{"Ref":"AWS::StackName"},{"Ref":"AWS::Region"}]]}"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Expression(Value);

impl Expression {
    /// An expression in the document's own form, such as `{"Fn::Sub": "…"}`.
    pub fn raw(value: impl Into<Value>) -> Self {
        Self(value.into())
    }

    /// The expression as it stands in the document.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The function and its argument; none for a reference that synthesis has yet to resolve.
    pub fn intrinsic(&self) -> Option<Intrinsic<'_>> {
        Intrinsic::in_condition(&self.0)
    }

    /// The account that the stack is deployed to.
    pub fn account_id() -> Self {
        Self::reference("AWS::AccountId")
    }

    /// The region that the stack is deployed to.
    pub fn region() -> Self {
        Self::reference("AWS::Region")
    }

    /// The partition of the region: `aws`, `aws-cn`, `aws-us-gov`.
    pub fn partition() -> Self {
        Self::reference("AWS::Partition")
    }

    /// The domain of the partition's services: `amazonaws.com`.
    pub fn url_suffix() -> Self {
        Self::reference("AWS::URLSuffix")
    }

    /// The name of the stack.
    pub fn stack_name() -> Self {
        Self::reference("AWS::StackName")
    }

    /// The ARN of the stack.
    pub fn stack_id() -> Self {
        Self::reference("AWS::StackId")
    }

    /// The ARNs of the topics that are told of the stack's events: a list.
    pub fn notification_arns() -> Self {
        Self::reference("AWS::NotificationARNs")
    }

    /// Removes the property it is given to, most often as one branch of [`Expression::if_`].
    pub fn no_value() -> Self {
        Self::reference("AWS::NoValue")
    }

    fn call(function: &'static str, argument: impl Into<Value>) -> Self {
        Self(Value::single(Text::Borrowed(function), argument))
    }
}

impl From<Expression> for Value {
    fn from(expression: Expression) -> Self {
        expression.0
    }
}

impl From<Reference> for Expression {
    fn from(reference: Reference) -> Self {
        Self(reference.into())
    }
}
