//! The synthesized app, and questions to its templates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use stackgen::core::{App, Synthesis};
use stackgen::template::{Map, Template, Value};

/// The folder with the workspace's `Cargo.lock`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The app, synthesized once for all tests. Fails on anything that validation finds, warnings too.
pub(crate) fn app() -> &'static Synthesis {
    static APP: OnceLock<Synthesis> = OnceLock::new();
    APP.get_or_init(|| {
        let mut app = App::new().with_root(root());
        stackgen_app::app(&mut app);
        let synthesis = app.synthesize();
        let found: Vec<_> = synthesis.problems.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
        synthesis
    })
}

/// The template of a stack.
pub(crate) fn template(stack: &str) -> Questions {
    let stack = app().stack(stack).unwrap_or_else(|| panic!("there is no stack `{stack}`"));
    Questions(&stack.template)
}

/// The template of the one stack that `build` adds. It is kept for as long as the tests run.
pub(crate) fn synthesized(build: impl FnOnce(&mut App)) -> Questions {
    let mut app = App::new().with_root(root());
    build(&mut app);
    let synthesis: &'static Synthesis = Box::leak(Box::new(app.synthesize()));
    let found: Vec<_> = synthesis.problems.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(synthesis.stacks.len(), 1);
    Questions(&synthesis.stacks[0].template)
}

/// Questions to a template.
#[derive(Clone, Copy)]
pub(crate) struct Questions(&'static Template);

impl Questions {
    /// The template as JSON. Hashes of assets are blotted out: they change with every edit of a handler.
    pub(crate) fn json(self) -> String {
        blot(&self.0.to_json())
    }

    /// The properties of a resource.
    pub(crate) fn properties(self, logical_id: &str) -> &'static Map {
        let resource = self.0.resource(logical_id).unwrap_or_else(|| panic!("there is no resource `{logical_id}`"));
        resource.properties().unwrap_or_else(|| panic!("`{logical_id}` has no properties"))
    }

    /// A value below the properties of a resource: names, and numbers of list items, with dots between them.
    pub(crate) fn value(self, logical_id: &str, path: &str) -> &'static Value {
        let mut names = path.split('.');
        let first = self.properties(logical_id).get(names.next().unwrap());
        let found = names.try_fold(first, |value, name| match value? {
            Value::List(items) => Some(items.get(name.parse::<usize>().ok()?)),
            other => Some(other.get(name)),
        });
        found.flatten().unwrap_or_else(|| panic!("`{logical_id}` has no `{path}`"))
    }

    /// The same as text: see [`text`].
    pub(crate) fn text(self, logical_id: &str, path: &str) -> String {
        text(self.value(logical_id, path))
    }

    /// The logical ids and properties of all resources of a type.
    pub(crate) fn of_type(self, type_name: &'static str) -> impl Iterator<Item = (&'static str, &'static Map)> {
        static NONE: Map = Map::new();
        let resources = self.0.resources().filter(move |resource| resource.type_name() == Some(type_name));
        resources.map(|resource| (resource.logical_id, resource.properties().unwrap_or(&NONE)))
    }

    /// The logical ids of all resources of a type.
    pub(crate) fn ids_of_type(self, type_name: &'static str) -> Vec<&'static str> {
        self.of_type(type_name).map(|(logical_id, _)| logical_id).collect()
    }

    /// The logical ids that a resource waits for.
    pub(crate) fn depends_on(self, logical_id: &str) -> BTreeSet<&'static str> {
        self.0.resource(logical_id).unwrap().depends_on().collect()
    }

    /// The resources that stay when the stack goes.
    pub(crate) fn retained(self) -> Vec<&'static str> {
        let is = |value: Option<&Value>| value.and_then(Value::as_str) == Some("Retain");
        let resources = self.0.resources().filter(|resource| is(resource.deletion_policy()));
        resources
            .inspect(|resource| assert!(is(resource.update_replace_policy()), "{}", resource.logical_id))
            .map(|resource| resource.logical_id)
            .collect()
    }

    /// The condition of a resource.
    pub(crate) fn condition(self, logical_id: &str) -> Option<&'static str> {
        self.0.resource(logical_id).unwrap().condition()
    }

    /// What the stack tells of itself, without exports that only other stacks read: name and value.
    pub(crate) fn outputs(self) -> BTreeMap<&'static str, String> {
        let outputs = self.0.outputs().filter(|output| output.export_name().is_none());
        outputs.map(|output| (output.name, text(output.value().unwrap()))).collect()
    }

    /// The parameters with their defaults.
    pub(crate) fn parameters(self) -> BTreeMap<&'static str, String> {
        self.0.parameters().map(|parameter| (parameter.name, text(parameter.default().unwrap()))).collect()
    }

    /// What a role may do beside writing to its own log: `action on resource`, in order.
    pub(crate) fn grants(self, role: &str) -> BTreeSet<String> {
        let is_of_role = |policy: &Map| text(policy.get("Roles").unwrap()) == format!("[${{{role}}}]");
        let policies = self.of_type("AWS::IAM::Policy").filter(|(_, policy)| is_of_role(policy));
        let statements = policies.flat_map(|(_, policy)| statements(policy.get("PolicyDocument").unwrap()));
        let grants = statements.flat_map(|statement| {
            let pairs = pairs(statement);
            assert_eq!(statement.get("Effect").and_then(Value::as_str), Some("Allow"));
            assert!(statement.get("Condition").is_none(), "a condition is not shown: {statement:?}");
            pairs
        });
        let own_log = ["logs:CreateLogStream on", "logs:PutLogEvents on"];
        grants.filter(|grant| !own_log.iter().any(|start| grant.starts_with(start))).collect()
    }

    /// The outline of the template.
    pub(crate) fn template(self) -> &'static Template {
        self.0
    }
}

