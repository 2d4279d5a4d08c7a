//! Intrinsic functions as expressions.

use crate::{Map, Reference, Text, Value};

/// A value that CloudFormation computes at deployment: an intrinsic function with its arguments.
///
/// A property takes an expression wherever it takes a literal, except where the property holds the ARN or identifier of
/// another resource: there a typed reference is wanted.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Expression(Value);

impl Expression {
    /// An expression in the document's own form, such as `{"Fn::Sub": "…"}`.
    pub fn raw(value: impl Into<Value>) -> Self {
        Self(value.into())
    }

    /// `Ref` by name: a parameter, a resource or a pseudo parameter of the same template.
    pub fn reference(name: impl Into<Text>) -> Self {
        Self(Value::single("Ref", name.into()))
    }

    /// `Fn::Sub`: the text with every `${Name}` and `${Name.Attribute}` replaced.
    pub fn sub(text: impl Into<Text>) -> Self {
        Self(Value::single("Fn::Sub", text.into()))
    }

    /// `Fn::Sub` with variables of its own beside those of the template.
    pub fn sub_with<K: Into<Text>, V: Into<Value>>(
        text: impl Into<Text>,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables: Map = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self(Value::single("Fn::Sub", Value::List(vec![text.into().into(), variables.into()])))
    }

    /// `Fn::Join`: the items with `delimiter` between them.
    pub fn join<V: Into<Value>>(delimiter: impl Into<Text>, items: impl IntoIterator<Item = V>) -> Self {
        let items = items.into_iter().map(Into::into).collect();
        Self(Value::single("Fn::Join", Value::List(vec![delimiter.into().into(), Value::List(items)])))
    }

    /// `Fn::If`: one value when the condition of the template holds, the other when it does not.
    pub fn if_(condition: impl Into<Text>, then: impl Into<Value>, otherwise: impl Into<Value>) -> Self {
        Self(Value::single("Fn::If", Value::List(vec![condition.into().into(), then.into(), otherwise.into()])))
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

    /// Removes the property it is given to, most often as one branch of [`Expression::if_`].
    pub fn no_value() -> Self {
        Self::reference("AWS::NoValue")
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
