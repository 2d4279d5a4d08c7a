//! The older side of a comparison.

use std::collections::BTreeMap;

use crate::diff::{Changes, Notice, StackTemplate, diff};

/// The older side: stacks as they are deployed, or as they were written.
#[derive(Default)]
pub(super) struct Before {
    /// The stacks with their templates.
    pub(super) templates: Vec<StackTemplate>,
    /// What is to be told of each stack, whatever differs.
    pub(super) notices: BTreeMap<String, Vec<Notice>>,
}

impl Before {
    /// What differs between it and `after`.
    pub(super) fn compare(mut self, after: &[StackTemplate]) -> Changes {
        let mut changes = diff(&self.templates, after);
        for stack in &mut changes.stacks {
            stack.notices.extend(self.notices.remove(&stack.name).unwrap_or_default());
            stack.notices.sort_by_key(|notice| notice.gravity);
        }
        changes
    }
}