/// The statements of a policy document.
pub(crate) fn statements(document: &Value) -> &[Value] {
    document.get("Statement").and_then(Value::as_list).unwrap()
}

/// What a statement speaks of: `action on resource`.
pub(crate) fn pairs(statement: &Value) -> Vec<String> {
    let resources = one_or_many(statement.get("Resource").unwrap());
    let actions = one_or_many(statement.get("Action").unwrap());
    let pairs =
        actions.iter().flat_map(|action| resources.iter().map(move |on| format!("{} on {}", text(action), text(on))));
    pairs.collect()
}

pub(crate) fn one_or_many(value: &Value) -> &[Value] {
    value.as_list().unwrap_or(std::slice::from_ref(value))
}

/// A value as short text: `${Data.Arn}/raw/*` for what joins a reference and a text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => function(map).unwrap_or_else(|| blot(&stackgen::template::to_json_compact(value))),
        Value::Reference(_) => panic!("a finished template has no open references"),
    }
}

fn function(map: &Map) -> Option<String> {
    let (name, argument) = map.first().filter(|_| map.len() == 1)?;
    match (name, argument) {
        ("Ref", name) => Some(format!("${{{}}}", text(name))),
        ("Fn::GetAtt", Value::List(parts)) => {
            Some(format!("${{{}}}", parts.iter().map(text).collect::<Vec<_>>().join(".")))
        }
        ("Fn::Join", Value::List(parts)) => {
            let items = parts[1].as_list()?.iter().map(text).collect::<Vec<_>>();
            Some(items.join(parts[0].as_str()?))
        }
        ("Fn::Sub", template @ Value::String(_)) => Some(text(template)),
        ("Fn::ImportValue", name) => Some(format!("import {}", text(name))),
        _ => None,
    }
}

/// The text with every run of 64 hexadecimal digits made zeros.
fn blot(text: &str) -> String {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let runs = text.as_bytes().chunk_by(|one, other| is_digit(one) == is_digit(other));
    let mut blotted = String::with_capacity(text.len());
    let mut position = 0;
    for run in runs {
        let end = position + run.len();
        if run.len() == 64 && is_digit(&run[0]) {
            blotted.push_str(&"0".repeat(64));
        } else {
            blotted.push_str(&text[position..end]);
        }
        position = end;
    }
    blotted
}
