//! Which conditions of a template can hold at the same time.
//!
//! A value under `Fn::If` is checked in each case in which it can occur. That takes more than trying both truth values of
//! every condition: of `IsProduction` and `Fn::Not [IsProduction]` always one holds, and a mistake that only occurs where
//! both do is none.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use stackgen_template::{Function, Intrinsic, Map, Value, to_json_compact};

/// The number of combinations of parameter values that are tried for one question.
const LARGEST_SEARCH: usize = 4096;

/// The longest chain of conditions, each made of the next, that is looked into.
const LONGEST_CHAIN: usize = 100;

/// A condition that is taken to hold or not to hold.
pub(crate) type Assumption<'t> = (&'t str, bool);

/// The conditions of a template.
#[derive(Debug)]
pub(crate) struct Worlds<'t> {
    formulas: HashMap<&'t str, Formula>,
    /// What each condition depends on, as far as it was asked for.
    needs: RefCell<HashMap<&'t str, Need>>,
    variables: Vec<Variable>,
    /// Whether something else restricts the parameters, so that not every combination of their values can occur.
    restricted: bool,
    answers: RefCell<HashMap<Vec<Assumption<'t>>, Option<bool>>>,
}

/// Something that a deployment decides.
#[derive(Debug)]
struct Variable {
    /// The texts that conditions compare it with, or all that it may have.
    values: Vec<String>,
    /// Whether it may have a value that is none of those.
    open: bool,
}

/// What a condition depends on.
#[derive(Debug, Clone)]
enum Need {
    /// It is being found out: who asks now depends on itself.
    Open,
    /// It cannot be told: conditions go in a circle, name one that is absent, or are made of too many others.
    Unknown,
    /// These variables, with the length of the longest chain of conditions below.
    Variables(BTreeSet<usize>, usize),
}

#[derive(Debug)]
enum Formula {
    Constant(bool),
    /// The variable has this value.
    Is(usize, usize),
    Named(String),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

impl<'t> Worlds<'t> {
    pub(crate) fn new(root: &'t Map) -> Self {
        let mut reader = FormulaReader {
            parameters: root.get("Parameters").and_then(Value::as_map),
            variables: Vec::new(),
            names: HashMap::new(),
        };
        let mut formulas = HashMap::new();
        for (name, condition) in root.get("Conditions").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
            formulas.insert(name, reader.formula(condition));
        }
        let restricted = root.contains_key("Rules");
        Self {
            formulas,
            needs: RefCell::default(),
            variables: reader.variables,
            restricted,
            answers: RefCell::default(),
        }
    }

