//! States, and where the flow goes from each.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::Arc;

use stackgen_template::{Map, Text, Value};

use super::state::{State, StateBody};
use crate::core::{Grant, Problem, Scope};

/// Step Functions' limit on the name of a state, in characters.
const NAME_LIMIT: usize = 80;

/// States while they are put together.
///
/// [`Flow::add`] gives a reference, by which other states go on with the one that was added: so the flow is built from its
/// end to its beginning. A flow that goes back to an earlier state declares that one first:
///
/// ```
/// use stackgen::json_path;
/// use stackgen::prelude::*;
/// use stackgen::constructs::states::{Choice, Flow, Succeed, Wait};
///
/// let mut flow = Flow::new();
/// let check = flow.declare("Check");
/// let done = flow.add("Done", Succeed::new());
/// let wait = flow.add("Wait", Wait::time(minutes::<1>()).next(&check));
/// flow.define(&check, Choice::when(json_path!("$.ready").is(true), &done).otherwise(&wait));
/// let workflow = flow.start_at(&check);
/// ```
///
/// A state that does not say where the flow goes on cannot be added:
///
/// ```compile_fail
/// use stackgen::constructs::states::{Flow, Pass};
///
/// let mut flow = Flow::new();
/// flow.add("Lost", Pass::new());
/// ```
#[derive(Debug, Default)]
pub struct Flow {
    /// Tells the references of this flow from those of others.
    identity: Arc<()>,
    states: Vec<Entry>,
    problems: Vec<Problem>,
}

#[derive(Debug)]
struct Entry {
    name: Text,
    body: Option<StateBody>,
    place: &'static Location<'static>,
}

/// A state of a [`Flow`], to go on with.
#[derive(Debug, Clone)]
pub struct StateRef {
    flow: Arc<()>,
    index: usize,
    name: Text,
}

impl StateRef {
    pub(super) fn name(&self) -> Text {
        self.name.clone()
    }
}

impl Flow {
    /// A flow without states.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a state, and gives the reference by which others go on with it.
    #[track_caller]
    pub fn add(&mut self, name: impl Into<Text>, state: impl State) -> StateRef {
        let reference = self.declare(name);
        self.define(&reference, state);
        reference
    }

    /// Gives the reference of a state that is defined later: for flows that go back.
    #[track_caller]
    pub fn declare(&mut self, name: impl Into<Text>) -> StateRef {
        let (name, place) = (name.into(), Location::caller());
        if name.is_empty() || name.chars().count() > NAME_LIMIT {
            let problem = Problem::error(format!("`{name}` cannot be the name of a state"));
            self.problems.push(problem.at(place).hint("a name has 1 to 80 characters"));
        }
        self.states.push(Entry { name: name.clone(), body: None, place });
        StateRef { flow: self.identity.clone(), index: self.states.len() - 1, name }
    }

    /// Defines a state that was declared.
    #[track_caller]
    pub fn define(&mut self, reference: &StateRef, state: impl State) {
        let place = Location::caller();
        let body = state.into_body();
        if let Some(problem) = self.foreign(reference) {
            self.problems.push(problem.at(place));
            return;
        }
        for next in &body.next {
            if let Some(problem) = self.foreign(next) {
                self.problems.push(problem.at(place));
            }
        }
        self.problems.extend(body.inner_problems.iter().cloned());
        for fault in &body.faults {
            let message = format!("in the state `{}`: {fault}", reference.name);
            self.problems.push(Problem::error(message).at(place));
        }
        let entry = &mut self.states[reference.index];
        if entry.body.is_some() {
            let problem = Problem::error(format!("the state `{}` is defined twice", reference.name));
            self.problems.push(problem.at(place));
        }
        entry.place = place;
        entry.body = Some(body);
    }

    fn foreign(&self, reference: &StateRef) -> Option<Problem> {
        (!Arc::ptr_eq(&reference.flow, &self.identity)).then(|| {
            Problem::error(format!("`{}` is a state of another flow", reference.name))
                .hint("a flow goes on only with states of its own: a branch of a parallel or map state ends by itself")
        })
    }

