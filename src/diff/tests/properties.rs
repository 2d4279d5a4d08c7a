//! What holds for every template.

use proptest::prelude::*;
use stackgen_template::{Map, Path, Segment, Template, Value};

use super::super::render::{MarkdownOptions, TextOptions, json, markdown, text};
use super::super::{Changes, StackTemplate, diff};

/// Any value that a template may hold, with what looks like functions and policies among it.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z0-9 ${}\\[\"*:]{0,12}".prop_map(Value::from),
        Just(Value::Null),
        Just(Value::from("{\"a\": [1, {\"b\": \"${x}\"}]}")),
        Just(Value::from("one\ntwo\n`three`")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![
            "[A-Za-z]{1,6}",
            Just("Ref".to_owned()),
            Just("Fn::GetAtt".to_owned()),
            Just("Fn::Sub".to_owned()),
            Just("Fn::Join".to_owned()),
            Just("Fn::If".to_owned()),
            Just("Statement".to_owned()),
            Just("Effect".to_owned()),
            Just("Action".to_owned()),
            Just("Key".to_owned()),
            Just("Tags".to_owned()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(key, inner, 0..5).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect::<Map>()
                .into()),
        ]
    })
}

fn template() -> impl Strategy<Value = Template> {
    let type_name = prop_oneof![
        Just("AWS::S3::Bucket"),
        Just("AWS::IAM::Role"),
        Just("AWS::IAM::Policy"),
        Just("AWS::Lambda::Permission"),
        Just("AWS::EC2::SecurityGroup"),
        Just("Custom::Any"),
        Just("Not::A::Type"),
    ];
    let resource = (type_name, value())
        .prop_map(|(type_name, properties)| Map::from([("Type", Value::from(type_name)), ("Properties", properties)]));
    let resources = prop::collection::btree_map("[A-C]", resource, 0..4);
    let sections =
        prop::collection::btree_map(prop_oneof![Just("Outputs"), Just("Parameters"), Just("Mappings")], value(), 0..3);
    (resources, sections).prop_map(|(resources, sections)| {
        let resources: Map = resources.into_iter().map(|(id, body)| (id.into(), body.into())).collect();
        let mut root = Map::new();
        root.push("Resources", resources);
        for (name, value) in sections {
            root.push(name, value);
        }
        Template::from(root)
    })
}

fn between(before: &Template, after: &Template) -> Changes {
    diff(&[StackTemplate::new("s", before.clone())], &[StackTemplate::new("s", after.clone())])
}

/// Plain properties, without functions, documents or anything else in which two values mean the same.
fn plain() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![(0..1000i32).prop_map(Value::from), "[a-z]{1,8}".prop_map(Value::from)];
    let tree = leaf.prop_recursive(3, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..5).prop_map(Value::List),
            prop::collection::btree_map("[a-z]{2,6}", inner, 1..5).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect::<Map>()
                .into()),
        ]
    });
    prop::collection::btree_map("[A-Z][a-z]{2,5}", tree, 1..5)
        .prop_map(|map| map.into_iter().map(|(key, value)| (key.into(), value)).collect::<Map>().into())
}

/// The paths of all scalars.
fn scalars(value: &Value, path: &Path, found: &mut Vec<Path>) {
    match value {
        Value::Map(map) => map.iter().for_each(|(key, value)| scalars(value, &path.clone().key(key.to_owned()), found)),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(index, value)| scalars(value, &path.clone().index(index), found));
        }
        _ => found.push(path.clone()),
    }
}

fn with_properties(properties: &Value) -> Template {
    let body = Map::from([("Type", Value::from("Not::A::Type")), ("Properties", properties.clone())]);
    Template::from(Map::from([("Resources", Value::single("It", body))]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_template_is_equal_to_itself(template in template()) {
        let changes = between(&template, &template);
        prop_assert!(changes.is_empty(), "{changes:#?}");
    }

    #[test]
    fn the_order_of_keys_means_nothing(template in template()) {
        let mut sorted = Value::from(template.clone());
        reverse(&mut sorted);
        let Value::Map(root) = sorted else { unreachable!() };
        let changes = between(&template, &Template::from(root));
        prop_assert!(changes.is_empty(), "{changes:#?}");
    }

    #[test]
    fn nothing_panics_and_everything_can_be_shown(before in template(), after in template(), width in 0..200usize, limit in 0..5000usize) {
        let changes = between(&before, &after);
        for color in [false, true] {
            text(&changes, &TextOptions { color, width, context: 1 });
        }
        let page = markdown(&changes, &MarkdownOptions { limit, ..MarkdownOptions::default() });
        prop_assert!(page.len() <= limit.max(300), "{} of {limit}", page.len());
        prop_assert!(stackgen_template::read_json(&json(&changes)).is_ok());
    }

    #[test]
    fn one_edit_is_told_once(properties in plain(), choice in any::<prop::sample::Index>()) {
        let mut paths = Vec::new();
        scalars(&properties, &Path::root(), &mut paths);
        let path = choice.get(&paths);
        let mut edited = properties.clone();
        *edited.at_mut(path).unwrap() = Value::from("EDITED");
        let changes = between(&with_properties(&properties), &with_properties(&edited));
        let [resource] = &*changes.stacks[0].resources else { panic!("{changes:#?}") };
        let [change] = &*resource.properties else { panic!("{changes:#?}") };
        let expected: Path = std::iter::once(Segment::from("Properties")).chain(path.segments().iter().cloned()).collect();
        prop_assert_eq!(&change.path, &expected);
        prop_assert_eq!(change.after.as_ref(), Some(&Value::from("EDITED")));
    }

    #[test]
    fn one_insertion_is_told_once(items in prop::collection::vec(0..20i32, 0..12), at in any::<prop::sample::Index>()) {
        let mut longer = items.clone();
        longer.insert(at.index(items.len() + 1), -1);
        let of = |items: &[i32]| with_properties(&Value::single("List", items.to_vec()));
        let added = between(&of(&items), &of(&longer));
        prop_assert_eq!(added.stacks[0].resources[0].properties.len(), 1);
        let removed = between(&of(&longer), &of(&items));
        prop_assert_eq!(removed.stacks[0].resources[0].properties.len(), 1);
    }
}

fn reverse(value: &mut Value) {
    match value {
        Value::List(items) => items.iter_mut().for_each(reverse),
        Value::Map(map) => {
            let entries: Vec<_> = std::mem::take(map).into_iter().collect();
            *map = entries.into_iter().rev().collect();
            map.iter_mut().for_each(|(_, value)| reverse(value));
        }
        _ => {}
    }
}
