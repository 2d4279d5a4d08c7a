//! The states of a state machine and the ways between them (Amazon States Language).

mod fields;

use std::collections::HashSet;

use stackgen_template::{Map, Path, Segment, Trail, Value};

use super::values::is_computed;
use crate::similar::did_you_mean;
use crate::{Code, Finding, Severity};
use fields::{FIELDS, JSON_PATH, JSONATA, TYPES, has_function, ways_out};

/// Stands in a definition for what only a deployment knows.
pub(super) const UNKNOWN: &str = "\u{1}";

/// Checks a definition. `deep` says that the template holds it as a mapping, so that paths lead into it.
pub(super) fn check(definition: &Value, trail: &Trail<'_>, deep: bool, findings: &mut Vec<Finding>) {
    let Value::Map(machine) = definition else {
        findings.push(Finding::new(
            Code::StateMachineShape,
            trail.to_path(),
            "the definition of a state machine must be a mapping",
        ));
        return;
    };
    let mut checker = Checker { findings, path: trail.to_path(), deep, names: HashSet::new() };
    checker.machine(machine, false);
}

struct Checker<'f, 'v> {
    findings: &'f mut Vec<Finding>,
    path: Path,
    deep: bool,
    /// The names of the states so far: they must differ in the whole machine.
    names: HashSet<&'v str>,
}

/// The text of a field; none when it is something else or not known before deployment.
fn known<'v>(map: &'v Map, name: &str) -> Option<&'v str> {
    map.get(name).and_then(Value::as_str).filter(|text| !is_unknown(text))
}

fn is_unknown(text: &str) -> bool {
    text.contains(UNKNOWN) || text.contains("${")
}

