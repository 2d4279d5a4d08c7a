//! A side of a comparison: a stack and its template.

use std::collections::BTreeMap;

use stackgen_template::Template;

use crate::core::{Move, SynthesizedStack};

/// A stack to compare: its name and template, and what the app says of it.
#[derive(Debug, Clone, Default)]
pub struct StackTemplate {
    /// The name of the stack.
    pub name: String,
    /// The template.
    pub template: Template,
    /// Resources that were renamed on purpose. Those of the newer side count.
    pub moves: Vec<Move>,
    /// Logical ids of resources that exist already and that a deployment adopts.
    pub imports: Vec<String>,
    /// The templates of nested stacks, by the logical ids of their resources.
    pub nested: BTreeMap<String, Self>,
}

impl StackTemplate {
    /// A stack without records of moves and without nested stacks.
    pub fn new(name: impl Into<String>, template: Template) -> Self {
        Self { name: name.into(), template, ..Self::default() }
    }
}

impl From<&SynthesizedStack> for StackTemplate {
    fn from(stack: &SynthesizedStack) -> Self {
        Self { moves: stack.moves.clone(), ..Self::new(stack.name.clone(), stack.template.clone()) }
    }
}
