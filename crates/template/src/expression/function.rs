//! The functions that compute values.

use super::Expression;
use crate::{Map, Text, Value};

impl Expression {
    /// `Ref` by name: a parameter, a resource or a pseudo parameter of the same template.
    pub fn reference(name: impl Into<Text>) -> Self {
        Self::call("Ref", name.into())
    }

    /// `Fn::GetAtt` by names: an attribute of a resource of the same template.
    pub fn get_att(logical_id: impl Into<Text>, attribute: impl Into<Text>) -> Self {
        Self::call("Fn::GetAtt", Value::List(vec![logical_id.into().into(), attribute.into().into()]))
    }

    /// `Fn::Sub`: the text with every `${Name}` and `${Name.Attribute}` replaced.
    pub fn sub(text: impl Into<Text>) -> Self {
        Self::call("Fn::Sub", text.into())
    }

    /// `Fn::Sub` with variables of its own beside those of the template.
    pub fn sub_with<K: Into<Text>, V: Into<Value>>(
        text: impl Into<Text>,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables: Map = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self::call("Fn::Sub", Value::List(vec![text.into().into(), variables.into()]))
    }

    /// `Fn::Join`: the items with `delimiter` between them.
    pub fn join<V: Into<Value>>(delimiter: impl Into<Text>, items: impl IntoIterator<Item = V>) -> Self {
        Self::join_list(delimiter, list(items))
    }

    /// `Fn::Join` of a list that is itself an expression, such as the `Ref` of a list parameter.
    pub fn join_list(delimiter: impl Into<Text>, items: impl Into<Value>) -> Self {
        Self::call("Fn::Join", Value::List(vec![delimiter.into().into(), items.into()]))
    }

    /// `Fn::Split`: the list of the parts of `text` between delimiters.
    pub fn split(delimiter: impl Into<Text>, text: impl Into<Value>) -> Self {
        Self::call("Fn::Split", Value::List(vec![delimiter.into().into(), text.into()]))
    }

    /// `Fn::Select`: the item at `index`, from 0, of a list.
    pub fn select(index: impl Into<Value>, items: impl Into<Value>) -> Self {
        Self::call("Fn::Select", Value::List(vec![index.into(), items.into()]))
    }

    /// `Fn::If`: one value when the condition of the template holds, the other when it does not.
    pub fn if_(condition: impl Into<Text>, then: impl Into<Value>, otherwise: impl Into<Value>) -> Self {
        Self::call("Fn::If", Value::List(vec![condition.into().into(), then.into(), otherwise.into()]))
    }

    /// `Fn::ImportValue`: what another stack of the same account and region exports under `name`.
    pub fn import_value(name: impl Into<Value>) -> Self {
        Self::call("Fn::ImportValue", name)
    }

    /// `Fn::GetStackOutput`: an output of another stack of the same account and region, exported or not.
    ///
    /// Nothing holds the other stack: the value is read when this one is created or updated.
    pub fn get_stack_output(stack_name: impl Into<Value>, output_name: impl Into<Text>) -> Self {
        Self::call("Fn::GetStackOutput", stack_output(stack_name.into(), output_name.into()))
    }

    /// `Fn::GetStackOutput` from another region.
    pub fn get_stack_output_in(
        stack_name: impl Into<Value>,
        output_name: impl Into<Text>,
        region: impl Into<Value>,
    ) -> Self {
        let mut arguments = stack_output(stack_name.into(), output_name.into());
        arguments.push("Region", region);
        Self::call("Fn::GetStackOutput", arguments)
    }

    /// `Fn::GetStackOutput` from another region or account, through a role that may describe the other stack.
    pub fn get_stack_output_as(
        stack_name: impl Into<Value>,
        output_name: impl Into<Text>,
        region: impl Into<Value>,
        role_arn: impl Into<Value>,
    ) -> Self {
        let mut arguments = stack_output(stack_name.into(), output_name.into());
        arguments.push("Region", region);
        arguments.push("RoleArn", role_arn);
        Self::call("Fn::GetStackOutput", arguments)
    }

