//! States, and what they have in common.

use stackgen_resources::typed::Arg;
use stackgen_template::{Map, Text, Value};

use super::flow::StateRef;
use super::parameters::Parameters;
use super::path::JsonPath;
use crate::constructs::json_text::number;
use crate::core::{Grant, Period, Problem};

/// The longest time of a state: Step Functions' limit in seconds.
pub(super) const LONGEST: i64 = 99_999_999;

/// A complete state: it ends the flow, or says where the flow goes on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where the flow goes on",
    label = "a state without a transition",
    note = "call `.next(&state)`, `.end()`, or for a choice `.otherwise(&state)` at last"
)]
pub trait State {
    /// The state as the definition holds it.
    fn into_body(self) -> StateBody;
}

/// A state as a definition holds it.
#[derive(Debug, Clone)]
pub struct StateBody {
    pub(super) fields: Map,
    /// The states that the flow may go to from here.
    pub(super) next: Vec<StateRef>,
    /// What the state machine must be allowed for this state.
    pub(super) grants: Vec<Grant>,
    /// Whether an express state machine cannot run the state.
    pub(super) is_standard_only: bool,
    /// What is wrong, found before there was anyone to tell.
    pub(super) faults: Vec<String>,
    /// The names of the states within this one.
    pub(super) inner_names: Vec<Text>,
    /// What is wrong with the states within this one.
    pub(super) inner_problems: Vec<Problem>,
}

impl StateBody {
    pub(super) fn new(state_type: &'static str) -> Self {
        Self {
            fields: Map::from_iter([(Text::Borrowed("Type"), state_type.into())]),
            next: Vec::new(),
            grants: Vec::new(),
            is_standard_only: false,
            faults: Vec::new(),
            inner_names: Vec::new(),
            inner_problems: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.fields.insert(name, value);
    }

    /// Sets a field that must name one place.
    pub(super) fn set_reference(&mut self, name: &'static str, path: JsonPath) {
        if !path.is_reference() {
            self.faults.push(format!("`{name}` is `{path}`, which may be several places"));
        }
        self.set(name, path);
    }

    pub(super) fn push(&mut self, list: &'static str, item: impl Into<Value>) {
        if let Value::List(items) = self.fields.entry_or_insert_with(list, || Value::List(Vec::new())) {
            items.push(item.into());
        }
    }

    pub(super) fn go_to(&mut self, state: &StateRef) -> Text {
        self.next.push(state.clone());
        state.name()
    }
}

/// A state with its transition.
#[derive(Debug, Clone)]
#[must_use = "a state is part of the flow only once it is added"]
pub struct Transition(pub(super) StateBody);

impl State for Transition {
    fn into_body(self) -> StateBody {
        self.0
    }
}

/// Writes what states of several types have, for a type that holds a [`StateBody`] as its first field.
macro_rules! state_methods {
    (all) => {
        /// Says what the state is for.
        pub fn comment(mut self, comment: impl Into<stackgen_template::Text>) -> Self {
            self.0.set("Comment", comment.into());
            self
        }

        /// Works on a part of the input in place of the whole.
        pub fn input_path(mut self, path: $crate::constructs::states::JsonPath) -> Self {
            self.0.set("InputPath", path);
            self
        }

        /// Passes a part of the result on in place of the whole.
        pub fn output_path(mut self, path: $crate::constructs::states::JsonPath) -> Self {
            self.0.set("OutputPath", path);
            self
        }
    };
    (transition) => {
        /// Goes on with `state`.
        pub fn next(mut self, state: &$crate::constructs::states::StateRef) -> $crate::constructs::states::Transition {
            let name = self.0.go_to(state);
            self.0.set("Next", name);
            $crate::constructs::states::Transition(self.0)
        }

        /// Ends the execution, or the branch, with success.
        pub fn end(mut self) -> $crate::constructs::states::Transition {
            self.0.set("End", true);
            $crate::constructs::states::Transition(self.0)
        }
    };
    (result) => {
        /// Puts the result at a place in the input, and passes both on. When not said, the result replaces the input.
        pub fn result_path(mut self, path: $crate::constructs::states::JsonPath) -> Self {
            if path.is_context() {
                self.0.faults.push(format!("`ResultPath` is `{path}`: the context cannot be written to"));
            }
            self.0.set_reference("ResultPath", path);
            self
        }

        /// Passes the input on as if the state had no result.
        pub fn discard_result(mut self) -> Self {
            self.0.set("ResultPath", stackgen_template::Value::Null);
            self
        }
    };
    (call) => {
        /// Makes an object of the result before it is put into the input.
        pub fn result_selector(mut self, selector: $crate::constructs::states::Parameters) -> Self {
            self.0.set("ResultSelector", selector);
            self
        }

        /// Tries again after certain errors. Of several, the first that names the error holds.
        pub fn retry(mut self, retry: $crate::constructs::states::Retry) -> Self {
            retry.add_to(&mut self.0);
            self
        }

        /// Goes on with another state after certain errors, when it was retried enough. Of several, the first that names
        /// the error holds.
        pub fn catch(mut self, catch: $crate::constructs::states::Catch) -> Self {
            catch.add_to(&mut self.0);
            self
        }
    };
}
pub(super) use state_methods;

/// Ends the execution, or the branch, with success.
#[derive(Debug, Clone)]
#[must_use]
pub struct Succeed(StateBody);

impl Succeed {
    /// The state.
    pub fn new() -> Self {
        Self(StateBody::new("Succeed"))
    }