    /// Finishes the flow, which begins with the state `first`.
    #[track_caller]
    pub fn start_at(mut self, first: &StateRef) -> Workflow {
        if let Some(problem) = self.foreign(first) {
            self.problems.push(problem.at(Location::caller()));
        }
        let order = self.reachable_from(first);
        for (index, entry) in self.states.iter().enumerate() {
            let (message, hint) = if entry.body.is_none() {
                ("is declared, but not defined", "define it with `Flow::define`")
            } else if !order.contains(&index) {
                ("cannot be reached", "let another state go on with it, or leave it out")
            } else {
                continue;
            };
            let problem = Problem::error(format!("the state `{}` {message}", entry.name));
            self.problems.push(problem.at(entry.place).hint(hint));
        }
        let mut workflow = Workflow {
            start: first.name.clone(),
            states: Map::with_capacity(order.len()),
            grants: Vec::new(),
            names: Vec::new(),
            is_standard_only: false,
            problems: self.problems,
        };
        for index in order {
            let Entry { name, body, .. } = &mut self.states[index];
            if let Some(body) = body.take() {
                workflow.names.push(name.clone());
                workflow.names.extend(body.inner_names);
                workflow.grants.extend(body.grants);
                workflow.is_standard_only |= body.is_standard_only;
                workflow.states.push(name.clone(), body.fields);
            }
        }
        workflow
    }

    /// The states that the flow can come to, in the order in which it comes to them.
    fn reachable_from(&self, first: &StateRef) -> Vec<usize> {
        let is_own = |reference: &&StateRef| Arc::ptr_eq(&reference.flow, &self.identity);
        let mut order: Vec<usize> = Some(first).filter(is_own).map(|first| first.index).into_iter().collect();
        let mut position = 0;
        while let Some(index) = order.get(position).copied() {
            position += 1;
            let next = self.states[index].body.iter().flat_map(|body| &body.next).filter(is_own);
            for reference in next {
                if !order.contains(&reference.index) {
                    order.push(reference.index);
                }
            }
        }
        order
    }
}

/// A finished [`Flow`]: the definition of a state machine, of a branch, or of what is done with each item.
#[derive(Debug, Clone)]
#[must_use = "a workflow runs only in a state machine"]
pub struct Workflow {
    start: Text,
    states: Map,
    grants: Vec<Grant>,
    /// The names of all states, those within others too.
    names: Vec<Text>,
    /// Whether an express state machine cannot run it.
    is_standard_only: bool,
    problems: Vec<Problem>,
}

impl Workflow {
    /// The definition and the grants that it takes, for the state machine as a whole. Reports what is wrong.
    pub(super) fn finish(self, is_express: bool, scope: &mut Scope<'_>) -> (Map, Vec<Grant>) {
        let mut seen = BTreeSet::new();
        let repeated: BTreeSet<&Text> = self.names.iter().filter(|name| !seen.insert(*name)).collect();
        for name in repeated {
            let problem = Problem::error(format!("two states of the state machine are called `{name}`"));
            scope.report(problem.hint("names are unique in the whole state machine, branches included"));
        }
        if is_express && self.is_standard_only {
            let problem = Problem::error("a task of an express state machine waits for its token to be sent back");
            scope.report(problem.hint("use `StateMachine::new`: only a standard state machine can wait"));
        }
        for problem in self.problems {
            scope.report(problem);
        }
        let definition =
            [(Text::Borrowed("StartAt"), self.start.into()), (Text::Borrowed("States"), self.states.into())];
        (Map::from_iter(definition), self.grants)
    }

    /// The definition as a part of the state `body`, which takes over the rest. Fields of its own come first.
    pub(super) fn within(self, body: &mut StateBody, fields: Map) -> Value {
        body.grants.extend(self.grants);
        body.inner_names.extend(self.names);
        body.is_standard_only |= self.is_standard_only;
        body.inner_problems.extend(self.problems);
        let mut definition = fields;
        definition.push("StartAt", self.start);
        definition.push("States", self.states);
        definition.into()
    }
}
