//! The functions that only the rules of a template may use: they look at the values of parameters.

use super::{Expression, function::list};
use crate::{Text, Value};

impl Expression {
    /// `Fn::Contains`: whether `value` is one of `items`.
    pub fn contains(items: impl Into<Value>, value: impl Into<Value>) -> Self {
        Self::call("Fn::Contains", list([items.into(), value.into()]))
    }

    /// `Fn::EachMemberEquals`: whether every one of `items` is `value`.
    pub fn each_member_equals(items: impl Into<Value>, value: impl Into<Value>) -> Self {
        Self::call("Fn::EachMemberEquals", list([items.into(), value.into()]))
    }

    /// `Fn::EachMemberIn`: whether every one of `items` is one of `allowed`.
    pub fn each_member_in(items: impl Into<Value>, allowed: impl Into<Value>) -> Self {
        Self::call("Fn::EachMemberIn", list([items.into(), allowed.into()]))
    }

    /// `Fn::RefAll`: the values of all parameters of a type, such as `AWS::EC2::VPC::Id`.
    pub fn ref_all(parameter_type: impl Into<Text>) -> Self {
        Self::call("Fn::RefAll", parameter_type.into())
    }

    /// `Fn::ValueOf`: an attribute of what a parameter names, such as the `VpcId` of a subnet.
    pub fn value_of(parameter: impl Into<Text>, attribute: impl Into<Text>) -> Self {
        Self::call("Fn::ValueOf", list([parameter.into(), attribute.into()]))
    }

    /// `Fn::ValueOfAll`: an attribute of what each parameter of a type names.
    pub fn value_of_all(parameter_type: impl Into<Text>, attribute: impl Into<Text>) -> Self {
        Self::call("Fn::ValueOfAll", list([parameter_type.into(), attribute.into()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::to_json_compact;

    #[track_caller]
    fn check(expression: Expression, json: &str) {
        assert_eq!(to_json_compact(&expression.into()), json);
    }

    #[test]
    fn every_function_is_written_as_cloudformation_wants_it() {
        check(
            Expression::contains(["t3.small"], Expression::reference("Type")),
            r#"{"Fn::Contains":[["t3.small"],{"Ref":"Type"}]}"#,
        );
        check(
            Expression::each_member_equals(Expression::value_of_all("AWS::EC2::VPC::Id", "Tags.Department"), "IT"),
            r#"{"Fn::EachMemberEquals":[{"Fn::ValueOfAll":["AWS::EC2::VPC::Id","Tags.Department"]},"IT"]}"#,
        );
        check(
            Expression::each_member_in(
                Expression::value_of("Subnets", "VpcId"),
                Expression::ref_all("AWS::EC2::VPC::Id"),
            ),
            r#"{"Fn::EachMemberIn":[{"Fn::ValueOf":["Subnets","VpcId"]},{"Fn::RefAll":"AWS::EC2::VPC::Id"}]}"#,
        );
    }
}
