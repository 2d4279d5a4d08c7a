//! Events as JSON, for programs: one object an event, of the form that `events.schema.json` describes.

use std::time::Duration;

use stackgen_template::{Map, Value};

use super::{Event, EventKind, ResourceEvent};

/// The JSON schema of an event.
pub const EVENT_JSON_SCHEMA: &str = include_str!("events.schema.json");

impl Event {
    /// The event as JSON, of the form that [`EVENT_JSON_SCHEMA`] describes.
    pub fn to_json(&self) -> Value {
        let mut map = Map::from([("stack", self.stack.clone())]);
        let mut kind = |name: &'static str| map.push("event", name);
        match &self.kind {
            EventKind::Started => kind("started"),
            EventKind::Following { status, by } => {
                kind("following");
                map.push("status", status.clone());
                map.push("by", by.clone().map_or(Value::Null, Value::from));
            }
            EventKind::Recovering { status, action } => {
                kind("recovering");
                map.push("status", status.clone());
                map.push("action", *action);
            }
            EventKind::Renaming { resources } => {
                kind("renaming");
                map.push("resources", number(*resources));
            }
            EventKind::Planned { change_set, changes } => {
                kind("planned");
                map.push("changeSet", change_set.clone());
                map.push("changes", number(*changes));
            }
            EventKind::Executing { changes } => {
                kind("executing");
                map.push("changes", number(*changes));
            }
            EventKind::Resource(resource) => {
                kind("resource");
                for (key, value) in of_resource(resource) {
                    map.push(key, value);
                }
            }
            EventKind::Finished { outcome, duration } => {
                kind("finished");
                map.push("outcome", outcome.as_str());
                map.push("milliseconds", milliseconds(duration));
            }
            EventKind::Failed { duration } => {
                kind("failed");
                map.push("milliseconds", milliseconds(duration));
            }
            EventKind::Skipped { because_of } => {
                kind("skipped");
                map.push("becauseOf", because_of.clone());
            }
        }
        map.into()
    }
}

fn milliseconds(duration: &Duration) -> Value {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).into()
}

fn number(number: usize) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

fn of_resource(event: &ResourceEvent) -> Map {
    let optional = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    Map::from([
        ("time", Value::from(i64::try_from(event.milliseconds()).unwrap_or(i64::MAX))),
        ("logicalId", event.logical_id.clone().into()),
        ("physicalId", optional(&event.physical_id)),
        ("type", event.type_name.clone().into()),
        ("isStack", event.is_stack.into()),
        ("status", event.status.clone().into()),
        ("reason", optional(&event.reason)),
        ("by", event.operator().map_or(Value::Null, Value::from)),
    ])
}

#[cfg(test)]
#[path = "../../tests/json_schema/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
mod json_schema;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step of a test is a failed test")]
mod tests {
    use std::time::SystemTime;

    use stackgen_template::read_json;

    use super::super::Outcome;
    use super::json_schema::faults;
    use super::*;

    /// An event of the kind after `kind`; none after the last one.
    fn next(kind: Option<&EventKind>) -> Option<EventKind> {
        let resource = ResourceEvent {
            id: "1".to_owned(),
            logical_id: "Jobs".to_owned(),
            physical_id: None,
            type_name: "AWS::SQS::Queue".to_owned(),
            status: "CREATE_FAILED".to_owned(),
            reason: Some("it is there".to_owned()),
            time: SystemTime::UNIX_EPOCH,
            token: None,
            is_stack: false,
        };
        let duration = Duration::from_millis(3);
        // A new kind does not compile until it has its place here.
        Some(match kind {
            None => EventKind::Started,
            Some(EventKind::Started) => {
                EventKind::Following { status: "UPDATE_IN_PROGRESS".to_owned(), by: Some("a on b".to_owned()) }
            }
            Some(EventKind::Following { .. }) => {
                EventKind::Recovering { status: "ROLLBACK_COMPLETE".to_owned(), action: "it is deleted" }
            }
            Some(EventKind::Recovering { .. }) => EventKind::Renaming { resources: 2 },
            Some(EventKind::Renaming { .. }) => EventKind::Planned { change_set: "set".to_owned(), changes: 1 },
            Some(EventKind::Planned { .. }) => EventKind::Executing { changes: 1 },
            Some(EventKind::Executing { .. }) => EventKind::Resource(resource),
            Some(EventKind::Resource(_)) => EventKind::Finished { outcome: Outcome::Created, duration },
            Some(EventKind::Finished { .. }) => EventKind::Failed { duration },
            Some(EventKind::Failed { .. }) => EventKind::Skipped { because_of: "data".to_owned() },
            Some(EventKind::Skipped { .. }) => return None,
        })
    }

    #[test]
    fn events_of_all_kinds_are_of_the_form_of_the_schema() {
        let schema = read_json(EVENT_JSON_SCHEMA).unwrap().value;
        let mut kind = next(None);
        let mut number = 0;
        while let Some(of) = kind {
            let event = Event { stack: "shop".to_owned(), kind: of };
            let json = event.to_json();
            assert_eq!(faults(&schema, &json), Vec::<String>::new(), "{json:?}");
            number += 1;
            kind = next(Some(&event.kind));
        }
        let forms = schema.get("anyOf").and_then(Value::as_list).unwrap();
        assert_eq!(forms.len(), number, "every form of the schema is that of a kind");
        assert!(!faults(&schema, &Map::from([("stack", "shop"), ("event", "unheard")]).into()).is_empty());
    }
}
