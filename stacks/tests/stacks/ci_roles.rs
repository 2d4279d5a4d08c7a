//! ci-roles.

use std::collections::BTreeSet;

use stackgen::core::App;
use stackgen::template::Value;
use stackgen_app::ci_roles::{STACK, STACKS, ci_roles};

use crate::synthesized::{Questions, app, one_or_many, root, statements, synthesized, text};

fn roles() -> Questions {
    synthesized(ci_roles)
}

/// The statements of the policies of a role, in all of their documents.
fn of_role(role: &str) -> Vec<&'static Value> {
    let is_of_role = |policy: &stackgen::template::Map| text(policy.get("Roles").unwrap()) == format!("[${{{role}}}]");
    let questions = roles();
    let policies = questions.of_type("AWS::IAM::Policy").chain(questions.of_type("AWS::IAM::ManagedPolicy"));
    let policies = policies.filter(|(_, policy)| is_of_role(policy));
    policies.flat_map(|(_, policy)| statements(policy.get("PolicyDocument").unwrap())).collect()
}

fn actions(statement: &Value) -> Vec<String> {
    one_or_many(statement.get("Action").unwrap()).iter().map(text).collect()
}

#[test]
fn the_template() {
    insta::assert_snapshot!(roles().json());
}

/// IAM attaches ten managed policies to a role, unless a quota says otherwise.
#[test]
fn the_policies_fit_a_role() {
    assert!(roles().of_type("AWS::IAM::ManagedPolicy").count() <= 10);
}

#[test]
fn it_is_only_added_when_asked_for() {
    assert!(app().stack(STACK).is_none());
    let mut with_roles = App::new().with_root(root());
    with_roles.set_context("ci", "true");
    stackgen_app::app(&mut with_roles);
    let synthesis = with_roles.synthesize();
    assert!(synthesis.problems.is_empty(), "{:?}", synthesis.problems);
    assert!(synthesis.stack(STACK).is_some());
}

#[test]
fn the_roles_are_for_every_other_stack() {
    let names: BTreeSet<_> = app().stacks.iter().map(|stack| stack.name.as_str()).collect();
    assert_eq!(names, STACKS.into());
}

#[test]
fn only_jobs_of_the_one_repository_take_on_the_roles() {
    let expected = [
        ("DiffRole", "repo:${organization}/${repository}:pull_request"),
        ("DeployRole", "repo:${organization}/${repository}:environment:production"),
    ];
    for (role, subject) in expected {
        let questions = roles();
        let trust = statements(questions.value(role, "AssumeRolePolicyDocument"));
        let [trust] = trust else { panic!("{role} trusts several") };
        assert_eq!(text(trust.get("Action").unwrap()), "sts:AssumeRoleWithWebIdentity");
        assert!(trust.get("Principal").unwrap().get("Federated").is_some());
        let conditions = trust.get("Condition").unwrap().as_map().unwrap();
        assert_eq!(conditions.len(), 1, "nothing but equality: no patterns");
        let equal = conditions.get("StringEquals").unwrap();
        let value = |key: &str| text(equal.get(key).unwrap());
        assert_eq!(value("token.actions.githubusercontent.com:aud"), "sts.amazonaws.com");
        assert_eq!(value("token.actions.githubusercontent.com:sub"), subject);
    }
}

#[test]
fn the_role_of_pull_requests_only_reads() {
    let all: BTreeSet<_> = of_role("DiffRole").into_iter().flat_map(actions).collect();
    let expected = [
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "s3:GetObject",
        "s3:ListBucket",
    ];
    assert_eq!(all, expected.map(str::to_owned).into());
    for statement in of_role("DiffRole") {
        for resource in one_or_many(statement.get("Resource").unwrap()) {
            assert_ne!(text(resource), "*");
        }
    }
}

#[test]
fn no_action_is_a_pattern_and_resources_are_only_changed_by_cloudformation() {
    for statement in of_role("DeployRole") {
        let actions = actions(statement);
        assert!(actions.iter().all(|action| !action.contains('*')), "{actions:?}");
        let condition = statement.get("Condition").map(text).unwrap_or_default();
        let is_through_cloudformation = condition.contains("aws:CalledVia");
        let resources: Vec<_> = one_or_many(statement.get("Resource").unwrap()).iter().map(text).collect();
        match actions[0].split_once(':').unwrap() {
            ("cloudformation", _) => assert!(resources.iter().all(|arn| arn.contains(":stack/")), "{resources:?}"),
            ("iam", "PassRole") => {
                assert!(condition.contains("iam:PassedToService"));
                assert!(resources.iter().all(|arn| arn.contains(":role/")), "{resources:?}");
            }
            ("s3", _) if !is_through_cloudformation => {
                assert!(resources.iter().all(|arn| arn.contains(":::stackgen-assets-")), "{resources:?}");
            }
            _ => assert!(is_through_cloudformation, "{actions:?}"),
        }
    }
}

/// A type that is new to the app needs an access of its own. What a service calls itself in ARNs is mostly its name.
#[test]
fn every_service_of_the_stacks_can_be_deployed() {
    let actions: Vec<_> = of_role("DeployRole").into_iter().flat_map(actions).collect();
    let services: BTreeSet<_> = actions.iter().map(|action| action.split_once(':').unwrap().0).collect();
    for stack in &app().stacks {
        for resource in stack.template.resources() {
            let type_name = resource.type_name().unwrap();
            let Some(service) = type_name.strip_prefix("AWS::") else { continue };
            let service = service.split("::").next().unwrap().to_ascii_lowercase();
            let prefix = match service.as_str() {
                "apigatewayv2" => "apigateway",
                "stepfunctions" => "states",
                other => other,
            };
            assert!(services.contains(prefix), "{type_name}");
        }
    }
}
