//! An output as it is built.

use crate::{Map, Text, Value};

/// An output of a template: a value that the stack tells others.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Output {
    /// The value.
    pub value: Value,
    /// What the value is, at most 1,024 bytes.
    pub description: Option<Text>,
    /// The name under which other stacks of the account and region import the value.
    pub export: Option<Value>,
    /// The condition without which the output is not there.
    pub condition: Option<Text>,
}

impl Output {
    /// An output of `value`.
    pub fn new(value: impl Into<Value>) -> Self {
        Self { value: value.into(), description: None, export: None, condition: None }
    }

    /// Says what the value is.
    pub fn description(mut self, description: impl Into<Text>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Lets other stacks import the value under `name`.
    pub fn export(mut self, name: impl Into<Value>) -> Self {
        self.export = Some(name.into());
        self
    }

    /// Sets the condition without which the output is not there.
    pub fn condition(mut self, name: impl Into<Text>) -> Self {
        self.condition = Some(name.into());
        self
    }
}

impl From<Output> for Value {
    fn from(output: Output) -> Self {
        let mut body = Map::with_capacity(4);
        if let Some(condition) = output.condition {
            body.push("Condition", condition);
        }
        if let Some(description) = output.description {
            body.push("Description", description);
        }
        body.push("Value", output.value);
        if let Some(name) = output.export {
            body.push("Export", Value::single("Name", name));
        }
        Self::Map(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expression, to_json_compact};

    #[test]
    fn every_part_is_written() {
        let output = Output::new(Expression::get_att("Bucket", "Arn"))
            .description("the bucket")
            .export(Expression::sub("${AWS::StackName}-bucket"))
            .condition("IsProduction");
        assert_eq!(
            to_json_compact(&output.into()),
            concat!(
                r#"{"Condition":"IsProduction","Description":"the bucket","Value":{"Fn::GetAtt":["Bucket","Arn"]},"#,
                r#""Export":{"Name":{"Fn::Sub":"${AWS::StackName}-bucket"}}}"#
            )
        );
        assert_eq!(to_json_compact(&Output::new("x").into()), r#"{"Value":"x"}"#);
    }
}
