//! A small schema of our own, generated and compared byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Model, Overrides, Place, ServiceSpec, import_into, write};

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    fs::read_to_string(path).unwrap()
}

fn crate_schema() -> Value {
    serde_json::from_str(&fixture("acme_depot_crate.json")).unwrap()
}

/// The types that the schema of the fixture refers to.
fn neighbours() -> BTreeMap<String, Value> {
    let named = |identifier: &str, arn: Option<&str>| {
        let mut properties = json!({ identifier: { "type": "string" } });
        let arn = arn.into_iter().inspect(|arn| properties[*arn] = json!({ "type": "string" }));
        let read_only: Vec<String> = arn.map(|arn| format!("/properties/{arn}")).collect();
        json!({
            "properties": properties,
            "readOnlyProperties": read_only,
            "primaryIdentifier": [format!("/properties/{identifier}")],
        })
    };
    BTreeMap::from([
        ("AWS::IAM::Role".to_owned(), named("RoleName", Some("Arn"))),
        ("AWS::KMS::Key".to_owned(), named("KeyId", Some("Arn"))),
        ("AWS::KMS::Alias".to_owned(), named("AliasName", None)),
    ])
}

#[test]
fn the_fixture_is_generated_byte_for_byte() {
    let generated = import_into(&neighbours(), &json!({}), &crate_schema(), "a fixture").unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acme_depot_crate.rs");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(
        generated == fixture("acme_depot_crate.rs"),
        "run the test with UPDATE_FIXTURES=1 and look at the difference"
    );
}

#[test]
fn the_same_sources_give_the_same_text() {
    let text = || import_into(&neighbours(), &json!({}), &crate_schema(), "a fixture").unwrap();
    assert_eq!(text(), text());
}

#[test]
fn a_schema_without_a_type_name_is_an_error() {
    let error = import_into(&neighbours(), &json!({}), &json!({ "properties": {} }), "a fixture").unwrap_err();
    assert_eq!(error.to_string(), "the schema has no `typeName`");
}

#[test]
fn relations_of_the_service_spec_reach_nested_properties() {
    let schemas = BTreeMap::from([
        ("AWS::IAM::Role".to_owned(), neighbours().remove("AWS::IAM::Role").unwrap()),
        (
            "AWS::X::Y".to_owned(),
            json!({
                "properties": { "Parts": { "type": "array", "items": { "$ref": "#/definitions/Part" } } },
                "definitions": { "Part": { "type": "object", "properties": { "Role": { "type": "string" } } } },
            }),
        ),
    ]);
    let database = json!({ "schema": {
        "resource": { "entities": [{
            "cloudFormationType": "AWS::X::Y",
            "properties": { "Parts": { "type": { "type": "array", "element": { "type": "ref", "reference": { "$ref": "7" } } } } },
            "attributes": { "LegacyName": { "type": { "type": "string" } } },
        }] },
        "typeDefinition": { "entities": [{
            "$id": "7",
            "properties": { "Role": { "relationshipRefs": [{ "cloudFormationType": "AWS::IAM::Role", "propertyName": "Arn" }] } },
        }] },
    } });
    let overrides = Overrides::read().unwrap();
    let model = Model::build(&schemas, &ServiceSpec::new(&database), &overrides);
    let place = Place { runtime: "crate", kinds: model.kinds(&overrides), sources: "a test", attributes: "" };
    let text = write::namespace(&place, "AWS::X", &[model.resource("AWS::X::Y").unwrap()]);
    assert!(text.contains("role \"Role\" Arn<kind::iam::Role>;"), "{text}");
    assert!(text.contains("legacy_name \"LegacyName\" Attribute;"), "{text}");
}

#[test]
fn no_override_is_unreadable() {
    assert!(Overrides::read().is_ok());
}