impl<'v> Checker<'_, 'v> {
    fn report(&mut self, code: Code, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding::new(code, self.path.clone(), message));
        self.findings.last_mut().expect("just pushed")
    }

    fn inside(&mut self, steps: &[Segment], check: impl FnOnce(&mut Self)) {
        if self.deep {
            self.path.extend(steps.iter().cloned());
        }
        check(self);
        if self.deep {
            for _ in steps {
                self.path.pop();
            }
        }
    }

    /// A machine, or the part of one that a state runs.
    fn machine(&mut self, machine: &'v Map, jsonata: bool) {
        // Parts that a macro or a function puts in are not known.
        if machine.keys().any(|key| key.starts_with("Fn::")) {
            return;
        }
        let jsonata = match known(machine, "QueryLanguage") {
            Some("JSONata") => true,
            Some("JSONPath") => false,
            _ => jsonata,
        };
        let states = match machine.get("States") {
            Some(value) if is_computed(value) => return,
            Some(Value::Map(states)) if !states.is_empty() => states,
            _ => {
                self.report(Code::StateMachineShape, "a state machine needs `States`");
                return;
            }
        };
        if states.keys().any(|key| key.starts_with("Fn::")) {
            return;
        }
        let start = match machine.get("StartAt") {
            None => {
                self.report(Code::StateMachineShape, "a state machine needs `StartAt`: the name of its first state");
                None
            }
            Some(_) => known(machine, "StartAt"),
        };
        if let Some(start) = start {
            self.transition(start, "StartAt", states, "the state machine");
        }
        let mut ends = false;
        let mut certain = true;
        for (name, state) in states.iter() {
            self.inside(&["States".into(), name.to_owned().into()], |checker| {
                if !checker.names.insert(name) {
                    let finding = checker.report(
                        Code::StateMachineShape,
                        format!("another state of the machine is called `{name}`, too"),
                    );
                    finding.severity = Severity::Warning;
                }
                match state {
                    Value::Map(body) if !is_computed(state) && !body.keys().any(|key| key.starts_with("Fn::")) => {
                        ends |= checker.state(name, body, states, jsonata);
                    }
                    Value::Map(_) | Value::Reference(_) => certain = false,
                    _ => {
                        checker.report(Code::StateMachineShape, format!("the state `{name}` must be a mapping"));
                    }
                }
            });
        }
        if !certain {
            return;
        }
        if !ends {
            let finding = self.report(
                Code::StateTerminal,
                "no state ends the machine: one needs `End`, or must be of the type `Succeed` or `Fail`",
            );
            finding.severity = Severity::Warning;
        }
        if let Some(start) = start.filter(|start| states.contains_key(start)) {
            self.reachable(start, states);
        }
    }

    fn reachable(&mut self, start: &'v str, states: &'v Map) {
        let mut reached: HashSet<&str> = HashSet::from([start]);
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            let Some(Value::Map(state)) = states.get(name) else { continue };
            let mut targets = Vec::new();
            if !ways_out(state, &mut targets) {
                // A way that is not known may lead anywhere.
                return;
            }
            open.extend(targets.into_iter().filter(|target| reached.insert(target)));
        }
        for name in states.keys().filter(|name| !reached.contains(name)) {
            self.inside(&["States".into(), name.to_owned().into()], |checker| {
                checker.report(Code::StateUnreachable, format!("no way leads to the state `{name}`"));
            });
        }
    }

    /// A name that should be that of a state.
    fn transition(&mut self, target: &str, field: &'static str, states: &Map, from: &str) {
        if states.contains_key(target) {
            return;
        }
        let hint = did_you_mean(target, states.keys());
        self.inside(&[field.into()], |checker| {
            let finding =
                checker.report(Code::StateMissing, format!("{from} goes on with `{target}`, which is no state"));
            finding.hint = hint;
        });
    }

    /// A state; says whether it may end the machine.
    fn state(&mut self, name: &'v str, state: &'v Map, states: &'v Map, jsonata: bool) -> bool {
        let this = format!("the state `{name}`");
        let Some(type_value) = state.get("Type") else {
            self.report(Code::StateMachineShape, format!("{this} needs a `Type`"));
            return true;
        };
        let Some(type_name) = type_value.as_str().filter(|text| !is_unknown(text)) else { return true };
        let Some((_, required)) = TYPES.iter().find(|(known, _)| *known == type_name) else {
            let hint = did_you_mean(type_name, TYPES.map(|(name, _)| name));
            let finding = self
                .report(Code::StateMachineShape, format!("{this} has the type `{type_name}`, which does not exist"));
            finding.hint = hint;
            return true;
        };
        for field in required.iter().filter(|field| !state.contains_key(field)) {
            self.report(Code::StateMachineShape, format!("{this} is a {type_name} state and needs `{field}`"));
        }
        for field in state.keys().filter(|field| !FIELDS.contains(field)) {
            if let Some(hint) = did_you_mean(field, FIELDS).filter(|_| !matches!(field, "Outputs" | "Assign" | "Label"))
            {
                let finding = self.report(Code::StateMachineShape, format!("{this} has the unknown field `{field}`"));
                finding.hint = Some(hint);
            }
        }
        self.query_language(&this, state, jsonata);
        let end = match state.get("End") {
            Some(Value::Bool(end)) => Some(*end),
            Some(_) => None,
            None => Some(false),
        };
        let next = state.get("Next");
        match type_name {
            "Succeed" | "Fail" => {
                if next.is_some() || end == Some(true) {
                    self.report(
                        Code::StateMachineShape,
                        format!("{this} is a {type_name} state, which has neither `Next` nor `End`"),
                    );
                }
            }
            "Choice" => self.choices(&this, state, states, jsonata),
            _ => match (next, end) {
                (None, Some(false)) => {
                    self.report(Code::StateMachineShape, format!("{this} needs `Next` or `End: true`"));
                }
                (Some(_), Some(true)) => {
                    self.report(Code::StateMachineShape, format!("{this} has both `Next` and `End`"));
                }
                _ => {}
            },
        }
        if type_name != "Choice"
            && let Some(target) = known(state, "Next")
        {
            self.transition(target, "Next", states, &this);
        }
        if let Some(Value::List(handlers)) = state.get("Catch") {
            for (index, handler) in handlers.iter().enumerate() {
                let Value::Map(handler) = handler else { continue };
                self.inside(&["Catch".into(), index.into()], |checker| {
                    if let Some(target) = known(handler, "Next") {
                        checker.transition(target, "Next", states, &this);
                    } else if !handler.contains_key("Next") && !has_function(handler) {
                        checker.report(Code::StateMachineShape, format!("a `Catch` of {this} needs `Next`"));
                    }
                });
            }
        }
        match type_name {
            "Wait" => self.wait(&this, state),
            "Parallel" => {
                for (index, branch) in
                    state.get("Branches").and_then(Value::as_list).unwrap_or_default().iter().enumerate()
                {
                    if let Value::Map(branch) = branch {
                        self.inside(&["Branches".into(), index.into()], |checker| checker.machine(branch, jsonata));
                    }
                }
            }
            "Map" => {
                let processor =
                    ["ItemProcessor", "Iterator"].into_iter().find_map(|name| Some((name, state.get(name)?)));
                match processor {
                    Some((field, Value::Map(processor))) => {
                        self.inside(&[field.into()], |checker| checker.machine(processor, jsonata));
                    }
                    Some(_) => {}
                    None => {
                        self.report(
                            Code::StateMachineShape,
                            format!("{this} is a Map state and needs `ItemProcessor`"),
                        );
                    }
                }
            }
            _ => {}
        }
        matches!(type_name, "Succeed" | "Fail") || end != Some(false)
    }

    fn query_language(&mut self, this: &str, state: &Map, jsonata: bool) {
        let own = match state.get("QueryLanguage") {
            None => Some(jsonata),
            Some(value) => match value.as_str() {
                Some("JSONata") => Some(true),
                Some("JSONPath") => Some(false),
                _ => None,
            },
        };
        let (language, wrong): (_, &[&str]) = match own {
            Some(true) => ("JSONata", &JSON_PATH),
            Some(false) => ("JSONPath", &JSONATA),
            None => return,
        };
        for field in wrong.iter().filter(|field| state.contains_key(field)) {
            self.report(Code::StateMachineShape, format!("{this} is written in {language}, which has no `{field}`"));
        }
    }

    fn choices(&mut self, this: &str, state: &'v Map, states: &'v Map, jsonata: bool) {
        if state.contains_key("Next") || state.contains_key("End") {
            self.report(
                Code::StateMachineShape,
                format!("{this} is a Choice state, which has neither `Next` nor `End`"),
            );
        }
        if let Some(target) = known(state, "Default") {
            self.transition(target, "Default", states, this);
        }
        let Some(Value::List(choices)) = state.get("Choices") else { return };
        if choices.is_empty() {
            self.report(Code::StateMachineShape, format!("{this} has no choices"));
        }
        let language = known(state, "QueryLanguage").map_or(jsonata, |language| language == "JSONata");
        for (index, choice) in choices.iter().enumerate() {
            let Value::Map(choice) = choice else { continue };
            if has_function(choice) {
                continue;
            }
            self.inside(&["Choices".into(), index.into()], |checker| {
                match (choice.get("Next"), known(choice, "Next")) {
                    (_, Some(target)) => checker.transition(target, "Next", states, this),
                    (None, _) => {
                        checker.report(Code::StateMachineShape, format!("choice {index} of {this} needs `Next`"));
                    }
                    _ => {}
                }
                if language && !choice.contains_key("Condition") {
                    checker.report(Code::StateMachineShape, format!("choice {index} of {this} needs a `Condition`"));
                }
            });
        }
    }

    fn wait(&mut self, this: &str, state: &Map) {
        let set =
            ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"].iter().filter(|name| state.contains_key(name));
        let count = set.count();
        if count != 1 {
            let much = if count == 0 { "nothing" } else { "several things" };
            let finding = self.report(Code::StateMachineShape, format!("{this} waits for {much}"));
            finding.hint = Some("give one of `Seconds`, `SecondsPath`, `Timestamp` and `TimestampPath`".to_owned());
        }
    }
}
