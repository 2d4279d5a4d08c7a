//! A template in which resources have other logical ids, and nothing else differs.

use std::collections::BTreeMap;

use stackgen_template::{Function, Intrinsic, Map, Section, SubPart, SubText, Template, Text, Value};

/// New logical ids by old ones.
pub(super) type Renames = BTreeMap<String, String>;

/// The template with its resources called by their new ids, wherever they are named.
pub(super) fn renamed(template: &Template, renames: &Renames) -> Template {
    let mut copy = template.clone();
    if let Some(resources) = copy.section_mut(Section::Resources) {
        let entries = resources.iter().map(|(id, resource)| {
            let id = renames.get(id).map_or(id, String::as_str);
            (Text::Owned(id.to_owned()), of_resource(resource, renames))
        });
        *resources = entries.collect();
    }
    if let Some(outputs) = copy.section_mut(Section::Outputs) {
        outputs.iter_mut().for_each(|(_, output)| *output = of_value(output, renames));
    }
    copy
}

fn of_resource(resource: &Value, renames: &Renames) -> Value {
    let Value::Map(map) = resource else { return resource.clone() };
    let entries = map.iter().map(|(key, value)| {
        let value = match (key, value) {
            ("DependsOn", Value::String(name)) => new_name(name, renames).into(),
            ("DependsOn", Value::List(names)) => {
                let names = names.iter().map(|name| match name.as_str() {
                    Some(name) => new_name(name, renames).into(),
                    None => name.clone(),
                });
                Value::List(names.collect())
            }
            _ => of_value(value, renames),
        };
        (Text::Owned(key.to_owned()), value)
    });
    entries.collect::<Map>().into()
}

fn new_name(name: &str, renames: &Renames) -> String {
    renames.get(name).cloned().unwrap_or_else(|| name.to_owned())
}

fn of_value(value: &Value, renames: &Renames) -> Value {
    match value {
        Value::List(items) => Value::List(items.iter().map(|item| of_value(item, renames)).collect()),
        Value::Map(map) => match Intrinsic::of(value) {
            Some(call) => Value::single(call.key.to_owned(), of_argument(call, renames)),
            None => {
                let entries = map.iter().map(|(key, value)| (Text::Owned(key.to_owned()), of_value(value, renames)));
                entries.collect::<Map>().into()
            }
        },
        other => other.clone(),
    }
}

fn of_argument(call: Intrinsic<'_>, renames: &Renames) -> Value {
    match (call.function, call.argument) {
        (Function::Ref, Value::String(name)) => new_name(name, renames).into(),
        (Function::GetAtt, Value::String(path)) => match path.split_once('.') {
            Some((id, attribute)) => format!("{}.{attribute}", new_name(id, renames)).into(),
            None => call.argument.clone(),
        },
        (Function::GetAtt, Value::List(parts)) => {
            let mut parts: Vec<Value> = parts.iter().map(|part| of_value(part, renames)).collect();
            if let Some(Value::String(id)) = parts.first().cloned() {
                parts[0] = new_name(&id, renames).into();
            }
            parts.into()
        }
        (Function::Sub, Value::String(text)) => of_text(text, None, renames).into(),
        (Function::Sub, Value::List(parts)) => match parts.as_slice() {
            [Value::String(text), Value::Map(own)] => {
                let variables = of_value(&own.clone().into(), renames);
                vec![of_text(text, Some(own), renames).into(), variables].into()
            }
            _ => call.argument.clone(),
        },
        (_, argument) => of_value(argument, renames),
    }
}

/// The text of `Fn::Sub`, whose `own` variables hide what else is called so.
fn of_text(text: &str, own: Option<&Map>, renames: &Renames) -> String {
    let parts = SubText::new(text).parts().map(|part| match part {
        SubPart::Text(text) | SubPart::Unclosed(text) => text.to_owned(),
        SubPart::Escaped(name) => format!("${{!{name}}}"),
        SubPart::Variable(variable) if own.is_some_and(|own| own.contains_key(variable.name)) => {
            format!("${{{}}}", variable.name)
        }
        SubPart::Variable(variable) => match variable.split() {
            (id, Some(attribute)) => format!("${{{}.{attribute}}}", new_name(id, renames)),
            (name, None) => format!("${{{}}}", new_name(name, renames)),
        },
    });
    parts.collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
mod tests {
    use stackgen_template::{Document, read_json};

    use super::*;

    fn template(text: &str) -> Template {
        read_json(text).and_then(Document::into_template).unwrap().0
    }

    #[test]
    fn resources_are_called_by_their_new_ids_wherever_they_are_named() {
        let text = |id: &str| {
            r#"{
  "Parameters": {"Old1": {"Type": "String"}},
  "Resources": {
    "@": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "Old"}},
    "Other": {
      "Type": "AWS::SNS::Topic",
      "DependsOn": ["@", "Third"],
      "Properties": {
        "A": {"Ref": "@"},
        "B": {"Fn::GetAtt": ["@", "Arn"]},
        "C": {"Fn::GetAtt": "@.Arn"},
        "D": {"Fn::Sub": "${@}-${@.Arn}-${!Old}-${Old1}-Old"},
        "E": {"Fn::Sub": ["${Own}-${@}", {"Own": {"Ref": "@"}}]},
        "F": {"Fn::Sub": ["${Old}", {"Old": "its own"}]},
        "G": {"Fn::If": ["Old", {"Ref": "@"}, {"Fn::Join": ["", [{"Ref": "@"}, "Old"]]}]},
        "H": {"Old": "a key"}
      }
    },
    "Third": {"Type": "AWS::SNS::Topic", "DependsOn": "@"}
  },
  "Outputs": {"Old": {"Value": {"Fn::GetAtt": ["@", "Arn"]}, "Export": {"Name": "Old"}}}
}"#
            .replace('@', id)
        };
        let renames = Renames::from([("Old".to_owned(), "New".to_owned())]);
        assert_eq!(renamed(&template(&text("Old")), &renames).to_json(), template(&text("New")).to_json());
    }
}
