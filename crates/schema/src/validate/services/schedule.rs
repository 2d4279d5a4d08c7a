//! Schedule expressions in templates.

use stackgen_template::{Map, Trail, Value};

use super::values::cases;
use crate::schedule::{Dialect, check_schedule};
use crate::{Code, Finding};

pub(super) fn check(type_name: &str, properties: &Map, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let mut expression = |value: Option<&Value>, trail: &Trail<'_>, dialect: Dialect| {
        let Some(value) = value else { return };
        cases(value, trail, &mut |value, trail| {
            let Some(text) = value.as_str() else { return };
            if let Err(error) = check_schedule(text, dialect) {
                let finding = Finding::new(Code::Schedule, trail.to_path(), error.to_string());
                findings.push(finding.hint(error.hint()));
            }
        });
    };
    match type_name {
        "AWS::Events::Rule" => {
            expression(properties.get("ScheduleExpression"), &trail.key("ScheduleExpression"), Dialect::Rule);
        }
        "AWS::Scheduler::Schedule" => {
            expression(properties.get("ScheduleExpression"), &trail.key("ScheduleExpression"), Dialect::Scheduler);
        }
        "AWS::Glue::Trigger" => expression(properties.get("Schedule"), &trail.key("Schedule"), Dialect::Cron),
        _ => {
            let actions = trail.key("ScheduledActions");
            let list = properties.get("ScheduledActions").and_then(Value::as_list).unwrap_or_default();
            for (index, action) in list.iter().enumerate() {
                let trail = actions.index(index);
                expression(action.get("Schedule"), &trail.key("Schedule"), Dialect::Scheduler);
            }
        }
    }
}
