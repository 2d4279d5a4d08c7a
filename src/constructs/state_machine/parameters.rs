//! What a state hands to what it calls.

use stackgen_template::{Map, Text, Value};

use super::path::JsonPath;

/// A JSON object that a state makes of constants, references, and parts of its input.
///
/// ```
/// use stackgen::json_path;
/// use stackgen::constructs::states::Parameters;
///
/// let message = Parameters::new()
///     .value("state_machine", "weather-ingest")
///     .path("execution", json_path!("$$.Execution.Id"))
///     .object("failure", Parameters::new().path("error", json_path!("$.failure.Error")));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use]
pub struct Parameters(Map);

impl Parameters {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a constant, or a reference to a resource.
    pub fn value(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.0.insert(name, value);
        self
    }

    /// Adds what is at a path.
    pub fn path(mut self, name: &str, path: JsonPath) -> Self {
        self.0.insert(format!("{name}.$"), path);
        self
    }

    /// Adds what an intrinsic function of Step Functions gives, such as `States.Format('{} failed', $.id)`.
    pub fn function(mut self, name: &str, call: impl Into<Text>) -> Self {
        self.0.insert(format!("{name}.$"), call.into());
        self
    }

    /// Adds an object.
    pub fn object(self, name: impl Into<Text>, object: Self) -> Self {
        self.value(name, object)
    }

    pub(super) fn set(&mut self, name: &str, payload: Payload) {
        let (key, value) = match payload {
            Payload::Value(value) => (Text::Owned(name.to_owned()), value),
            Payload::Path(path) => (Text::Owned(format!("{name}.$")), path.into()),
        };
        self.0.insert(key, value);
    }
}

impl From<Map> for Parameters {
    fn from(members: Map) -> Self {
        Self(members)
    }
}

impl From<Parameters> for Value {
    fn from(parameters: Parameters) -> Self {
        parameters.0.into()
    }
}

/// A value of one parameter: a constant, an object made of parts of the input, or what is at a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// A constant, a reference to a resource, or an object.
    Value(Value),
    /// What is at a path.
    Path(JsonPath),
}

impl From<JsonPath> for Payload {
    fn from(path: JsonPath) -> Self {
        Self::Path(path)
    }
}

impl From<Parameters> for Payload {
    fn from(parameters: Parameters) -> Self {
        Self::Value(parameters.into())
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&'static str> for Payload {
    fn from(text: &'static str) -> Self {
        Self::Value(text.into())
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}
