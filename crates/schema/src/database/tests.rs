use std::collections::BTreeSet;

use stackgen_template::Segment;

use super::*;

fn resource_type(name: &str) -> ResourceType {
    Database::get().resource_type(name).unwrap()
}

fn path(text: &str) -> Vec<Segment> {
    text.split('/').map(|step| step.parse().map_or_else(|_| step.to_owned().into(), Segment::Index)).collect()
}

#[test]
fn every_type_can_be_read_whole() {
    let mut nodes = BTreeSet::new();
    let mut types = 0;
    for resource_type in Database::get().resource_types() {
        types += 1;
        assert!(!resource_type.name().is_empty());
        let rules = resource_type.rules().map(|rule| rule.node);
        let mut open: Vec<Node> = rules.chain([resource_type.root()]).collect();
        while let Some(node) = open.pop() {
            if !nodes.insert(format!("{node:?}")) {
                continue;
            }
            for constraint in node.constraints() {
                use node::Constraint as C;
                match constraint {
                    C::Object(object) => {
                        open.extend(object.properties().map(|(_, node)| node));
                        if let node::Others::Node(node) = object.others {
                            open.push(node);
                        }
                    }
                    C::Items(node) | C::Not(node) | C::Contains(node) | C::PropertyNames(node) | C::Recurse(node) => {
                        open.push(node);
                    }
                    C::OneOf(nodes) | C::AnyOf(nodes) | C::AllOf(nodes) => open.extend(nodes.iter()),
                    C::If { test, then, otherwise } => open.extend([test, then, otherwise]),
                    C::Enum(values) => assert!(values.iter().count() > 0),
                    _ => {}
                }
            }
        }
    }
    assert!(types >= 1898, "{types}");
    assert!(nodes.len() > 15_000, "{}", nodes.len());
}

#[test]
fn every_pattern_compiles() {
    for number in 0..Database::get().pattern_count() {
        let text = Database::get().pattern(number);
        assert!(regex_lite::Regex::new(text).is_ok(), "{text}");
    }
}

#[test]
fn facts_of_well_known_types() {
    let table = resource_type("AWS::DynamoDB::Table");
    assert!(table.is_stateful());
    assert_eq!(table.tag_property(), Some("Tags"));
    assert_eq!(table.required(), ["KeySchema"]);
    assert!(table.attribute("StreamArn").unwrap().kinds().string());
    assert!(table.attribute("Nonsense").is_none());
    assert_eq!(table.primary_identifier().collect::<Vec<_>>(), ["TableName"]);

    let queue = resource_type("AWS::SQS::Queue");
    assert!(queue.attribute("QueueName").is_some(), "a name that only the second source has");
    assert!(queue.read_only().any(|path| path == "Arn"));
    assert_eq!(table.property("BillingMode").unwrap().values(), Some(vec!["PAY_PER_REQUEST", "PROVISIONED"]));

    let stack = resource_type("AWS::CloudFormation::Stack");
    assert!(stack.attribute("Outputs.Anything").is_some());
}

#[test]
fn replacement_follows_paths() {
    let table = resource_type("AWS::DynamoDB::Table");
    assert_eq!(table.replaces(&path("TableName")), Replacement::Always);
    assert_eq!(table.replaces(&path("BillingMode")), Replacement::Never);
    let function = resource_type("AWS::Lambda::Function");
    assert_eq!(function.replaces(&path("FunctionName")), Replacement::Always);
    assert_eq!(function.replaces(&path("Environment/Variables/A")), Replacement::Never);
    let deep = resource_type("AWS::EC2::Instance");
    assert_eq!(deep.replaces(&path("ImageId")), Replacement::Always);
}

#[test]
fn types_differ_by_region() {
    let region = Database::get().region("us-east-1").unwrap();
    assert!(region.has(resource_type("AWS::S3::Bucket")));
    assert!(Database::get().regions().count() >= 40);
    let everywhere = Database::get().resource_types().filter(|t| Database::get().regions().all(|r| r.has(*t))).count();
    assert!(everywhere > 100 && everywhere < 1_500, "{everywhere}");
}

#[test]
fn actions_are_found_in_any_case_and_by_wildcards() {
    let actions = Database::get().actions("s3").unwrap();
    assert_eq!(actions.find("GetObject"), ActionMatch::Found);
    assert_eq!(actions.find("Get*"), ActionMatch::Found);
    assert_eq!(actions.find("GetObjects"), ActionMatch::Nothing);
    assert!(Database::get().actions("s4").is_none());
    assert!(Database::get().services().count() > 300);
    assert!(actions.names().windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn runtimes_have_their_dates() {
    let runtime = Database::get().runtime("python3.7").unwrap();
    assert!(runtime.deprecated().unwrap() < Date::new(2024, 1, 1));
    assert!(runtime.successor().is_some());
    assert_eq!(Date::new(2026, 11, 4).to_string(), "2026-11-04");
}

#[test]
fn shapes_lead_into_properties() {
    let bucket = resource_type("AWS::S3::Bucket").shape();
    let rule = bucket.property("LifecycleConfiguration").unwrap().property("Rules").unwrap().items().unwrap();
    assert!(rule.kinds().object());
    assert!(rule.required().contains(&"Status"));
    assert!(bucket.property("Tags").unwrap().is_unordered());
}
