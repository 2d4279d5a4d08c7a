//! References become `Ref`, `Fn::GetAtt`, or an export and an import.

use std::collections::{BTreeMap, BTreeSet};

use stackgen_template::{Map, Reference, StackId, Strength, Text, Value};

use super::stack::StackState;

/// What a stack gives to others: by resource and attribute, and whether anyone binds it by an import.
type Shared = BTreeMap<(String, Option<Text>), Strength>;

/// Replaces the references of all stacks, and records what they share.
#[derive(Debug)]
pub(super) struct Resolver {
    names: Vec<String>,
    regions: Vec<(Option<String>, Option<String>)>,
    shared: Vec<Shared>,
    /// For each stack, the stacks that must be deployed before it.
    pub(super) dependencies: Vec<BTreeSet<usize>>,
    /// What cannot be referenced: consumer stack, message and hint.
    pub(super) faults: Vec<(usize, String, &'static str)>,
}

impl Resolver {
    pub(super) fn new(stacks: &[StackState]) -> Self {
        Self {
            names: stacks.iter().map(|stack| stack.name.clone()).collect(),
            regions: stacks
                .iter()
                .map(|stack| (stack.environment.account.clone(), stack.environment.region.clone()))
                .collect(),
            shared: vec![Shared::new(); stacks.len()],
            dependencies: stacks.iter().map(|stack| stack.dependencies.iter().copied().collect()).collect(),
            faults: Vec::new(),
        }
    }

    /// The name of a stack.
    pub(super) fn name(&self, stack: usize) -> String {
        self.names[stack].clone()
    }

    /// Replaces every reference below `value`, which stands in the stack `consumer`.
    pub(super) fn resolve(&mut self, value: &mut Value, consumer: StackId) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.resolve(item, consumer)),
            Value::Map(map) => self.resolve_map(map, consumer),
            Value::Reference(reference) => *value = self.write(reference, consumer),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    pub(super) fn resolve_map(&mut self, map: &mut Map, consumer: StackId) {
        for (_, value) in map.iter_mut() {
            self.resolve(value, consumer);
        }
    }

    fn write(&mut self, reference: &Reference, consumer: StackId) -> Value {
        let Reference { resource, attribute, strength } = reference;
        let producer = resource.stack();
        if producer == consumer {
            return within(resource.logical_id(), attribute.as_ref());
        }
        let (from, to) = (producer.0 as usize, consumer.0 as usize);
        let Some(producer_name) = self.names.get(from).cloned() else {
            let message = format!("`{}` is a resource of another app", resource.logical_id());
            self.faults.push((to, message, "use handles only in the app whose stack gave them"));
            return Value::Null;
        };
        self.dependencies[to].insert(from);
        if *strength == Strength::Strong && !self.same_place(from, to) {
            self.faults.push((
                to,
                format!(
                    "`{}` of the stack `{producer_name}` is in another account or region, where an export does not reach",
                    resource.logical_id()
                ),
                "make the reference weak, or deploy both stacks to one place",
            ));
        }
        let key = (resource.logical_id().to_owned(), attribute.clone());
        let shared = self.shared[from].entry(key).or_insert(*strength);
        if *strength == Strength::Strong {
            *shared = Strength::Strong;
        }
        let output = output_name(resource.logical_id(), attribute.as_ref());
        match strength {
            Strength::Strong => Value::single("Fn::ImportValue", export_name(&producer_name, &output)),
            Strength::Weak => {
                let mut arguments = Map::with_capacity(3);
                arguments.push("StackName", producer_name);
                arguments.push("OutputName", output);
                if let Some(region) = self.regions[from].1.clone()
                    && self.regions[to].1.as_ref() != Some(&region)
                {
                    arguments.push("Region", region);
                }
                Value::single("Fn::GetStackOutput", arguments)
            }
        }
    }

    /// Whether the two stacks are deployed to one account and region, as far as the app says.
    fn same_place(&self, one: usize, two: usize) -> bool {
        self.regions[one] == self.regions[two]
    }

    /// The outputs that a stack needs for what others read of it.
    pub(super) fn outputs_of(&self, stack: usize) -> impl Iterator<Item = (String, Value)> + '_ {
        self.shared[stack].iter().map(move |((logical_id, attribute), strength)| {
            let name = output_name(logical_id, attribute.as_ref());
            let mut output = Map::with_capacity(2);
            output.push("Value", within(logical_id, attribute.as_ref()));
            if *strength == Strength::Strong {
                output.push("Export", Value::single("Name", export_name(&self.names[stack], &name)));
            }
            (name, output.into())
        })
    }

    /// The stacks in an order in which each comes after those it depends on, otherwise as they were added; or the
    /// names of stacks that depend on each other in a circle.
    pub(super) fn order(&self) -> Result<Vec<usize>, Vec<String>> {
        let mut order = Vec::with_capacity(self.names.len());
        let mut state = vec![Visit::New; self.names.len()];
        for stack in 0..self.names.len() {
            let mut trail = Vec::new();
            if let Err(circle) = self.visit(stack, &mut state, &mut order, &mut trail) {
                return Err(circle.into_iter().map(|index| self.names[index].clone()).collect());
            }
        }
        Ok(order)
    }

    fn visit(
        &self,
        stack: usize,
        state: &mut [Visit],
        order: &mut Vec<usize>,
        trail: &mut Vec<usize>,
    ) -> Result<(), Vec<usize>> {
        match state[stack] {
            Visit::Done => return Ok(()),
            Visit::Open => {
                let start = trail.iter().position(|index| *index == stack).unwrap_or(0);
                return Err(trail[start..].iter().copied().chain([stack]).collect());
            }
            Visit::New => {}
        }
        state[stack] = Visit::Open;
        trail.push(stack);
        for dependency in &self.dependencies[stack] {
            self.visit(*dependency, state, order, trail)?;
        }
        trail.pop();
        state[stack] = Visit::Done;
        order.push(stack);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

fn within(logical_id: &str, attribute: Option<&Text>) -> Value {
    let id = Value::from(logical_id.to_owned());
    match attribute {
        None => Value::single("Ref", id),
        Some(attribute) => Value::single("Fn::GetAtt", Value::List(vec![id, attribute.clone().into()])),
    }
}

/// `ExportTableArn`: what the output of a shared value is called.
fn output_name(logical_id: &str, attribute: Option<&Text>) -> String {
    let attribute = attribute.map_or("Ref", |attribute| attribute);
    let letters = attribute.chars().filter(char::is_ascii_alphanumeric);
    ["Export", logical_id].iter().flat_map(|part| part.chars()).chain(letters).collect()
}

/// `etl-backend:ExportTableArn`: unique in an account and region, as the stack's name is.
fn export_name(stack: &str, output: &str) -> String {
    format!("{stack}:{output}")
}