    state_methods!(all);
}

impl Default for Succeed {
    fn default() -> Self {
        Self::new()
    }
}

impl State for Succeed {
    fn into_body(self) -> StateBody {
        self.0
    }
}

/// Ends the execution with a failure.
#[derive(Debug, Clone)]
#[must_use]
pub struct Fail(StateBody);

impl Fail {
    /// Fails with an error of one's own and its cause in words.
    pub fn new(error: impl Into<Text>, cause: impl Into<Text>) -> Self {
        let mut body = StateBody::new("Fail");
        body.set("Error", error.into());
        body.set("Cause", cause.into());
        Self(body)
    }

    /// Fails with an error and a cause that stand in the input.
    pub fn from_paths(error: JsonPath, cause: JsonPath) -> Self {
        let mut body = StateBody::new("Fail");
        body.set_reference("ErrorPath", error);
        body.set_reference("CausePath", cause);
        Self(body)
    }

    /// Says what the state is for.
    pub fn comment(mut self, comment: impl Into<Text>) -> Self {
        self.0.set("Comment", comment.into());
        self
    }
}

impl State for Fail {
    fn into_body(self) -> StateBody {
        self.0
    }
}

/// Passes its input on, changed or not.
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on: `.next(&state)` or `.end()`"]
pub struct Pass(StateBody);

impl Pass {
    /// Passes the input on as it is.
    pub fn new() -> Self {
        Self(StateBody::new("Pass"))
    }

    /// Gives a constant as the result.
    pub fn result(mut self, value: impl Into<Value>) -> Self {
        self.0.set("Result", value);
        self
    }

    /// Makes the result of parts of the input.
    pub fn parameters(mut self, parameters: Parameters) -> Self {
        self.0.set("Parameters", parameters);
        self
    }

    state_methods!(all);
    state_methods!(result);
    state_methods!(transition);
}

impl Default for Pass {
    fn default() -> Self {
        Self::new()
    }
}

/// Waits.
#[derive(Debug, Clone)]
#[must_use = "say where the flow goes on: `.next(&state)` or `.end()`"]
pub struct Wait(StateBody);

impl Wait {
    fn with(field: &'static str, value: impl Into<Value>) -> Self {
        let mut body = StateBody::new("Wait");
        body.set(field, value);
        Self(body)
    }

    /// Waits for a time.
    pub fn time(duration: impl Arg<Period<0, LONGEST>>) -> Self {
        Self::with("Seconds", number(duration.into_value()))
    }

    /// Waits until a moment, such as `2030-01-31T06:00:00Z`.
    pub fn until(moment: impl Into<Text>) -> Self {
        Self::with("Timestamp", moment.into())
    }

    /// Waits for the number of seconds that stands in the input.
    pub fn time_at(path: JsonPath) -> Self {
        let mut wait = Self(StateBody::new("Wait"));
        wait.0.set_reference("SecondsPath", path);
        wait
    }

    /// Waits until the moment that stands in the input.
    pub fn until_at(path: JsonPath) -> Self {
        let mut wait = Self(StateBody::new("Wait"));
        wait.0.set_reference("TimestampPath", path);
        wait
    }

    state_methods!(all);
    state_methods!(transition);
}
