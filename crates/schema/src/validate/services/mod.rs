//! Rules of single services, which no schema states.

mod function_code;
mod messaging;
mod policy;
mod runtime;
mod schedule;
mod state_machine;
mod states;
mod table;
mod values;

use stackgen_template::Trail;

use super::context::Context;
use crate::Finding;

pub(super) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let root = Trail::root();
    let section = root.key("Resources");
    for resource in &context.resources {
        let Some(properties) = resource.properties else { continue };
        let entry = section.key(resource.logical_id);
        let trail = entry.key("Properties");
        policy::check(resource.type_name, properties, &trail, findings);
        match resource.type_name {
            "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => table::check(properties, &trail, findings),
            "AWS::Events::Rule"
            | "AWS::Scheduler::Schedule"
            | "AWS::Glue::Trigger"
            | "AWS::ApplicationAutoScaling::ScalableTarget" => {
                schedule::check(resource.type_name, properties, &trail, findings);
            }
            "AWS::SQS::Queue" => messaging::queue(context, properties, &trail, findings),
            "AWS::SNS::Topic" => messaging::topic(properties, &trail, findings),
            "AWS::Lambda::EventSourceMapping" => messaging::event_source(context, resource, &trail, findings),
            "AWS::Lambda::Function" => {
                runtime::check(properties, &trail, findings);
                function_code::check(properties, &trail, findings);
            }
            "AWS::Serverless::Function" => runtime::check(properties, &trail, findings),
            "AWS::StepFunctions::StateMachine" => state_machine::check(properties, &trail, findings),
            _ => {}
        }
    }
}