    /// `Fn::Base64`: the text in Base64, as user data of an instance wants it.
    pub fn base64(text: impl Into<Value>) -> Self {
        Self::call("Fn::Base64", text)
    }

    /// `Fn::Cidr`: a list of `count` address blocks out of `block`, each with `host_bits` bits for hosts.
    pub fn cidr(block: impl Into<Value>, count: impl Into<Value>, host_bits: impl Into<Value>) -> Self {
        Self::call("Fn::Cidr", Value::List(vec![block.into(), count.into(), host_bits.into()]))
    }

    /// `Fn::FindInMap`: the value of a mapping of the template under two keys.
    pub fn find_in_map(
        mapping: impl Into<Value>,
        top_level_key: impl Into<Value>,
        second_level_key: impl Into<Value>,
    ) -> Self {
        let arguments = vec![mapping.into(), top_level_key.into(), second_level_key.into()];
        Self::call("Fn::FindInMap", Value::List(arguments))
    }

    /// `Fn::FindInMap` with a value for keys that the mapping does not have.
    ///
    /// Needs the transform `AWS::LanguageExtensions`.
    pub fn find_in_map_or(
        mapping: impl Into<Value>,
        top_level_key: impl Into<Value>,
        second_level_key: impl Into<Value>,
        default: impl Into<Value>,
    ) -> Self {
        let default = Value::single("DefaultValue", default);
        let arguments = vec![mapping.into(), top_level_key.into(), second_level_key.into(), default];
        Self::call("Fn::FindInMap", Value::List(arguments))
    }

    /// `Fn::GetAZs`: the availability zones of `region`, of the stack's own when it is empty.
    pub fn get_azs(region: impl Into<Value>) -> Self {
        Self::call("Fn::GetAZs", region)
    }

    /// `Fn::Transform`: what the macro `name` makes of its parameters.
    pub fn transform<K: Into<Text>, V: Into<Value>>(
        name: impl Into<Text>,
        parameters: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let parameters: Map = parameters.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let mut arguments = Map::new();
        arguments.push("Name", name.into());
        if !parameters.is_empty() {
            arguments.push("Parameters", parameters);
        }
        Self::call("Fn::Transform", arguments)
    }

    /// `Fn::ToJsonString`: a mapping or list as JSON text.
    ///
    /// Needs the transform `AWS::LanguageExtensions`.
    pub fn to_json_string(value: impl Into<Value>) -> Self {
        Self::call("Fn::ToJsonString", value)
    }

    /// `Fn::Length`: the number of items of a list.
    ///
    /// Needs the transform `AWS::LanguageExtensions`.
    pub fn length(items: impl Into<Value>) -> Self {
        Self::call("Fn::Length", items)
    }

    /// `Fn::ForEach`: an entry of a mapping that repeats `output` for every item of `collection`.
    ///
    /// `loop_name` must be unique in the template, and `identifier` is the variable that `output` uses, in its keys as
    /// `${Identifier}` and in its values as that or as `Ref`. The function is written as a key, not as a value, so this
    /// is an entry to insert into the section, the properties or the outputs that the loop fills.
    ///
    /// Needs the transform `AWS::LanguageExtensions`.
    pub fn for_each(
        loop_name: &str,
        identifier: impl Into<Text>,
        collection: impl Into<Value>,
        output: Map,
    ) -> (Text, Value) {
        let arguments = vec![identifier.into().into(), collection.into(), output.into()];
        (Text::Owned(format!("Fn::ForEach::{loop_name}")), Value::List(arguments))
    }
}

fn stack_output(stack_name: Value, output_name: Text) -> Map {
    let mut arguments = Map::with_capacity(4);
    arguments.push("StackName", stack_name);
    arguments.push("OutputName", output_name);
    arguments
}