    /// Whether all of the assumptions can hold at once; none when that cannot be told.
    pub(crate) fn possible(&self, assumptions: &[Assumption<'t>]) -> Option<bool> {
        if let Some(answer) = self.answers.borrow().get(assumptions) {
            return *answer;
        }
        let answer = self.search(assumptions);
        self.answers.borrow_mut().insert(assumptions.to_vec(), answer);
        answer
    }

    fn search(&self, assumptions: &[Assumption<'t>]) -> Option<bool> {
        let mut used = BTreeSet::new();
        for (name, _) in assumptions {
            used.extend(self.needs(name, 0)?.0);
        }
        let mut combinations = 1usize;
        for variable in &used {
            combinations = combinations.checked_mul(self.variables[*variable].choices())?;
            if combinations > LARGEST_SEARCH {
                return None;
            }
        }
        let mut choice = vec![0; self.variables.len()];
        for combination in 0..combinations {
            let mut rest = combination;
            for variable in &used {
                let choices = self.variables[*variable].choices();
                choice[*variable] = rest % choices;
                rest /= choices;
            }
            let mut known = HashMap::new();
            if assumptions.iter().all(|(name, wanted)| self.named(name, &choice, &mut known) == *wanted) {
                // Where rules restrict the parameters, what looks possible may be excluded.
                return if self.restricted { None } else { Some(true) };
            }
        }
        Some(false)
    }

    /// The variables that a condition depends on, and the length of the longest chain of conditions below it.
    ///
    /// `level` is how many conditions are being looked into already.
    fn needs(&self, name: &str, level: usize) -> Option<(BTreeSet<usize>, usize)> {
        let (name, formula) = self.formulas.get_key_value(name)?;
        let known = self.needs.borrow().get(name).cloned();
        match known {
            Some(Need::Variables(variables, depth)) => return Some((variables, depth)),
            Some(Need::Open | Need::Unknown) => return None,
            None => {}
        }
        if level > LONGEST_CHAIN {
            return None;
        }
        self.needs.borrow_mut().insert(name, Need::Open);
        let mut variables = BTreeSet::new();
        let depth = self.collect(formula, &mut variables, level + 1).filter(|depth| *depth < LONGEST_CHAIN);
        let need = depth.map_or(Need::Unknown, |depth| Need::Variables(variables.clone(), depth + 1));
        self.needs.borrow_mut().insert(name, need);
        depth.map(|depth| (variables, depth + 1))
    }

    /// Collects the variables of a formula, and gives the length of the longest chain of conditions in it.
    fn collect(&self, formula: &Formula, used: &mut BTreeSet<usize>, level: usize) -> Option<usize> {
        match formula {
            Formula::Constant(_) => Some(0),
            Formula::Is(variable, _) => {
                used.insert(*variable);
                Some(0)
            }
            Formula::Named(name) => {
                let (variables, depth) = self.needs(name, level)?;
                used.extend(variables);
                Some(depth)
            }
            Formula::Not(inner) => self.collect(inner, used, level),
            Formula::And(parts) | Formula::Or(parts) => {
                let mut deepest = 0;
                for part in parts {
                    deepest = deepest.max(self.collect(part, used, level)?);
                }
                Some(deepest)
            }
        }
    }

    /// Whether a condition holds with a choice of values. What is `known` is not worked out again.
    fn named<'a>(&'a self, name: &'a str, choice: &[usize], known: &mut HashMap<&'a str, bool>) -> bool {
        if let Some(value) = known.get(name) {
            return *value;
        }
        let value = self.formulas.get(name).is_some_and(|formula| self.value(formula, choice, known));
        known.insert(name, value);
        value
    }

    fn value<'a>(&'a self, formula: &'a Formula, choice: &[usize], known: &mut HashMap<&'a str, bool>) -> bool {
        match formula {
            Formula::Constant(value) => *value,
            Formula::Is(variable, value) => choice[*variable] == *value,
            Formula::Named(name) => self.named(name, choice, known),
            Formula::Not(inner) => !self.value(inner, choice, known),
            Formula::And(parts) => parts.iter().all(|part| self.value(part, choice, known)),
            Formula::Or(parts) => parts.iter().any(|part| self.value(part, choice, known)),
        }
    }
}

impl Variable {
    /// The number of cases to try: each value, and any other.
    fn choices(&self) -> usize {
        self.values.len() + usize::from(self.open)
    }
}

struct FormulaReader<'t> {
    parameters: Option<&'t Map>,
    variables: Vec<Variable>,
    /// The number of each variable: of parameters by name, of everything else by what stands there.
    names: HashMap<String, usize>,
}

/// A side of a comparison.
enum Side {
    Literal(String),
    Parameter(String),
    Other(String),
}

