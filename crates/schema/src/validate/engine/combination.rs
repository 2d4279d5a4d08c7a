//! Alternatives, negations and conditions between constraints.

use stackgen_template::Trail;

use super::{Engine, Message, Outcome};
use crate::Code;
use crate::database::node::{Constraint, Node, Nodes};

/// A check of the value at hand against another node.
trait CheckNode<'c, 't>: Fn(&mut Engine<'c, 't>, Node, &Trail<'_>) -> Outcome {}
impl<'c, 't, F: Fn(&mut Engine<'c, 't>, Node, &Trail<'_>) -> Outcome> CheckNode<'c, 't> for F {}

impl<'c, 't> Engine<'c, 't> {
    /// A constraint that is made of other nodes; `check` checks the value at hand against one.
    pub(super) fn combination(
        &mut self,
        constraint: Constraint,
        trail: &Trail<'_>,
        check: impl Fn(&mut Engine<'c, 't>, Node, &Trail<'_>) -> Outcome,
    ) -> Outcome {
        match constraint {
            Constraint::AllOf(nodes) => {
                nodes.iter().fold(Outcome::Holds, |outcome, node| outcome.and(check(self, node, trail)))
            }
            Constraint::AnyOf(nodes) => self.alternatives(nodes, false, trail, &check),
            Constraint::OneOf(nodes) => self.alternatives(nodes, true, trail, &check),
            Constraint::Not(node) => match self.quietly(|engine| check(engine, node, trail)) {
                Outcome::Holds => self.fail(Code::Combination, trail, || Message::new("this is not allowed here")),
                Outcome::Fails => Outcome::Holds,
                Outcome::Unknown => Outcome::Unknown,
            },
            Constraint::If { test, then, otherwise } => match self.quietly(|engine| check(engine, test, trail)) {
                Outcome::Holds => check(self, then, trail),
                Outcome::Fails => check(self, otherwise, trail),
                Outcome::Unknown => Outcome::Unknown,
            },
            _ => Outcome::Holds,
        }
    }

    fn quietly<R>(&mut self, ask: impl FnOnce(&mut Self) -> R) -> R {
        self.quiet += 1;
        let answer = ask(self);
        self.quiet -= 1;
        answer
    }

    /// At least one of the nodes, or exactly one, must hold.
    fn alternatives(&mut self, nodes: Nodes, one: bool, trail: &Trail<'_>, check: &impl CheckNode<'c, 't>) -> Outcome {
        let (mut holding, mut unknown) = (0, 0);
        for node in nodes.iter() {
            match self.quietly(|engine| check(engine, node, trail)) {
                Outcome::Holds if !one => return Outcome::Holds,
                Outcome::Holds => holding += 1,
                Outcome::Unknown => unknown += 1,
                Outcome::Fails => {}
            }
        }
        match (holding, unknown) {
            (1, 0) => Outcome::Holds,
            (0, 0) => self.no_alternative(nodes, trail, check),
            (2.., _) => self.fail(Code::OneOf, trail, || {
                let names = required_alternatives(nodes);
                Message::new(if names.is_empty() {
                    format!("this fits {holding} alternatives of which only one may be meant")
                } else {
                    format!("only one of {} can be set", super::describe::names(names, "and"))
                })
            }),
            _ => Outcome::Unknown,
        }
    }

    /// Reports what is wrong with the alternative that comes closest.
    fn no_alternative(&mut self, nodes: Nodes, trail: &Trail<'_>, check: &impl CheckNode<'c, 't>) -> Outcome {
        if self.quiet > 0 {
            return Outcome::Fails;
        }
        let names = required_alternatives(nodes);
        if !names.is_empty() {
            return self.fail(Code::OneOf, trail, || {
                Message::new(format!("one of {} must be set", super::describe::names(names, "and")))
            });
        }
        let start = self.findings.len();
        let depth = trail.depth();
        let mut closest: Option<(usize, usize, Vec<_>)> = None;
        for node in nodes.iter() {
            check(self, node, trail);
            let found = self.findings.split_off(start);
            // Deeper findings mean that more of the value fits the alternative.
            let shallow = found.iter().filter(|finding| finding.path.segments().len() <= depth).count();
            if closest.as_ref().is_none_or(|(least, total, _)| (shallow, found.len()) < (*least, *total)) {
                closest = Some((shallow, found.len(), found));
            }
        }
        match closest {
            Some((_, 1..=3, found)) => {
                self.findings.extend(found);
                Outcome::Fails
            }
            _ => self.fail(Code::OneOf, trail, || {
                Message::new(format!("this fits none of the {} alternatives", nodes.iter().len()))
            }),
        }
    }
}

/// The properties of alternatives that each only demand that one property is set.
fn required_alternatives(nodes: Nodes) -> Vec<&'static str> {
    let names = nodes.iter().map(|node| {
        let mut constraints = node.constraints();
        let first = loop {
            match constraints.next() {
                Some(Constraint::Type(_)) => {}
                other => break other,
            }
        };
        match (first, constraints.next()) {
            (Some(Constraint::Required(names)), None) if names.len() == 1 => names.iter().next(),
            _ => None,
        }
    });
    names.collect::<Option<Vec<_>>>().unwrap_or_default()
}
