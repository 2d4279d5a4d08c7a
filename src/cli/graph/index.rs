//! Finds what a value of a template refers to, across the stacks of an app.

use std::collections::{BTreeSet, HashMap};

use stackgen_template::{Intrinsic, Map, ResourceView, Value};

use crate::core::SynthesizedStack;

/// A resource of an app: the number of its stack and its logical id.
pub(super) type ResourceKey<'a> = (usize, &'a str);

/// The resources of an app, and what stacks give to each other.
#[derive(Debug)]
pub(super) struct Index<'a> {
    resources: HashMap<ResourceKey<'a>, ResourceView<'a>>,
    /// The values of exports by name.
    exports: HashMap<&'a str, (usize, &'a Value)>,
    /// The values of outputs by the stack's and their own name.
    outputs: HashMap<(&'a str, &'a str), (usize, &'a Value)>,
}

impl<'a> Index<'a> {
    pub(super) fn of(stacks: &'a [SynthesizedStack]) -> Self {
        let mut index = Self { resources: HashMap::new(), exports: HashMap::new(), outputs: HashMap::new() };
        for (number, stack) in stacks.iter().enumerate() {
            for resource in stack.template.resources() {
                index.resources.insert((number, resource.logical_id), resource);
            }
            for output in stack.template.outputs() {
                let Some(value) = output.value() else { continue };
                index.outputs.insert((stack.name.as_str(), output.name), (number, value));
                if let Some(name) = output.export_name().and_then(Value::as_str) {
                    index.exports.insert(name, (number, value));
                }
            }
        }
        index
    }

    pub(super) fn resource(&self, key: ResourceKey<'a>) -> Option<ResourceView<'a>> {
        self.resources.get(&key).copied()
    }

    /// The resources that `value`, which stands in the stack `stack`, refers to, in this or another stack.
    pub(super) fn referred(&self, value: &'a Value, stack: usize) -> BTreeSet<ResourceKey<'a>> {
        let mut found = BTreeSet::new();
        self.collect(value, stack, &mut found);
        found
    }

    fn collect(&self, value: &'a Value, stack: usize, found: &mut BTreeSet<ResourceKey<'a>>) {
        if let Some(intrinsic) = Intrinsic::of(value) {
            let name = intrinsic.reference().or_else(|| intrinsic.get_att().map(|get_att| get_att.logical_id));
            if let Some(name) = name {
                self.add(name, stack, found);
                return;
            }
            if let Some((text, variables)) = intrinsic.sub() {
                for variable in text.variables() {
                    let (name, _) = variable.split();
                    if variables.is_none_or(|variables| !variables.contains_key(name)) {
                        self.add(name, stack, found);
                    }
                }
                self.collect_map(variables, stack, found);
                return;
            }
            let other = match intrinsic.get_stack_output() {
                Some(output) => {
                    output.stack_name.as_str().zip(output.output_name.as_str()).and_then(|key| self.outputs.get(&key))
                }
                None if intrinsic.key == "Fn::ImportValue" => {
                    intrinsic.argument.as_str().and_then(|name| self.exports.get(name))
                }
                None => None,
            };
            // An export may not lead back to an import: then it would lead nowhere at deployment either.
            if let Some((other, value)) = other.filter(|(other, _)| *other != stack) {
                self.collect(value, *other, found);
                return;
            }
        }
        match value {
            Value::List(items) => items.iter().for_each(|item| self.collect(item, stack, found)),
            Value::Map(map) => self.collect_map(Some(map), stack, found),
            _ => {}
        }
    }

    fn collect_map(&self, map: Option<&'a Map>, stack: usize, found: &mut BTreeSet<ResourceKey<'a>>) {
        for value in map.into_iter().flat_map(Map::values) {
            self.collect(value, stack, found);
        }
    }

    fn add(&self, name: &'a str, stack: usize, found: &mut BTreeSet<ResourceKey<'a>>) {
        if self.resources.contains_key(&(stack, name)) {
            found.insert((stack, name));
        }
    }
}
