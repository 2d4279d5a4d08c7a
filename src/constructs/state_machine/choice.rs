//! Where the flow divides.

use stackgen_template::{Map, Number, Text, Value};

use super::flow::StateRef;
use super::path::JsonPath;
use super::state::{StateBody, Transition, state_methods};

/// Goes on with the first state whose rule holds.
///
/// ```
/// use stackgen::json_path;
/// use stackgen::constructs::states::{Choice, Fail, Flow, Succeed};
///
/// let mut flow = Flow::new();
/// let many = flow.add("Many", Succeed::new());
/// let few = flow.add("Few", Fail::new("TooFew", "not enough to go on"));
/// let count = json_path!("$.count");
/// let rule = count.is_present().and(count.is_at_least(5));
/// let first = flow.add("HowMany", Choice::when(rule, &many).otherwise(&few));
/// ```
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on when no rule holds: `.otherwise(&state)`"]
pub struct Choice(StateBody);

impl Choice {
    /// Goes on with `state` when `rule` holds.
    pub fn when(rule: ChoiceRule, state: &StateRef) -> Self {
        Self(StateBody::new("Choice")).or_when(rule, state)
    }

    /// Goes on with `state` when `rule` holds, and none before it.
    pub fn or_when(mut self, rule: ChoiceRule, state: &StateRef) -> Self {
        let next = self.0.go_to(state);
        let mut fields = rule.fields;
        fields.push("Next", next);
        self.0.faults.extend(rule.faults);
        self.0.push("Choices", fields);
        self
    }

    /// Goes on with `state` when no rule holds.
    pub fn otherwise(mut self, state: &StateRef) -> Transition {
        let name = self.0.go_to(state);
        self.0.set("Default", name);
        Transition(self.0)
    }

    /// Fails the execution with `States.NoChoiceMatched` when no rule holds.
    pub fn otherwise_fail(self) -> Transition {
        Transition(self.0)
    }

    state_methods!(all);
}

/// A condition on the input of a [`Choice`]: made by the methods of [`JsonPath`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ChoiceRule {
    fields: Map,
    faults: Vec<String>,
}

impl ChoiceRule {
    fn combine(operator: &'static str, rules: impl IntoIterator<Item = Self>) -> Self {
        let mut faults = Vec::new();
        let rules: Vec<Value> = rules
            .into_iter()
            .map(|rule| {
                faults.extend(rule.faults);
                rule.fields.into()
            })
            .collect();
        if rules.is_empty() {
            faults.push(format!("`{operator}` of a choice has no rules"));
        }
        Self { fields: Map::from_iter([(Text::Borrowed(operator), Value::List(rules))]), faults }
    }

    /// When all of the rules hold. A later rule is not looked at when an earlier one fails.
    pub fn all(rules: impl IntoIterator<Item = Self>) -> Self {
        Self::combine("And", rules)
    }

    /// When one of the rules holds or more.
    pub fn any(rules: impl IntoIterator<Item = Self>) -> Self {
        Self::combine("Or", rules)
    }

    /// When both rules hold.
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// When one of the two rules holds or both.
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    /// When the rule does not hold.
    #[expect(clippy::should_implement_trait, reason = "reads like `and` and `or`, which no operator can stand for")]
    pub fn not(self) -> Self {
        Self { fields: Map::from_iter([(Text::Borrowed("Not"), self.fields.into())]), faults: self.faults }
    }
}

macro_rules! tests {
    ($($(#[$doc:meta])* $method:ident $operator:literal;)*) => {
        $($(#[$doc])*
        pub fn $method(&self) -> ChoiceRule {
            self.rule($operator, true)
        })*
    };
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident $operator:literal ($operand:ident: $type:ty => $value:expr);)*) => {
        $($(#[$doc])*
        pub fn $method(&self, $operand: $type) -> ChoiceRule {
            self.rule($operator, $value)
        })*
    };
}

/// Rules of choices. A rule on what is not there fails the execution, except [`JsonPath::is_present`]: ask that first.
impl JsonPath {
    fn rule(&self, operator: &'static str, operand: impl Into<Value>) -> ChoiceRule {
        let mut faults = Vec::new();
        if !self.is_reference() {
            faults.push(format!("a choice compares `{self}`, which may be several places"));
        }
        let fields = [(Text::Borrowed("Variable"), self.clone().into()), (Text::Borrowed(operator), operand.into())];
        ChoiceRule { fields: Map::from_iter(fields), faults }
    }

    tests! {
        /// When there is something at the path, even `null`.
        is_present "IsPresent";
        /// When it is `null`.
        is_null "IsNull";
        /// When it is a string.
        is_string "IsString";
        /// When it is a number.
        is_numeric "IsNumeric";
        /// When it is `true` or `false`.
        is_boolean "IsBoolean";
        /// When it is text that says a moment, such as `2030-01-31T06:00:00Z`.
        is_timestamp "IsTimestamp";
    }

    comparisons! {
        /// When it is this text.
        equals "StringEquals" (text: impl Into<Text> => text.into());
        /// When it is the text at another path.
        equals_path "StringEqualsPath" (other: Self => other);
        /// When it is text of this form, in which `*` stands for any characters.
        matches "StringMatches" (form: impl Into<Text> => form.into());
        /// When it comes after this text.
        comes_after "StringGreaterThan" (text: impl Into<Text> => text.into());
        /// When it comes before this text.
        comes_before "StringLessThan" (text: impl Into<Text> => text.into());
        /// When it is `true`, or `false`.
        is "BooleanEquals" (value: bool => value);
        /// When it is the truth value at another path.
        is_path "BooleanEqualsPath" (other: Self => other);
        /// When it is this number.
        is_number "NumericEquals" (number: impl Into<Number> => Value::Number(number.into()));
        /// When it is the number at another path.
        is_number_path "NumericEqualsPath" (other: Self => other);
        /// When it is greater.
        is_greater_than "NumericGreaterThan" (number: impl Into<Number> => Value::Number(number.into()));
        /// When it is as great or greater.
        is_at_least "NumericGreaterThanEquals" (number: impl Into<Number> => Value::Number(number.into()));
        /// When it is as great as the number at another path, or greater.
        is_at_least_path "NumericGreaterThanEqualsPath" (other: Self => other);
        /// When it is less.
        is_less_than "NumericLessThan" (number: impl Into<Number> => Value::Number(number.into()));
        /// When it is less than the number at another path.
        is_less_than_path "NumericLessThanPath" (other: Self => other);
        /// When it is as great or less.
        is_at_most "NumericLessThanEquals" (number: impl Into<Number> => Value::Number(number.into()));
        /// When it is this moment, such as `2030-01-31T06:00:00Z`.
        is_at "TimestampEquals" (moment: impl Into<Text> => moment.into());
        /// When it is later than this moment.
        is_after "TimestampGreaterThan" (moment: impl Into<Text> => moment.into());
        /// When it is later than the moment at another path.
        is_after_path "TimestampGreaterThanPath" (other: Self => other);
        /// When it is earlier than this moment.
        is_before "TimestampLessThan" (moment: impl Into<Text> => moment.into());
        /// When it is earlier than the moment at another path.
        is_before_path "TimestampLessThanPath" (other: Self => other);
    }
}
