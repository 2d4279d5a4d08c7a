//! Mappings and lists.

use stackgen_template::{Map, Trail, Value};

use super::describe::{self, Subject};
use super::{Engine, Message, Outcome, Presence, Resolved};
use crate::Code;
use crate::database::format::json_type;
use crate::database::node::{Constraint, Node, Object, Others};
use crate::similar::did_you_mean;

/// Lists longer than this are not searched for repeated items, which takes time that grows with the square.
const LONGEST_UNIQUE: usize = 500;

impl<'t> Engine<'_, 't> {
    /// The members of a mapping, each against what is said of it.
    pub(super) fn object(&mut self, object: Object, map: &'t Map, trail: &Trail<'_>) -> Outcome {
        let mut outcome = Outcome::Holds;
        for (name, value) in map.iter() {
            // A loop or a transform makes members that are not known here.
            if name.starts_with("Fn::") {
                continue;
            }
            let node = match object.property(name).or_else(|| object.property_by_pattern(name)) {
                Some(node) => node,
                None => match object.others {
                    Others::Allowed => continue,
                    Others::Node(node) => node,
                    Others::Forbidden => {
                        if self.presence(Some(value)) == Presence::Present {
                            outcome = outcome.and(self.unknown_property(object, name, &trail.key(name)));
                        }
                        continue;
                    }
                },
            };
            if self.quiet > 0 && self.presence(Some(value)) == Presence::Maybe {
                outcome = outcome.and(Outcome::Unknown);
            }
            outcome = outcome.and(self.check(node, value, &trail.key(name)));
        }
        outcome
    }

    fn unknown_property(&mut self, object: Object, name: &str, trail: &Trail<'_>) -> Outcome {
        self.fail(Code::UnknownProperty, trail, || {
            let known = || object.properties().map(|(known, _)| known);
            let list = (1..=8).contains(&known().len()).then(|| {
                if known().len() == 1 {
                    format!("the only property here is {}", describe::names(known(), "and"))
                } else {
                    format!("the properties here are {}", describe::names(known(), "and"))
                }
            });
            Message::new(format!("there is no property `{name}` here")).hint(did_you_mean(name, known()).or(list))
        })
    }

    /// What is demanded of the members of a mapping together.
    pub(super) fn members(&mut self, constraint: Constraint, map: &'t Map, trail: &Trail<'_>) -> Outcome {
        // A loop or a transform among the members may make any that seems to be missing.
        let generated = || map.keys().any(|key| key.starts_with("Fn::"));
        let presence = |engine: &Self, name: &str| engine.presence(map.get(name));
        let present = |engine: &Self, names: &mut dyn Iterator<Item = &'static str>| {
            names.fold((0usize, 0usize), |(sure, maybe), name| match presence(engine, name) {
                Presence::Present => (sure + 1, maybe),
                Presence::Maybe => (sure, maybe + 1),
                Presence::Absent => (sure, maybe),
            })
        };
        match constraint {
            Constraint::Required(names) => {
                let mut outcome = Outcome::Holds;
                for name in names.iter() {
                    let next = match presence(self, name) {
                        Presence::Present => Outcome::Holds,
                        Presence::Maybe => Outcome::Unknown,
                        Presence::Absent if generated() => Outcome::Unknown,
                        Presence::Absent => self.fail(Code::MissingProperty, trail, || {
                            Message::new(format!("the required property `{name}` is missing"))
                        }),
                    };
                    outcome = outcome.and(next);
                }
                outcome
            }
            Constraint::DependentRequired(name, others) => {
                let set = presence(self, name.text());
                if set == Presence::Absent {
                    return Outcome::Holds;
                }
                let mut outcome = Outcome::Holds;
                for other in others.iter() {
                    outcome = outcome.and(match (set, presence(self, other)) {
                        (_, Presence::Present) => Outcome::Holds,
                        (Presence::Present, Presence::Absent) if !generated() => {
                            self.fail(Code::Dependent, &trail.key(name.text()), || {
                                Message::new(format!("`{}` needs `{other}`, which is not set", name.text()))
                            })
                        }
                        _ => Outcome::Unknown,
                    });
                }
                outcome
            }
            Constraint::DependentExcluded(name, others) => {
                let set = presence(self, name.text());
                if set == Presence::Absent {
                    return Outcome::Holds;
                }
                let mut outcome = Outcome::Holds;
                for other in others.iter() {
                    outcome = outcome.and(match (set, presence(self, other)) {
                        (_, Presence::Absent) => Outcome::Holds,
                        (Presence::Present, Presence::Present) => self.fail(Code::Exclusive, &trail.key(other), || {
                            Message::new(format!("`{other}` cannot be set beside `{}`", name.text()))
                        }),
                        _ => Outcome::Unknown,
                    });
                }
                outcome
            }
            Constraint::RequiredXor(names) => match present(self, &mut names.iter()) {
                (1, 0) => Outcome::Holds,
                (0, 0) if !generated() => self.fail(Code::OneOf, trail, || {
                    Message::new(format!("exactly one of {} must be set", describe::names(names.iter(), "and")))
                }),
                (sure, _) if sure > 1 => self.fail(Code::OneOf, trail, || {
                    let set = names.iter().filter(|name| map.contains_key(name));
                    Message::new(format!("only one of {} can be set", describe::names(set, "and")))
                }),
                _ => Outcome::Unknown,
            },
            Constraint::RequiredOr(names) => match present(self, &mut names.iter()) {
                (0, 0) if !generated() => self.fail(Code::OneOf, trail, || {
                    Message::new(format!("at least one of {} must be set", describe::names(names.iter(), "and")))
                }),
                (0, _) => Outcome::Unknown,
                _ => Outcome::Holds,
            },
            Constraint::MinProperties(least) => {
                let (sure, maybe) = self.counted(map.values());
                self.at_least(least, (sure, maybe + usize::from(generated()) * least), "property", trail)
            }
            Constraint::MaxProperties(most) => {
                let (sure, maybe) = self.counted(map.values());
                self.at_most(most, (sure, maybe), "property", trail)
            }
            Constraint::PropertyNames(node) => {
                let mut outcome = Outcome::Holds;
                for name in map.keys().filter(|name| !name.starts_with("Fn::")) {
                    outcome = outcome.and(self.text(node, name, &trail.key(name)));
                }
                outcome
            }
            _ => Outcome::Holds,
        }
    }

    /// A list against its node.
    pub(super) fn list(&mut self, node: Node, items: &'t [Value], trail: &Trail<'_>) -> Outcome {
        let mut outcome = Outcome::Holds;
        for constraint in node.constraints() {
            let next = match constraint {
                Constraint::Type(types) => self.kind(types, json_type::ARRAY, &Subject::List, trail),
                Constraint::Recurse(node) => self.list(node, items, trail),
                Constraint::Items(node) => {
                    let mut all = Outcome::Holds;
                    for (index, item) in items.iter().enumerate() {
                        all = all.and(self.check(node, item, &trail.index(index)));
                    }
                    all
                }
                Constraint::MinItems(least) => {
                    let counted = self.counted(items.iter());
                    self.at_least(least, counted, "item", trail)
                }
                Constraint::MaxItems(most) => {
                    let counted = self.counted(items.iter());
                    self.at_most(most, counted, "item", trail)
                }
                Constraint::Unique => self.unique(items, trail),
                Constraint::UniqueKeys(names) => self.unique_keys(names, items, trail),
                Constraint::Contains(node) => self.contains(node, items, trail),
                Constraint::OneOf(_)
                | Constraint::AnyOf(_)
                | Constraint::AllOf(_)
                | Constraint::Not(_)
                | Constraint::If { .. } => {
                    self.combination(constraint, trail, |engine, node, trail| engine.list(node, items, trail))
                }
                Constraint::Never => self.never(trail),
                _ => Outcome::Holds,
            };
            outcome = outcome.and(next);
            if next == Outcome::Fails && matches!(constraint, Constraint::Type(_)) {
                break;
            }
        }
        outcome
    }

    /// How many of the values are there for sure, and how many more may be.
    fn counted(&self, values: impl Iterator<Item = &'t Value>) -> (usize, usize) {
        values.fold((0, 0), |(sure, maybe), value| match self.presence(Some(value)) {
            Presence::Present => (sure + 1, maybe),
            Presence::Maybe => (sure, maybe + 1),
            Presence::Absent => (sure, maybe),
        })
    }

    fn at_least(&mut self, least: usize, (sure, maybe): (usize, usize), thing: &str, trail: &Trail<'_>) -> Outcome {
        if sure >= least {
            Outcome::Holds
        } else if sure + maybe >= least {
            Outcome::Unknown
        } else {
            self.fail(Code::Count, trail, || {
                let (has, wanted) = (describe::count(sure + maybe, thing), describe::count(least, thing));
                Message::new(format!("there is {has}, and there must be at least {wanted}").replace("is 0", "are 0"))
            })
        }
    }

    fn at_most(&mut self, most: usize, (sure, maybe): (usize, usize), thing: &str, trail: &Trail<'_>) -> Outcome {
        if sure > most {
            self.fail(Code::Count, trail, || {
                Message::new(format!("there are {}, and there may be at most {most}", describe::count(sure, thing)))
            })
        } else if sure + maybe > most {
            Outcome::Unknown
        } else {
            Outcome::Holds
        }
    }

    fn unique(&mut self, items: &'t [Value], trail: &Trail<'_>) -> Outcome {
        if items.len() < 2 || items.len() > LONGEST_UNIQUE {
            return Outcome::Holds;
        }
        for (index, item) in items.iter().enumerate().skip(1) {
            if !matches!(self.resolve(item), Resolved::Plain(_) | Resolved::Function(_)) {
                continue;
            }
            if let Some(first) = items[..index].iter().position(|other| other == item) {
                return self.fail(Code::Duplicate, &trail.index(index), || {
                    Message::new(format!("item {index} is the same as item {first}"))
                });
            }
        }
        Outcome::Holds
    }

    /// Items that are told apart by some of their members, as tags by their keys.
    fn unique_keys(&mut self, names: crate::database::node::Names, items: &'t [Value], trail: &Trail<'_>) -> Outcome {
        if items.len() > LONGEST_UNIQUE {
            return Outcome::Holds;
        }
        let key = |item: &'t Value| -> Option<Vec<&'t Value>> {
            names.iter().map(|name| item.get(name).filter(|value| value.as_str().is_some())).collect()
        };
        for (index, item) in items.iter().enumerate().skip(1) {
            let Some(wanted) = key(item) else { continue };
            if let Some(first) = items[..index].iter().position(|other| key(other).as_ref() == Some(&wanted)) {
                return self.fail(Code::Duplicate, &trail.index(index), || {
                    let names = describe::names(names.iter(), "and");
                    Message::new(format!("item {index} has the same {names} as item {first}"))
                });
            }
        }
        Outcome::Holds
    }

    fn contains(&mut self, node: Node, items: &'t [Value], trail: &Trail<'_>) -> Outcome {
        let mut unknown = false;
        for (index, item) in items.iter().enumerate() {
            match self.test(node, item, &trail.index(index)) {
                Outcome::Holds => return Outcome::Holds,
                Outcome::Unknown => unknown = true,
                Outcome::Fails => {}
            }
        }
        if unknown {
            return Outcome::Unknown;
        }
        self.fail(Code::Combination, trail, || Message::new("none of the items is one that is needed here"))
    }
}
