//! Texts, numbers, truth values.

use stackgen_template::{Number, Trail, Value};

use super::describe::{self, Subject};
use super::{Engine, Message, Outcome};
use crate::Code;
use crate::database::format::json_type;
use crate::database::node::{Constraint, Names, Node};
use crate::database::pattern::PatternId;
use crate::similar::did_you_mean;

impl<'t> Engine<'_, 't> {
    /// A value that is neither a mapping nor a list against its node.
    pub(super) fn scalar(&mut self, node: Node, value: &'t Value, trail: &Trail<'_>) -> Outcome {
        // What a dynamic reference stands for is known at deployment only.
        if value.as_str().is_some_and(super::is_dynamic_reference) {
            return Outcome::Unknown;
        }
        let mut outcome = Outcome::Holds;
        for constraint in node.constraints() {
            let next = match constraint {
                Constraint::Type(types) => self.scalar_type(types, value, trail),
                Constraint::Recurse(node) => self.scalar(node, value, trail),
                Constraint::OneOf(_)
                | Constraint::AnyOf(_)
                | Constraint::AllOf(_)
                | Constraint::Not(_)
                | Constraint::If { .. } => {
                    self.combination(constraint, trail, |engine, node, trail| engine.scalar(node, value, trail))
                }
                Constraint::Never => self.never(trail),
                Constraint::Enum(values) => self.enumeration(values, value, false, trail),
                Constraint::EnumIgnoringCase(values) => self.enumeration(values, value, true, trail),
                Constraint::Constant(wanted) => {
                    if same_scalar(wanted.text(), value) {
                        Outcome::Holds
                    } else {
                        self.fail(Code::Constant, trail, || {
                            let words = Subject::Value(value).words();
                            Message::new(format!("{words} stands where only `{}` is allowed", wanted.text()))
                        })
                    }
                }
                Constraint::Minimum(_)
                | Constraint::Maximum(_)
                | Constraint::Above(_)
                | Constraint::Below(_)
                | Constraint::MultipleOf(_) => match number(value) {
                    Some(number) => self.number(constraint, number, trail),
                    None => Outcome::Holds,
                },
                _ => match value {
                    Value::String(text) => self.text_constraint(constraint, text, trail),
                    _ => Outcome::Holds,
                },
            };
            outcome = outcome.and(next);
            if next == Outcome::Fails && matches!(constraint, Constraint::Type(_)) {
                break;
            }
        }
        outcome
    }

    /// A text that is no value of the template, such as the name of a property, against a node.
    pub(super) fn text(&mut self, node: Node, text: &str, trail: &Trail<'_>) -> Outcome {
        let mut outcome = Outcome::Holds;
        for constraint in node.constraints() {
            let next = match constraint {
                Constraint::Enum(values) if !values.contains(text) => {
                    self.fail(Code::UnknownEnum, trail, || not_one_of(values, text))
                }
                Constraint::Not(_) | Constraint::AnyOf(_) | Constraint::AllOf(_) => {
                    self.combination(constraint, trail, |engine, node, trail| engine.text(node, text, trail))
                }
                _ => self.text_constraint(constraint, text, trail),
            };
            outcome = outcome.and(next);
        }
        outcome
    }

    /// The type of a mapping or list, whose bit is `kind`.
    pub(super) fn kind(&mut self, types: u8, kind: u8, subject: &Subject<'_>, trail: &Trail<'_>) -> Outcome {
        if types & kind != 0 {
            return Outcome::Holds;
        }
        self.fail(Code::WrongType, trail, || {
            Message::new(format!("{} stands where {} is wanted", subject.words(), describe::types(types)))
        })
    }

    /// The type of a scalar, which CloudFormation converts: `"5"` is a number, too, and 5 a text.
    fn scalar_type(&mut self, types: u8, value: &'t Value, trail: &Trail<'_>) -> Outcome {
        let numeric = |text: &str| {
            let integer = types & json_type::INTEGER != 0 && text.trim().parse::<i128>().is_ok();
            integer || types & json_type::NUMBER != 0 && text.trim().parse::<f64>().is_ok_and(f64::is_finite)
        };
        let fits = match value {
            Value::Null => types & json_type::NULL != 0,
            Value::Bool(_) => types & (json_type::BOOLEAN | json_type::STRING) != 0,
            Value::Number(number) => {
                types & (json_type::NUMBER | json_type::STRING) != 0
                    || types & json_type::INTEGER != 0 && number.as_f64().fract() == 0.0
            }
            Value::String(text) => {
                types & json_type::STRING != 0
                    || numeric(text)
                    || types & json_type::BOOLEAN != 0
                        && (text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"))
            }
            _ => true,
        };
        if fits {
            return Outcome::Holds;
        }
        self.fail(Code::WrongType, trail, || {
            Message::new(format!("{} stands where {} is wanted", Subject::Value(value).words(), describe::types(types)))
        })
    }

    fn enumeration(&mut self, values: Names, value: &'t Value, ignore_case: bool, trail: &Trail<'_>) -> Outcome {
        let text = match value {
            Value::String(text) => text.as_ref(),
            Value::Bool(true) => "true",
            Value::Bool(false) => "false",
            Value::Number(number) => {
                return if values.iter().any(|wanted| same_number(wanted, number)) {
                    Outcome::Holds
                } else {
                    self.fail(Code::UnknownEnum, trail, || not_one_of(values, &number.to_string()))
                };
            }
            _ => return Outcome::Holds,
        };
        let found = values.contains(text)
            || ignore_case && values.contains(&text.to_lowercase())
            // `True` is read as the truth value by CloudFormation.
            || text.eq_ignore_ascii_case("true") && values.contains("true")
            || text.eq_ignore_ascii_case("false") && values.contains("false");
        if found {
            return Outcome::Holds;
        }
        self.fail(Code::UnknownEnum, trail, || not_one_of(values, text))
    }

    fn number(&mut self, constraint: Constraint, number: f64, trail: &Trail<'_>) -> Outcome {
        let (fits, wanted) = match constraint {
            Constraint::Minimum(least) => (number >= least, format!("at least {least}")),
            Constraint::Maximum(most) => (number <= most, format!("at most {most}")),
            Constraint::Above(bound) => (number > bound, format!("more than {bound}")),
            Constraint::Below(bound) => (number < bound, format!("less than {bound}")),
            Constraint::MultipleOf(unit) => ((number / unit).fract() == 0.0, format!("a multiple of {unit}")),
            _ => return Outcome::Holds,
        };
        if fits {
            return Outcome::Holds;
        }
        self.fail(Code::Range, trail, || Message::new(format!("{number} must be {wanted}")))
    }

    fn text_constraint(&mut self, constraint: Constraint, text: &str, trail: &Trail<'_>) -> Outcome {
        match constraint {
            // A text has at most as many characters as bytes, so that most need not be counted.
            Constraint::MinLength(least) if text.len() < least || text.chars().count() < least => {
                self.fail(Code::Length, trail, || {
                    let wanted = describe::count(least, "character");
                    Message::new(format!("`{}` must have at least {wanted}", describe::shortened(text)))
                })
            }
            Constraint::MaxLength(most) if text.len() > most && text.chars().count() > most => {
                self.fail(Code::Length, trail, || {
                    let has = describe::count(text.chars().count(), "character");
                    Message::new(format!("`{}` has {has}, and may have at most {most}", describe::shortened(text)))
                })
            }
            Constraint::Pattern(pattern) if !pattern.matches(text) => self.pattern(pattern, text, trail),
            Constraint::NotPattern(pattern) if pattern.matches(text) => self.fail(Code::Pattern, trail, || {
                Message::new(format!("`{}` has a form that is excluded here", describe::shortened(text)))
            }),
            Constraint::Format(format) => match super::format::demand(format, text) {
                None => Outcome::Holds,
                Some(wanted) => self.fail(Code::Format, trail, || {
                    Message::new(format!("`{}` is not {wanted}", describe::shortened(text)))
                }),
            },
            _ => Outcome::Holds,
        }
    }

    fn pattern(&mut self, pattern: PatternId, text: &str, trail: &Trail<'_>) -> Outcome {
        self.fail(Code::Pattern, trail, || {
            Message::new(format!("`{}` does not have the form that is wanted here", describe::shortened(text)))
                .hint(Some(format!("it must match `{}`", pattern.text())))
        })
    }
}

fn not_one_of(values: Names, text: &str) -> Message {
    let list = || {
        let count = values.len();
        let names = describe::names(values.iter(), "and");
        if count == 1 { format!("the only value is {names}") } else { format!("the values are {names}") }
    };
    let hint = did_you_mean(text, values.iter()).unwrap_or_else(list);
    Message::new(format!("`{}` is none of the values that are allowed here", describe::shortened(text)))
        .hint(Some(hint))
}

/// A number, also one that is written as text.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number.as_f64()),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn same_number(text: &str, number: &Number) -> bool {
    text.parse::<f64>().is_ok_and(|wanted| wanted.to_bits() == number.as_f64().to_bits())
}

/// Whether a value is what a schema writes as `text`: `true` and `"true"` are the same to CloudFormation.
fn same_scalar(text: &str, value: &Value) -> bool {
    match value {
        Value::String(other) => other == text || matches!(text, "true" | "false") && other.eq_ignore_ascii_case(text),
        Value::Bool(other) => text == if *other { "true" } else { "false" },
        Value::Number(number) => same_number(text, number),
        _ => false,
    }
}
