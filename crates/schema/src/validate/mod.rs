//! The validation of templates.

mod app;
mod arguments;
mod circles;
mod context;
mod document;
mod engine;
mod intrinsics;
mod limits;
mod nulls;
mod references;
mod resources;
mod sections;
mod services;
mod suppressed;
mod walk;
mod worlds;

use stackgen_template::{Map, Path, Segment, Template, Value};

use crate::{Finding, Options};
use context::Context;

pub use app::validate_app;

/// The outcome of a validation.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was found, in the order of the template.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, each with the reason that its suppression gives.
    pub suppressed: Vec<(Finding, String)>,
}

/// Checks a template. What its suppressions and those of `options` accept is left out; [`report`] tells it, too.
///
/// ```
/// use stackgen_schema::{Code, Options, validate};
/// use stackgen_template::{Resource, Template};
///
/// let mut template = Template::new();
/// template.insert_resource("Queue", Resource::new("AWS::SQS::Queue").property("VisibilityTimeuot", 30));
/// let findings = validate(&template, &Options::new());
/// assert_eq!(findings[0].code, Code::UnknownProperty);
/// assert_eq!(findings[0].path.to_string(), "Resources/Queue/Properties/VisibilityTimeuot");
/// assert_eq!(findings[0].hint.as_deref(), Some("did you mean `VisibilityTimeout`?"));
/// ```
pub fn validate(template: &Template, options: &Options) -> Vec<Finding> {
    report(template, options).findings
}

/// Checks a template, and tells what suppressions accept, too.
pub fn report(template: &Template, options: &Options) -> Report {
    let context = Context::new(template, options);
    let mut findings = Vec::new();
    document::check(&context, &mut findings);
    limits::check(&context, &mut findings);
    sections::check(&context, &mut findings);
    resources::check(&context, &mut findings);
    let uses = intrinsics::check(&context, &mut findings);
    references::check(&context, &uses, &mut findings);
    services::check(&context, &mut findings);
    nulls::check(&context, &mut findings);
    findings.sort_by_cached_key(|finding| position(context.root, &finding.path));
    suppressed::sort_out(&context, findings)
}

/// Where in the template a path leads: the number of each step among its neighbours. What is missing comes first.
fn position(root: &Map, path: &Path) -> Vec<usize> {
    let mut steps = Vec::with_capacity(path.segments().len());
    let mut map = Some(root);
    let mut value: Option<&Value> = None;
    for segment in path.segments() {
        let (step, inner) = match segment {
            Segment::Key(key) => {
                let found = map.and_then(|map| map.iter().enumerate().find(|(_, (name, _))| *name == key.as_ref()));
                (found.map(|(number, _)| number), found.map(|(_, (_, value))| value))
            }
            Segment::Index(index) => (Some(*index), value.and_then(Value::as_list).and_then(|items| items.get(*index))),
        };
        steps.push(step.map_or(0, |number| number + 1));
        value = inner;
        map = inner.and_then(Value::as_map);
    }
    steps
}
