//! Checking a value against the constraints of the registry, intrinsic functions taken into account.
//!
//! A check has three outcomes: what only a deployment decides is neither right nor wrong, and is reported as neither.

mod collection;
mod combination;
mod describe;
mod format;
mod intrinsic;
mod scalar;

use stackgen_template::{Intrinsic, Map, Trail, Value};

use super::context::Context;
use super::worlds::Assumption;
use crate::database::CrossPropertyRule;
use crate::database::format::json_type;
use crate::database::node::{Constraint, Node};
use crate::{Code, Finding, Severity};

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Holds,
    Fails,
    /// It depends on the deployment.
    Unknown,
}

impl Outcome {
    /// The outcome of two checks that both must hold.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Holds, Self::Holds) => Self::Holds,
        }
    }

    /// The outcome of two cases of which a deployment has one.
    fn or_case(self, other: Self) -> Self {
        if self == other { self } else { Self::Unknown }
    }
}

/// Whether a property is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Present,
    Absent,
    /// It depends on a condition.
    Maybe,
}

/// A value with its conditions resolved as far as they are known.
enum Resolved<'v> {
    /// `AWS::NoValue`.
    Absent,
    /// `Fn::If` on a condition of which nothing is assumed.
    Branches(&'v str, &'v Value, &'v Value),
    /// Another function.
    Function(Intrinsic<'v>),
    /// A reference that synthesis has yet to write.
    Reference,
    Plain(&'v Value),
}

/// How many conditions of one mapping are tried one against the other.
const LARGEST_SPLIT: usize = 4;

/// A check of one resource.
pub(crate) struct Engine<'c, 't> {
    context: &'c Context<'t>,
    findings: &'c mut Vec<Finding>,
    /// The conditions that hold, or do not, in the case that is looked at.
    assumptions: Vec<Assumption<'t>>,
    /// The depth of tests that only ask, and report nothing.
    quiet: usize,
    /// The rule that the nodes belong to, where they are not the schema's own.
    rule: Option<CrossPropertyRule>,
    splits: usize,
}

impl<'c, 't> Engine<'c, 't> {
    pub(crate) fn new(context: &'c Context<'t>, findings: &'c mut Vec<Finding>) -> Self {
        Self { context, findings, assumptions: Vec::new(), quiet: 0, rule: None, splits: 0 }
    }

    /// The same engine where `condition` holds, as in a resource that has it.
    pub(crate) fn assuming(mut self, condition: Option<&'t str>) -> Self {
        self.assumptions.extend(condition.map(|condition| (condition, true)));
        self
    }

    /// Checks the properties of a resource. An absent mapping is an empty one.
    pub(crate) fn properties(&mut self, node: Node, properties: &'t Map, trail: &Trail<'_>) -> Outcome {
        self.map(node, properties, trail)
    }

    /// Checks the properties against a rule across them.
    pub(crate) fn rule(&mut self, rule: CrossPropertyRule, properties: &'t Map, trail: &Trail<'_>) -> Outcome {
        self.rule = Some(rule);
        let outcome = self.map(rule.node, properties, trail);
        self.rule = None;
        outcome
    }

    /// Checks a value, reporting what is wrong.
    pub(crate) fn check(&mut self, node: Node, value: &'t Value, trail: &Trail<'_>) -> Outcome {
        match Self::resolve_once(value) {
            Resolved::Absent => Outcome::Holds,
            Resolved::Plain(Value::Map(map)) => self.map(node, map, trail),
            Resolved::Plain(Value::List(items)) => self.list(node, items, trail),
            Resolved::Plain(value) => self.scalar(node, value, trail),
            Resolved::Branches(condition, then, otherwise) => {
                let key = trail.key("Fn::If");
                let mut outcome = None;
                for (holds, branch, index) in [(true, then, 1), (false, otherwise, 2)] {
                    let case = match self.assumed(condition) {
                        Some(assumed) if assumed != holds => continue,
                        Some(_) => self.check(node, branch, &key.index(index)),
                        None => {
                            self.assumptions.push((condition, holds));
                            let possible = self.context.worlds.possible(&self.assumptions) != Some(false);
                            let case = possible.then(|| self.check(node, branch, &key.index(index)));
                            self.assumptions.pop();
                            let Some(case) = case else { continue };
                            case
                        }
                    };
                    outcome = Some(outcome.map_or(case, |other: Outcome| other.or_case(case)));
                }
                outcome.unwrap_or(Outcome::Unknown)
            }
            Resolved::Function(intrinsic) => self.function(node, intrinsic, trail),
            Resolved::Reference => Outcome::Unknown,
        }
    }

    /// Whether a value meets a node; nothing is reported.
    fn test(&mut self, node: Node, value: &'t Value, trail: &Trail<'_>) -> Outcome {
        self.quiet += 1;
        let outcome = self.check(node, value, trail);
        self.quiet -= 1;
        outcome
    }

    /// What is assumed of a condition.
    fn assumed(&self, condition: &str) -> Option<bool> {
        self.assumptions.iter().rev().find(|(name, _)| *name == condition).map(|(_, holds)| *holds)
    }

    /// A look at a value, at most through one `Fn::If`, so that paths stay right.
    fn resolve_once(value: &'t Value) -> Resolved<'t> {
        match value {
            Value::Reference(_) => Resolved::Reference,
            Value::Map(_) => match Intrinsic::of(value) {
                None => Resolved::Plain(value),
                Some(intrinsic) if intrinsic.reference() == Some("AWS::NoValue") => Resolved::Absent,
                Some(intrinsic) => match intrinsic.if_() {
                    Some((condition, then, otherwise)) => Resolved::Branches(condition, then, otherwise),
                    None => Resolved::Function(intrinsic),
                },
            },
            _ => Resolved::Plain(value),
        }
    }

    /// A look at a value through every `Fn::If` whose condition is decided.
    fn resolve(&self, mut value: &'t Value) -> Resolved<'t> {
        loop {
            match Self::resolve_once(value) {
                Resolved::Branches(condition, then, otherwise) => match self.assumed(condition) {
                    Some(true) => value = then,
                    Some(false) => value = otherwise,
                    None => return Resolved::Branches(condition, then, otherwise),
                },
                other => return other,
            }
        }
    }

    fn presence(&self, value: Option<&'t Value>) -> Presence {
        let Some(value) = value else { return Presence::Absent };
        match self.resolve(value) {
            Resolved::Absent => Presence::Absent,
            Resolved::Branches(_, then, otherwise) => {
                match (self.presence(Some(then)), self.presence(Some(otherwise))) {
                    (one, two) if one == two => one,
                    _ => Presence::Maybe,
                }
            }
            _ => Presence::Present,
        }
    }

    fn map(&mut self, node: Node, map: &'t Map, trail: &Trail<'_>) -> Outcome {
        if let Some(condition) = self.condition_to_split(node, map) {
            return self.split(condition, |engine| engine.map(node, map, trail));
        }
        let mut outcome = Outcome::Holds;
        for constraint in node.constraints() {
            let next = match constraint {
                Constraint::Type(types) => self.kind(types, json_type::OBJECT, &describe::Subject::Map, trail),
                Constraint::Recurse(node) => self.map(node, map, trail),
                Constraint::Object(object) => self.object(object, map, trail),
                Constraint::Required(_)
                | Constraint::DependentRequired(..)
                | Constraint::DependentExcluded(..)
                | Constraint::RequiredXor(_)
                | Constraint::RequiredOr(_)
                | Constraint::MinProperties(_)
                | Constraint::MaxProperties(_)
                | Constraint::PropertyNames(_) => self.members(constraint, map, trail),
                Constraint::OneOf(_)
                | Constraint::AnyOf(_)
                | Constraint::AllOf(_)
                | Constraint::Not(_)
                | Constraint::If { .. } => {
                    self.combination(constraint, trail, |engine, node, trail| engine.map(node, map, trail))
                }
                Constraint::Never => self.never(trail),
                _ => Outcome::Holds,
            };
            outcome = outcome.and(next);
            // The rest would only repeat that this is no mapping.
            if next == Outcome::Fails && matches!(constraint, Constraint::Type(_)) {
                break;
            }
        }
        outcome
    }

    /// A condition on which the members of a mapping depend in a way that the node looks at across members.
    fn condition_to_split(&self, node: Node, map: &'t Map) -> Option<&'t str> {
        if self.splits >= LARGEST_SPLIT {
            return None;
        }
        let mut values = map.iter().filter_map(|(key, value)| match self.resolve(value) {
            Resolved::Branches(condition, ..) => Some((key, condition, value)),
            _ => None,
        });
        let first = values.next()?;
        let across = node.constraints().any(|constraint| {
            !matches!(
                constraint,
                Constraint::Type(_) | Constraint::Object(_) | Constraint::Required(_) | Constraint::PropertyNames(_)
            )
        });
        let mut all = std::iter::once(first).chain(values);
        if across {
            return all.next().map(|(_, condition, _)| condition);
        }
        let required = |key: &str| {
            node.constraints().any(
                |constraint| matches!(constraint, Constraint::Required(names) if names.iter().any(|name| name == key)),
            )
        };
        all.find(|(key, _, value)| self.presence(Some(value)) == Presence::Maybe && required(key))
            .map(|(_, condition, _)| condition)
    }

    /// Runs a check in each case of a condition. Where it cannot be told which cases occur, nothing that only fails in
    /// one of them is reported.
    fn split(&mut self, condition: &'t str, mut check: impl FnMut(&mut Self) -> Outcome) -> Outcome {
        self.splits += 1;
        let mut outcome = None;
        for holds in [true, false] {
            self.assumptions.push((condition, holds));
            let possible = self.context.worlds.possible(&self.assumptions);
            let case = match possible {
                Some(false) => None,
                Some(true) => Some(check(self)),
                None => {
                    self.quiet += 1;
                    let case = check(self);
                    self.quiet -= 1;
                    Some(if case == Outcome::Fails { Outcome::Unknown } else { case })
                }
            };
            self.assumptions.pop();
            if let Some(case) = case {
                outcome = Some(outcome.map_or(case, |other: Outcome| other.or_case(case)));
            }
        }
        self.splits -= 1;
        outcome.unwrap_or(Outcome::Unknown)
    }

    /// Reports a failure, unless only a question was asked.
    fn fail(&mut self, code: Code, trail: &Trail<'_>, describe: impl FnOnce() -> Message) -> Outcome {
        if self.quiet == 0 {
            let message = describe();
            let mut finding = Finding::new(code, trail.to_path(), message.text);
            finding.hint = message.hint;
            if code == Code::UnknownEnum && self.context.options.allow_unknown_enum {
                finding.severity = Severity::Warning;
            }
            if let Some(rule) = self.rule {
                let text = std::mem::replace(&mut finding.message, rule.message.to_owned());
                finding.hint = Some(finding.hint.map_or_else(|| text.clone(), |hint| format!("{text}: {hint}")));
                finding.severity = if rule.warning { Severity::Warning } else { Severity::Error };
                if code != Code::UnknownEnum || !rule.warning {
                    finding.code = Code::Combination;
                }
            }
            self.findings.push(finding);
        }
        Outcome::Fails
    }

    fn never(&mut self, trail: &Trail<'_>) -> Outcome {
        self.fail(Code::Exclusive, trail, || Message::new("this is not allowed here"))
    }
}

/// The text of a finding.
struct Message {
    text: String,
    hint: Option<String>,
}

impl Message {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), hint: None }
    }

    fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

/// Whether a text holds a dynamic reference, or what is meant to be one.
fn is_dynamic_reference(text: &str) -> bool {
    text.split("{{").skip(1).any(|part| part.trim_start().starts_with("resolve:"))
}

#[cfg(test)]
mod tests;
