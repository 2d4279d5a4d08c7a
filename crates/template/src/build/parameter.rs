//! A parameter as it is built.

use std::borrow::Cow;

use crate::{Map, Number, Text, Value};

/// The type of a parameter.
///
/// ```
/// use stackgen_template::ParameterType;
///
/// let subnets = ParameterType::aws("AWS::EC2::Subnet::Id").list();
/// assert_eq!(subnets.as_str(), "List<AWS::EC2::Subnet::Id>");
/// assert_eq!(
///     ParameterType::aws("AWS::EC2::Image::Id").in_parameter_store().as_str(),
///     "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use]
pub struct ParameterType(Text);

impl ParameterType {
    /// Text.
    pub const STRING: Self = Self(Cow::Borrowed("String"));
    /// An integer or floating-point number. Its `Ref` is text.
    pub const NUMBER: Self = Self(Cow::Borrowed("Number"));
    /// Numbers with commas between them.
    pub const NUMBER_LIST: Self = Self(Cow::Borrowed("List<Number>"));
    /// Texts with commas between them. Its `Ref` is a list.
    pub const COMMA_DELIMITED_LIST: Self = Self(Cow::Borrowed("CommaDelimitedList"));
    /// The name of a parameter in Systems Manager: the name itself is the value.
    pub const PARAMETER_STORE_NAME: Self = Self(Cow::Borrowed("AWS::SSM::Parameter::Name"));

    /// A type of AWS, whose values CloudFormation checks against what the account has: `AWS::EC2::VPC::Id`.
    pub fn aws(name: impl Into<Text>) -> Self {
        Self(name.into())
    }

    /// A list of this type: `List<AWS::EC2::Subnet::Id>`. A list of strings is a [`Self::COMMA_DELIMITED_LIST`].
    pub fn list(&self) -> Self {
        if *self == Self::STRING { Self::COMMA_DELIMITED_LIST } else { Self(Cow::Owned(format!("List<{}>", self.0))) }
    }

    /// A value of this type that is looked up at deployment: the deployment gives the name of a parameter in Systems
    /// Manager.
    pub fn in_parameter_store(&self) -> Self {
        Self(Cow::Owned(format!("AWS::SSM::Parameter::Value<{}>", self.0)))
    }

    /// The type as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A parameter of a template: a value that a deployment gives.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct Parameter {
    /// The type.
    pub parameter_type: ParameterType,
    /// The value where a deployment gives none. Without it, every deployment must give one.
    pub default: Option<Value>,
    /// What the value is for, at most 4,000 bytes.
    pub description: Option<Text>,
    /// The values that are allowed.
    pub allowed_values: Vec<Value>,
    /// The regular expression that the whole value must match.
    pub allowed_pattern: Option<Text>,
    /// What to say when a value is not allowed.
    pub constraint_description: Option<Text>,
    /// The least number of characters of a text.
    pub min_length: Option<u32>,
    /// The greatest number of characters of a text.
    pub max_length: Option<u32>,
    /// The least number.
    pub min_value: Option<Number>,
    /// The greatest number.
    pub max_value: Option<Number>,
    /// Whether the value is hidden from those who look at the stack.
    pub no_echo: bool,
}

impl Parameter {
    /// A parameter that every deployment must give.
    pub const fn new(parameter_type: ParameterType) -> Self {
        Self {
            parameter_type,
            default: None,
            description: None,
            allowed_values: Vec::new(),
            allowed_pattern: None,
            constraint_description: None,
            min_length: None,
            max_length: None,
            min_value: None,
            max_value: None,
            no_echo: false,
        }
    }

    /// Sets the value where a deployment gives none.
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// Says what the value is for.
    pub fn description(mut self, description: impl Into<Text>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Allows only these values.
    pub fn allowed_values<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.allowed_values = values.into_iter().map(Into::into).collect();
        self
    }

    /// Allows only values that the regular expression matches as a whole.
    pub fn allowed_pattern(mut self, pattern: impl Into<Text>) -> Self {
        self.allowed_pattern = Some(pattern.into());
        self
    }

    /// Sets what to say when a value is not allowed.
    pub fn constraint_description(mut self, description: impl Into<Text>) -> Self {
        self.constraint_description = Some(description.into());
        self
    }

    /// Sets the least number of characters of a text.
    pub fn min_length(mut self, characters: u32) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// Sets the greatest number of characters of a text.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Sets the least number.
    pub fn min_value(mut self, value: impl Into<Number>) -> Self {
        self.min_value = Some(value.into());
        self
    }

    /// Sets the greatest number.
    pub fn max_value(mut self, value: impl Into<Number>) -> Self {
        self.max_value = Some(value.into());
        self
    }

    /// Hides the value from those who look at the stack.
    pub fn no_echo(mut self) -> Self {
        self.no_echo = true;
        self
    }
}

impl From<Parameter> for Value {
    fn from(parameter: Parameter) -> Self {
        let mut body = Map::with_capacity(4);
        body.push("Type", parameter.parameter_type.0);
        let mut push = |key: &'static str, value: Option<Self>| {
            if let Some(value) = value {
                body.push(key, value);
            }
        };
        push("Description", parameter.description.map(Self::from));
        push("Default", parameter.default);
        push("AllowedValues", (!parameter.allowed_values.is_empty()).then_some(Self::List(parameter.allowed_values)));
        push("AllowedPattern", parameter.allowed_pattern.map(Self::from));
        push("ConstraintDescription", parameter.constraint_description.map(Self::from));
        push("MinLength", parameter.min_length.map(Self::from));
        push("MaxLength", parameter.max_length.map(Self::from));
        push("MinValue", parameter.min_value.map(Self::from));
        push("MaxValue", parameter.max_value.map(Self::from));
        push("NoEcho", parameter.no_echo.then_some(Self::Bool(true)));
        Self::Map(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json_compact;

    #[test]
    fn every_part_is_written() {
        let parameter = Parameter::new(ParameterType::STRING)
            .default("development")
            .description("the stage")
            .allowed_values(["development", "production"])
            .allowed_pattern("[a-z]+")
            .constraint_description("a known stage")
            .min_length(1)
            .max_length(20)
            .no_echo();
        assert_eq!(
            to_json_compact(&parameter.into()),
            concat!(
                r#"{"Type":"String","Description":"the stage","Default":"development","#,
                r#""AllowedValues":["development","production"],"AllowedPattern":"[a-z]+","#,
                r#""ConstraintDescription":"a known stage","MinLength":1,"MaxLength":20,"NoEcho":true}"#
            )
        );
        let parameter = Parameter::new(ParameterType::NUMBER).min_value(1).max_value(9);
        assert_eq!(to_json_compact(&parameter.into()), r#"{"Type":"Number","MinValue":1,"MaxValue":9}"#);
    }

    #[test]
    fn types_combine() {
        assert_eq!(ParameterType::STRING.list(), ParameterType::COMMA_DELIMITED_LIST);
        assert_eq!(ParameterType::NUMBER.list(), ParameterType::NUMBER_LIST);
        assert_eq!(
            ParameterType::aws("AWS::EC2::Subnet::Id").list().in_parameter_store().as_str(),
            "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>"
        );
    }
}