impl FormulaReader<'_> {
    fn formula(&mut self, condition: &Value) -> Formula {
        let Some(intrinsic) = Intrinsic::in_condition(condition) else {
            return match condition {
                Value::Bool(value) => Formula::Constant(*value),
                other => self.unknown(&to_json_compact(other)),
            };
        };
        let items = intrinsic.items().unwrap_or_default();
        match (intrinsic.function, items) {
            (Function::Condition, _) => match intrinsic.name() {
                Some(name) => Formula::Named(name.to_owned()),
                None => self.unknown(&to_json_compact(condition)),
            },
            (Function::Not, [inner]) => Formula::Not(Box::new(self.formula(inner))),
            (Function::And, parts) => Formula::And(parts.iter().map(|part| self.formula(part)).collect()),
            (Function::Or, parts) => Formula::Or(parts.iter().map(|part| self.formula(part)).collect()),
            (Function::Equals, [one, two]) => self.equals(one, two),
            _ => self.unknown(&to_json_compact(condition)),
        }
    }

    fn equals(&mut self, one: &Value, two: &Value) -> Formula {
        match (self.side(one), self.side(two)) {
            (Side::Literal(one), Side::Literal(two)) => Formula::Constant(one == two),
            (Side::Parameter(name), Side::Literal(text)) | (Side::Literal(text), Side::Parameter(name)) => {
                self.comparison(format!("Ref {name}"), text, Some(&name))
            }
            (Side::Other(what), Side::Literal(text)) | (Side::Literal(text), Side::Other(what)) => {
                self.comparison(what, text, None)
            }
            (Side::Parameter(one) | Side::Other(one), Side::Parameter(two) | Side::Other(two)) => {
                if one == two {
                    return Formula::Constant(true);
                }
                let (one, two) = if one < two { (one, two) } else { (two, one) };
                self.unknown(&format!("{one} = {two}"))
            }
        }
    }

    fn side(&self, value: &Value) -> Side {
        if let Some(name) = Intrinsic::of(value).and_then(|intrinsic| intrinsic.reference())
            && self.parameters.is_some_and(|parameters| parameters.contains_key(name))
        {
            return Side::Parameter(name.to_owned());
        }
        match value {
            Value::String(text) => Side::Literal(text.clone().into_owned()),
            Value::Bool(value) => Side::Literal(value.to_string()),
            Value::Number(number) => Side::Literal(number.to_string()),
            other => Side::Other(to_json_compact(other)),
        }
    }

    /// The formula that something is a certain text.
    fn comparison(&mut self, what: String, text: String, parameter: Option<&str>) -> Formula {
        let variable = match self.names.get(&what) {
            Some(variable) => *variable,
            None => {
                let allowed = parameter.and_then(|name| self.parameters?.get(name)?.get("AllowedValues")?.as_list());
                let values = allowed.unwrap_or_default().iter().filter_map(scalar_text).collect();
                self.variables.push(Variable { values, open: allowed.is_none() });
                self.names.insert(what, self.variables.len() - 1);
                self.variables.len() - 1
            }
        };
        let Variable { values, open } = &mut self.variables[variable];
        match values.iter().position(|value| *value == text) {
            Some(value) => Formula::Is(variable, value),
            None if *open => {
                values.push(text);
                Formula::Is(variable, values.len() - 1)
            }
            // None of the allowed values.
            None => Formula::Constant(false),
        }
    }

    fn unknown(&mut self, what: &str) -> Formula {
        self.comparison(what.to_owned(), "true".to_owned(), None)
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone().into_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn root(text: &str) -> Map {
        stackgen_template::read_json(text).unwrap().into_template().unwrap().0.into_root()
    }

    const TEMPLATE: &str = r#"{
        "Parameters": {"Stage": {"Type": "String", "AllowedValues": ["dev", "prod"]}, "Name": {"Type": "String"}},
        "Conditions": {
            "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
            "Dev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
            "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
            "Test": {"Fn::Equals": [{"Ref": "Stage"}, "test"]},
            "Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]},
            "NamedProd": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Named"}]},
            "Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
            "There": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
            "Circle": {"Fn::Not": [{"Condition": "Circle"}]}
        }
    }"#;

    #[test]
    fn combinations_are_told_possible_or_not() {
        let root = root(TEMPLATE);
        let worlds = Worlds::new(&root);
        for (assumptions, possible) in [
            (&[("Prod", true)][..], Some(true)),
            (&[("Prod", true), ("NotProd", true)], Some(false)),
            (&[("Prod", false), ("Dev", false)], Some(false)),
            (&[("Test", true)], Some(false)),
            (&[("NamedProd", true), ("Named", false)], Some(false)),
            (&[("NamedProd", false), ("Named", true)], Some(true)),
            (&[("Here", true), ("There", true)], Some(false)),
            (&[("Here", false), ("There", false)], Some(true)),
            (&[("Circle", true)], None),
            (&[("Absent", true)], None),
        ] {
            assert_eq!(worlds.possible(assumptions), possible, "{assumptions:?}");
        }
    }

    #[test]
    fn rules_make_what_seems_possible_uncertain() {
        let mut root = root(TEMPLATE);
        root.insert("Rules", Map::new());
        let worlds = Worlds::new(&root);
        assert_eq!(worlds.possible(&[("Prod", true)]), None);
        assert_eq!(worlds.possible(&[("Prod", true), ("NotProd", true)]), Some(false));
    }
}
