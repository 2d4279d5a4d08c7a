//! Conditions, and the rules that are made of them.

use stackgen_template::{Function, Intrinsic, Trail, Value};

use crate::{Code, Finding};

/// The functions that conditions are made of.
const CONDITION_FUNCTIONS: [Function; 5] =
    [Function::Condition, Function::Equals, Function::And, Function::Or, Function::Not];

/// How many conditions `Fn::And` and `Fn::Or` take.
const CONDITIONS: std::ops::RangeInclusive<usize> = 2..=10;

/// A condition: made of the functions for conditions, in rules also of those for rules.
pub(super) fn condition_value(condition: &Value, trail: &Trail<'_>, in_rule: bool, findings: &mut Vec<Finding>) {
    let code = if in_rule { Code::RuleShape } else { Code::ConditionShape };
    let mut wrong = |trail: &Trail<'_>, message: String| findings.push(Finding::new(code, trail.to_path(), message));
    if matches!(condition, Value::Bool(_)) || condition.as_str().is_some_and(|text| matches!(text, "true" | "false")) {
        return;
    }
    let Some(intrinsic) = Intrinsic::in_condition(condition) else {
        wrong(trail, "a condition must be one of the functions for conditions, such as `Fn::Equals`".to_owned());
        return;
    };
    let trail = trail.key(intrinsic.key);
    match intrinsic.function {
        Function::Condition => {
            if intrinsic.name().is_none() {
                wrong(&trail, "`Condition` takes the name of a condition".to_owned());
            }
        }
        Function::Equals => {
            if intrinsic.items().is_none_or(|items| items.len() != 2) {
                wrong(&trail, "`Fn::Equals` takes a list of two values".to_owned());
            }
        }
        Function::Not => match intrinsic.items() {
            Some([inner]) => condition_value(inner, &trail.index(0), in_rule, findings),
            _ => wrong(&trail, "`Fn::Not` takes a list of one condition".to_owned()),
        },
        Function::And | Function::Or => match intrinsic.items() {
            Some(items) if CONDITIONS.contains(&items.len()) => {
                for (index, item) in items.iter().enumerate() {
                    condition_value(item, &trail.index(index), in_rule, findings);
                }
            }
            _ => wrong(&trail, format!("`{}` takes a list of two to ten conditions", intrinsic.key)),
        },
        Function::Transform | Function::Implies => {}
        _ if in_rule && intrinsic.is_condition() => {}
        _ => {
            let names: Vec<&str> = CONDITION_FUNCTIONS.iter().map(|function| function.key()).collect();
            wrong(&trail, format!("`{}` gives no condition: use `{}`", intrinsic.key, names.join("`, `")));
        }
    }
}

pub(super) fn rule_entry(rule: &Value, trail: &Trail<'_>, findings: &mut Vec<Finding>) {
    let shape = |trail: &Trail<'_>, message: &str| Finding::new(Code::RuleShape, trail.to_path(), message);
    let Value::Map(rule) = rule else {
        findings.push(shape(trail, "a rule must be a mapping"));
        return;
    };
    if let Some(condition) = rule.get("RuleCondition") {
        condition_value(condition, &trail.key("RuleCondition"), true, findings);
    }
    let trail_of_assertions = trail.key("Assertions");
    let Some(Value::List(assertions)) = rule.get("Assertions") else {
        findings.push(shape(trail, "a rule needs a list of `Assertions`"));
        return;
    };
    for (index, assertion) in assertions.iter().enumerate() {
        let trail = trail_of_assertions.index(index);
        match assertion.get("Assert") {
            Some(condition) => condition_value(condition, &trail.key("Assert"), true, findings),
            None => findings.push(shape(&trail, "an assertion needs an `Assert`")),
        }
    }
    for key in rule.keys().filter(|key| !matches!(*key, "RuleCondition" | "Assertions")) {
        findings.push(shape(&trail.key(key), "a rule has `RuleCondition` and `Assertions` only"));
    }
}
