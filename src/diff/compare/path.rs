//! The way to where a comparison stands.

use std::fmt::Write;

use stackgen_template::{Path, Segment};

/// The steps from the start of a comparison.
#[derive(Debug, Default)]
pub(super) struct Steps(Vec<Step>);

#[derive(Debug)]
enum Step {
    Key(String),
    Index(usize),
    /// An item that is known by a name.
    Item(usize, String),
    /// A branch of `Fn::If`: the key, the index, and the condition.
    Branch(&'static str, usize, String),
}

impl Steps {
    pub(super) fn push_key(&mut self, key: &str) {
        self.0.push(Step::Key(key.to_owned()));
    }

    pub(super) fn push_index(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    pub(super) fn push_item(&mut self, index: usize, name: String) {
        self.0.push(Step::Item(index, name));
    }

    pub(super) fn push_branch(&mut self, key: &'static str, index: usize, condition: &str) {
        self.0.push(Step::Branch(key, index, condition.to_owned()));
    }

    pub(super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    /// The path in the document.
    pub(super) fn path(&self) -> Path {
        let mut path = Path::root();
        for step in &self.0 {
            match step {
                Step::Key(key) => path.push(Segment::from(key.clone())),
                Step::Index(index) | Step::Item(index, _) => path.push(*index),
                Step::Branch(key, index, _) => path.extend([Segment::from(*key), Segment::Index(*index)]),
            }
        }
        path
    }

    /// The path for people.
    pub(super) fn label(&self) -> String {
        let mut label = String::new();
        for step in &self.0 {
            // Writing to a string does not fail.
            let _ = match step {
                Step::Key(key) if label.is_empty() => write!(label, "{key}"),
                Step::Key(key) if key.contains(['.', '[', ' ']) => write!(label, "[\"{key}\"]"),
                Step::Key(key) => write!(label, ".{key}"),
                Step::Index(index) => write!(label, "[{index}]"),
                Step::Item(_, name) => write!(label, "[{name}]"),
                Step::Branch(_, 1, condition) => write!(label, "(if {condition})"),
                Step::Branch(_, _, condition) => write!(label, "(unless {condition})"),
            };
        }
        label
    }
}
