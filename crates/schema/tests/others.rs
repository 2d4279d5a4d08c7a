//! Templates that other projects wrote: right ones pass, wrong ones are refused for the right reason.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use stackgen_schema::{Finding, Options, Severity, validate};
use stackgen_template::{Document, read_bytes};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/others").join(name)
}

/// The templates of a folder and of those in it, by name.
fn templates(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(templates(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json" || extension == "yaml" || extension == "yml")
        {
            let source = folder.file_name().unwrap().to_string_lossy();
            found.insert(format!("{source}/{}", path.file_name().unwrap().to_string_lossy()), path);
        }
    }
    found
}

fn findings(path: &Path) -> Vec<Finding> {
    let (template, _) = read_bytes(&fs::read(path).unwrap()).and_then(Document::into_template).unwrap();
    validate(&template, &Options::new())
}

#[test]
fn templates_of_others_are_free_of_errors() {
    let templates = templates(&folder("good"));
    assert!(templates.len() >= 120, "{}", templates.len());
    let mut errors = Vec::new();
    for (name, path) in templates {
        let found = findings(&path);
        let of_file = found.iter().filter(|finding| finding.severity == Severity::Error);
        errors.extend(of_file.map(|finding| format!("{name}: {finding}")));
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn templates_of_others_hold_resources_of_many_types() {
    let mut types = BTreeSet::new();
    for path in templates(&folder("good")).values() {
        let (template, _) = read_bytes(&fs::read(path).unwrap()).and_then(Document::into_template).unwrap();
        types.extend(template.resources().filter_map(|resource| resource.type_name().map(str::to_owned)));
    }
    assert!(types.len() >= 180, "{}", types.len());
}

#[test]
fn mistakes_of_others_are_found() {
    let templates = templates(&folder("bad"));
    let listed: BTreeSet<&str> = MISTAKES.iter().map(|(name, _)| *name).collect();
    let present: BTreeSet<&str> = templates.keys().map(|name| name.trim_start_matches("cfn-lint/")).collect();
    assert_eq!(listed, present);
    for (name, codes) in MISTAKES {
        let found = findings(&templates[&format!("cfn-lint/{name}")]);
        let errors = found.iter().filter(|finding| finding.severity == Severity::Error);
        let found: BTreeSet<&str> = errors.map(|finding| finding.code.as_str()).collect();
        assert_eq!(found, codes.iter().copied().collect(), "{name}");
    }
}

/// The codes of all errors of each template in `bad/cfn-lint`.
const MISTAKES: &[(&str, &[&str])] = &[
    ("conditions.yaml", &["SG1008", "SG1401", "SG1402", "SG2004", "SG3001", "SG3101", "SG3102", "SG3103"]),
    ("conditions-and.yaml", &["SG1003", "SG1008", "SG1401", "SG1404"]),
    ("conditions-equals.yaml", &["SG1003", "SG1008", "SG1401"]),
    ("core-conditions.yaml", &["SG2003", "SG3102", "SG3112", "SG3113", "SG3115"]),
    ("core-conditions_list.yaml", &["SG1002", "SG1003", "SG2009"]),
    ("core-conditions_missing.yaml", &["SG1003", "SG1402"]),
    ("core-directives.yaml", &["SG3001", "SG3101", "SG3104"]),
    ("core-mandatory_checks.yaml", &["SG3001", "SG3101", "SG3104"]),
    ("functions-foreach_no_transform.yaml", &["SG2003", "SG2009"]),
    ("functions-get_stack_output.yaml", &["SG2003"]),
    ("functions-import_value.yaml", &["SG2003"]),
    ("functions-sub_needed.yaml", &["SG3115"]),
    ("functions_base64.yaml", &["SG1302", "SG2003", "SG2007"]),
    ("functions_getaz.yaml", &["SG2002", "SG2007"]),
    ("functions_join.yaml", &["SG2003", "SG3115"]),
    ("functions_ref.yaml", &["SG2001", "SG2007", "SG3113", "SG3115"]),
    ("functions_select.yaml", &["SG2003", "SG3115"]),
    ("generic.yaml", &["SG1001", "SG2001", "SG2002", "SG3002", "SG3101", "SG3102", "SG3103", "SG3112", "SG4001"]),
    ("issues.yaml", &["SG2001"]),
    ("mappings-name.yaml", &["SG1003", "SG1004"]),
    ("mappings-used.yaml", &["SG3115"]),
    ("modules-bad_has_create_policy.yaml", &["SG3007"]),
    ("modules-bad_has_update_policy.yaml", &["SG3007"]),
    ("not_cloudformation.yaml", &["SG1001", "SG1003"]),
    ("override-complete.yaml", &["SG3102", "SG3115"]),
    ("override-include.yaml", &["SG4003"]),
    ("parameters-configuration.yaml", &["SG1008", "SG1201", "SG1202"]),
    ("parameters-default.yaml", &["SG1003", "SG1201", "SG1203"]),
    ("previous_generation_instances.yaml", &["SG3102", "SG3115"]),
    ("properties_ebs.yaml", &["SG3104", "SG3106", "SG3113"]),
    ("properties_rt_association.yaml", &["SG1402"]),
    ("properties_sg_ingress.yaml", &["SG3102", "SG3105", "SG3112", "SG3113", "SG3115"]),
    ("refs.yaml", &["SG2001"]),
    ("resources-codepipeline-stages_second_stage.yaml", &["SG2001", "SG3105"]),
    ("resources-dynamodb-undefined_attribute_definition.yaml", &["SG4201"]),
    ("resources-dynamodb-unused_attribute_definition_1.yaml", &["SG4201"]),
    ("resources-dynamodb-unused_attribute_definition_2.yaml", &["SG4201"]),
    (
        "resources-iam-iam_policy.yaml",
        &["SG1402", "SG3102", "SG3103", "SG3107", "SG3112", "SG4001", "SG4003", "SG4004"],
    ),
    ("resources-iam-resource_policy.yaml", &["SG4001", "SG4003"]),
    ("resources-lambda-function_property_value_limits.yaml", &["SG2001", "SG3008", "SG3105", "SG3107"]),
    ("resources-lambda-required_properties.yaml", &["SG3113"]),
    ("resources-name.yaml", &["SG1004", "SG3115"]),
    ("resources-primary_identifiers.yaml", &["SG3001", "SG3008"]),
    ("resources-properties-atleastone.yaml", &["SG3112", "SG4001"]),
    ("resources-properties-list_duplicates.yaml", &["SG3109"]),
    ("resources-properties-primitive_types_map.yaml", &["SG3103"]),
    ("resources-properties-string_size.yaml", &["SG3107", "SG3112"]),
    ("resources-properties-templated_code.yaml", &["SG3103", "SG3105"]),
    ("resources-sns-topic_name.yaml", &["SG3107"]),
    ("resources-uniqueNames.yaml", &["SG1007"]),
    ("resources_circular_dependency.yaml", &["SG2003", "SG2007", "SG3113", "SG3115"]),
    ("resources_circular_dependency_2.yaml", &["SG2007"]),
    ("resources_circular_dependency_dependson.yaml", &["SG2007"]),
    ("resources_cognito_userpool_tag_is_list.yaml", &["SG3103"]),
    ("resources_deletionpolicy.yaml", &["SG3004"]),
    ("resources_iam_instanceprofile_roles.yaml", &["SG3108"]),
    ("resources_updatereplacepolicy.yaml", &["SG3004"]),
    ("route53.yaml", &["SG3113"]),
    ("templates-base.yaml", &["SG1002", "SG1005"]),
    ("templates-base_date.yaml", &["SG1003", "SG1005"]),
    ("templates-base_null.yaml", &["SG1008"]),
    ("transform-no_properties.yaml", &["SG3102"]),
    ("transform_serverless_template.yaml", &["SG3102", "SG4201"]),
];