pub(super) fn list<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
    Value::List(items.into_iter().map(Into::into).collect())
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
        let list = || Expression::reference("List");
        check(Expression::reference("Bucket"), r#"{"Ref":"Bucket"}"#);
        check(Expression::get_att("Bucket", "Arn"), r#"{"Fn::GetAtt":["Bucket","Arn"]}"#);
        check(Expression::sub("${A}"), r#"{"Fn::Sub":"${A}"}"#);
        check(Expression::sub_with("${A}", [("A", 1)]), r#"{"Fn::Sub":["${A}",{"A":1}]}"#);
        check(Expression::join(",", ["a", "b"]), r#"{"Fn::Join":[",",["a","b"]]}"#);
        check(Expression::join_list(",", list()), r#"{"Fn::Join":[",",{"Ref":"List"}]}"#);
        check(Expression::split(",", "a,b"), r#"{"Fn::Split":[",","a,b"]}"#);
        check(Expression::select(0, list()), r#"{"Fn::Select":[0,{"Ref":"List"}]}"#);
        check(Expression::if_("C", "a", Expression::no_value()), r#"{"Fn::If":["C","a",{"Ref":"AWS::NoValue"}]}"#);
        check(Expression::import_value("name"), r#"{"Fn::ImportValue":"name"}"#);
        check(Expression::base64("text"), r#"{"Fn::Base64":"text"}"#);
        check(Expression::cidr("10.0.0.0/16", 4, 8), r#"{"Fn::Cidr":["10.0.0.0/16",4,8]}"#);
        check(Expression::find_in_map("M", "a", "b"), r#"{"Fn::FindInMap":["M","a","b"]}"#);
        check(
            Expression::find_in_map_or("M", "a", "b", "c"),
            r#"{"Fn::FindInMap":["M","a","b",{"DefaultValue":"c"}]}"#,
        );
        check(Expression::get_azs(""), r#"{"Fn::GetAZs":""}"#);
        check(Expression::to_json_string(list()), r#"{"Fn::ToJsonString":{"Ref":"List"}}"#);
        check(Expression::length(list()), r#"{"Fn::Length":{"Ref":"List"}}"#);
        check(
            Expression::transform("AWS::Include", [("Location", "s3://b/k")]),
            r#"{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://b/k"}}}"#,
        );
        check(Expression::transform::<Text, Value>("Macro", []), r#"{"Fn::Transform":{"Name":"Macro"}}"#);
    }

    #[test]
    fn a_stack_output_is_read_from_here_another_region_or_another_account() {
        check(
            Expression::get_stack_output("network", "VpcId"),
            r#"{"Fn::GetStackOutput":{"StackName":"network","OutputName":"VpcId"}}"#,
        );
        check(
            Expression::get_stack_output_in("network", "VpcId", "eu-west-1"),
            r#"{"Fn::GetStackOutput":{"StackName":"network","OutputName":"VpcId","Region":"eu-west-1"}}"#,
        );
        check(
            Expression::get_stack_output_as("network", "VpcId", Expression::region(), "arn:aws:iam::1:role/r"),
            concat!(
                r#"{"Fn::GetStackOutput":{"StackName":"network","OutputName":"VpcId","#,
                r#""Region":{"Ref":"AWS::Region"},"RoleArn":"arn:aws:iam::1:role/r"}}"#
            ),
        );
    }

    #[test]
    fn a_loop_is_an_entry() {
        let output = Map::from_iter([(Text::Borrowed("Topic${Name}"), Value::single("Type", "AWS::SNS::Topic"))]);
        let (key, value) = Expression::for_each("Topics", "Name", ["A", "B"], output);
        assert_eq!(key, "Fn::ForEach::Topics");
        assert_eq!(to_json_compact(&value), r#"["Name",["A","B"],{"Topic${Name}":{"Type":"AWS::SNS::Topic"}}]"#);
    }
}
