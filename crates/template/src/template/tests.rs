use super::*;
use crate::{DeletionPolicy, Expression, ParameterType};

fn sample() -> Template {
    let mut template = Template::new();
    template.insert_resource("Bucket", Resource::new("AWS::S3::Bucket").depends_on("Topic"));
    template.insert_parameter("Stage", Parameter::new(ParameterType::STRING));
    template.insert_output("Name", Output::new(Expression::reference("Bucket")).export("name"));
    template.insert_condition("IsProduction", Expression::equals(Expression::reference("Stage"), "production"));
    template.set_description("a sample");
    template.insert_metadata("Owner", "data");
    template.insert_mapping("Sizes", Map::from([("a", Map::from([("b", 1)]))]));
    template.insert_rule("Check", Rule::new(Expression::contains(["a"], Expression::reference("Stage"))));
    template.add_transform("AWS::LanguageExtensions");
    template
}

#[test]
fn sections_stand_in_the_usual_order_however_they_came() {
    let template = sample();
    let keys: Vec<_> = template.root().keys().collect();
    assert_eq!(
        keys,
        [
            "Description",
            "Metadata",
            "Transform",
            "Parameters",
            "Rules",
            "Mappings",
            "Conditions",
            "Resources",
            "Outputs"
        ]
    );
}

#[test]
fn what_was_inserted_is_found() {
    let template = sample();
    assert_eq!(template.description(), Some("a sample"));
    let bucket = template.resource("Bucket").unwrap();
    assert_eq!(bucket.type_name(), Some("AWS::S3::Bucket"));
    assert_eq!(bucket.depends_on().collect::<Vec<_>>(), ["Topic"]);
    assert_eq!(template.output("Name").unwrap().export_name(), Some(&Value::from("name")));
    assert_eq!(template.parameter("Stage").unwrap().type_name(), Some("String"));
    assert!(!template.parameter("Stage").unwrap().is_list());
    assert_eq!(template.conditions().count(), 1);
    assert_eq!(template.rules().count(), 1);
    assert_eq!(template.mappings().count(), 1);
    let path = Path::root().key("Resources").key("Bucket").key("Type");
    assert_eq!(template.at(&path), Some(&Value::from("AWS::S3::Bucket")));
}

#[test]
fn inserting_again_replaces_and_tells() {
    let mut template = sample();
    let before = template.insert_resource("Bucket", Resource::new("AWS::SQS::Queue"));
    assert_eq!(before.unwrap().get("Type"), Some(&Value::from("AWS::S3::Bucket")));
    assert_eq!(template.resources().count(), 1);
}

#[test]
fn transforms_come_as_one_as_many_or_with_parameters() {
    let mut template = sample();
    template.add_transform("AWS::LanguageExtensions");
    assert_eq!(template.root().get("Transform"), Some(&Value::from("AWS::LanguageExtensions")), "one stays one");
    template.add_transform("AWS::Serverless-2016-10-31");
    assert_eq!(template.transforms().collect::<Vec<_>>(), ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]);
    template.root_mut().insert("Transform", Map::from([("Name", "AWS::Include")]));
    assert_eq!(template.transforms().collect::<Vec<_>>(), ["AWS::Include"]);
    template.root_mut().remove("Transform");
    assert_eq!(template.transforms().count(), 0);
}

#[test]
fn a_template_that_is_wrong_everywhere_is_held_and_looked_at() {
    let mut root = Map::new();
    root.push("Description", 5);
    root.push("Resources", Map::from([("A", Value::Null), ("B", Value::single("Type", 1))]));
    root.push("Outputs", Value::from(["a"]));
    root.push("Unheard", true);
    let template = Template::from(root.clone());
    assert_eq!(template.description(), None);
    assert_eq!(template.resources().map(|resource| resource.type_name()).collect::<Vec<_>>(), [None, None]);
    assert_eq!(template.outputs().count(), 0);
    assert_eq!(template.resource("A").unwrap().depends_on().count(), 0);
    assert_eq!(template.into_root(), root);
}

#[test]
fn loops_are_no_resources() {
    let mut template = sample();
    assert!(!template.has_generated_entries(Section::Resources));
    let (key, value) = Expression::for_each("Topics", "Name", ["A"], Map::new());
    template.insert(Section::Resources, key, value);
    assert!(template.has_generated_entries(Section::Resources));
    assert_eq!(template.resources().count(), 1);
    assert!(template.resource("Fn::ForEach::Topics").is_none());
}

#[test]
fn unknown_sections_do_not_disturb_the_order() {
    let mut template = Template::from(Map::from([("Zebra", Map::new()), ("Outputs", Map::new())]));
    template.insert_resource("Bucket", Resource::new("AWS::S3::Bucket").deletion_policy(DeletionPolicy::Retain));
    assert_eq!(template.root().keys().collect::<Vec<_>>(), ["Zebra", "Resources", "Outputs"]);
}
