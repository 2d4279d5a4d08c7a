//! Keys of feeds: where they are read from, and where they must not be.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::world::{Behaviour, KEY, STACK, VEHICLES, WORLD};

#[test]
fn a_key_that_was_replaced_is_read_again() {
    let world = &*WORLD;
    let rotate = |key: &str| {
        let arguments = json!({"SecretId": "bus-observatory/rotated", "SecretString": key});
        world.deployment.call("secretsmanager", "put_secret_value", arguments);
    };
    assert_eq!(world.grab("rotated").payload["rows"], VEHICLES);
    let newer = format!("{KEY}-2");
    world.set("rotated", Behaviour { key: Some(newer.clone()), ..Behaviour::default() });
    let refused = world.grab("rotated");
    let message = refused.payload["errorMessage"].as_str().unwrap();
    assert!(refused.is_error && message.contains("status 401"), "{message}");
    assert_eq!(world.requests("rotated"), 3, "one with each of both readings");
    // A line break at its end, as files have.
    rotate(&format!("{newer}\n"));
    assert!(!world.grab("rotated").is_error);
    assert_eq!(world.requests("rotated"), if is_warm() { 5 } else { 4 });
}

/// Whether the last invocation had the key of the one before.
fn is_warm() -> bool {
    WORLD.requests("rotated") == 5
}

#[test]
fn no_key_is_told() {
    let world = &*WORLD;
    let deployment = &world.deployment;
    let grabbed = ["down", "keyless", "faulty_siri"].map(|id| world.grab(id).payload.to_string());
    let mut told: Vec<(String, String)> = grabbed.into_iter().map(|text| ("an answer".to_owned(), text)).collect();
    for (name, function) in deployment.functions(STACK) {
        told.push((format!("the log of {name}"), deployment.logs(&function).join("\n")));
        let arguments = json!({"FunctionName": function});
        let configuration = deployment.call("lambda", "get_function_configuration", arguments);
        told.push((format!("the configuration of {name}"), configuration.to_string()));
    }
    let template = deployment.call("cloudformation", "get_template", json!({"StackName": STACK}));
    told.push(("the template".to_owned(), template.to_string()));
    for feed in &world.feeds {
        let event = world.event(&feed.system_id, jiff::Timestamp::now());
        told.push(("an event".to_owned(), event.to_string()));
    }
    let path = json!({"Path": format!("/{STACK}/feeds"), "Recursive": true});
    told.push(("the parameters".to_owned(), deployment.call("ssm", "get_parameters_by_path", path).to_string()));
    for path in ["/", "/feeds", "/openapi.json", "/sf_muni/schema", "/buses/live/sf_muni"] {
        told.push((path.to_owned(), world.get(path).text()));
    }
    files(&deployment.server.folder.join("assembly"), &mut told);
    assert!(told.iter().any(|(place, text)| place.contains("the log of") && text.contains("FetchFailed")));
    assert!(told.len() > 40, "{}", told.len());
    let escaped = "PL4NTED%2Fkey";
    for (place, text) in &told {
        assert!(!text.contains("PL4NTED") && !text.contains(escaped), "{place} tells the key");
        assert!(!text.contains(KEY), "{place} tells the key");
    }
}

fn files(folder: &Path, told: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, told);
        } else {
            let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            told.push((path.display().to_string(), content));
        }
    }
}
