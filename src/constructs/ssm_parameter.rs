//! Parameters of Systems Manager.

#[cfg(test)]
mod tests;

use stackgen_resources::typed::{Arg, Arn, Handle, Id, List};
use stackgen_resources::{kind, ssm};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

pub use stackgen_resources::ssm::parameter::Tier as ParameterTier;

use super::arn_parts::{concatenate, regional_arn};
use super::escape::{Settings, escape_hatch};
use super::{Outside, ParameterName};
use crate::core::{Attributes, Construct, Grant, Problem, RemovalPolicy, ResourceExt, Scope};

/// A parameter of Systems Manager: a small text that programs and other stacks read by its name.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("buses");
/// let feed = r#"{"system_id":"sf_muni","publish":true}"#;
/// let muni = stack.add("Muni", SsmParameter::string(feed).name(parameter_name!("/buses/feeds/sf_muni")));
///
/// let all_feeds: Grant = SsmParameter::read_by_path(parameter_name!("/buses/feeds"));
/// stack.output("Muni", muni.name());
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a parameter exists only once it is added to a stack"]
pub struct SsmParameter {
    value: Value,
    parameter_type: &'static str,
    name: Option<Value>,
    tier: Option<Value>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(SsmParameter);

/// Systems Manager's limits on values, in bytes.
const STANDARD_LIMIT: usize = 4_096;
const ADVANCED_LIMIT: usize = 8_192;

impl SsmParameter {
    /// A parameter that holds text: at most 4,096 bytes, or 8,192 in the advanced tier. No secrets: whoever sees the
    /// template sees it, and Systems Manager takes secrets from no template.
    pub fn string(value: impl Arg<String>) -> Self {
        Self::of("String", value.into_value())
    }

    /// A parameter that holds several texts, none with a comma in it.
    pub fn string_list(values: impl Arg<List<String>>) -> Self {
        let value = match values.into_value() {
            Value::List(values) => Expression::join(",", values).into(),
            list => Expression::join_list(",", list).into(),
        };
        Self::of("StringList", value)
    }

    fn of(parameter_type: &'static str, value: Value) -> Self {
        Self {
            value,
            parameter_type,
            name: None,
            tier: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// A parameter that no stack of the app holds, in the stack's account and region. It may also be one of AWS's own,
    /// such as `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64`, or encrypted.
    ///
    /// A name that is an expression is taken to have no `/` at its start, unless it begins with that as text.
    pub fn from_name(name: impl Arg<ParameterName>) -> SsmParameterHandle<Outside> {
        SsmParameterHandle::named(Outside, name.into_value())
    }

    /// Access to list all parameters below a path, such as `/buses/feeds`.
    pub fn read_by_path(path: impl Arg<ParameterName>) -> Grant {
        let path = path.into_value();
        let all = concatenate([path.clone(), "/*".into()]);
        Grant::new(["ssm:GetParametersByPath"], [arn_of(path), arn_of(all)], "lists the parameters below the path")
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(mut self, name: impl Arg<ParameterName>) -> Self {
        self.name = Some(name.into_value());
        self
    }

    /// Sets the tier: standard, when not set.
    pub fn tier(mut self, tier: impl Arg<ParameterTier>) -> Self {
        self.tier = Some(tier.into_value());
        self
    }

    /// Says what the parameter is for.
    pub fn description(self, description: impl Arg<String>) -> Self {
        self.raw("Description", description.into_value())
    }

    /// Takes only values that match a regular expression.
    pub fn allowed_pattern(self, pattern: impl Arg<String>) -> Self {
        self.raw("AllowedPattern", pattern.into_value())
    }

    /// What becomes of the parameter when it is removed from the stack: deleted, when not set.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.attributes = self.attributes.removal(policy);
        self
    }

    /// Reports a value that is longer than its tier allows.
    fn check_length(&self, scope: &mut Scope<'_>) {
        let tier = self.tier.as_ref().map_or(Some("Standard"), Value::as_str);
        let limit = if tier == Some("Standard") { STANDARD_LIMIT } else { ADVANCED_LIMIT };
        if let Some(text) = self.value.as_str()
            && text.len() > limit
        {
            let message = format!("the parameter's value has {} bytes, and its tier allows {limit}", text.len());
            scope.report(
                Problem::error(message)
                    .hint("use `.tier(ParameterTier::Advanced)`, up to 8,192 bytes, or an object in a bucket"),
            );
        }
    }
}

impl Construct for SsmParameter {
    type Handle = SsmParameterHandle;

    fn build(self, scope: &mut Scope<'_>) -> SsmParameterHandle {
        self.check_length(scope);
        let mut parameter =
            ssm::Parameter::new().type_(Expression::raw(self.parameter_type)).value(Expression::raw(self.value));
        if let Some(name) = &self.name {
            parameter = parameter.raw("Name", name.clone());
        }
        if let Some(tier) = self.tier {
            parameter = parameter.raw("Tier", tier);
        }
        let parameter = self.settings.apply(parameter, ssm::Parameter::raw);
        let id = scope.add("Default", parameter.with(self.attributes)).id().clone();
        // Names that CloudFormation makes up have no levels.
        let has_levels = self.name.as_ref().is_some_and(begins_with_slash);
        let reference = Value::from(Reference::to(id.clone()));
        let arn = if has_levels {
            regional_arn("ssm", ["parameter".into(), reference.clone()])
        } else {
            regional_arn("ssm", ["parameter/".into(), reference.clone()])
        };
        SsmParameterHandle { resource: id, name: Id::from_value(reference), arn: Arn::from_value(arn) }
    }
}

/// Whether a name has `/` at its start, as far as text of it is known.
fn begins_with_slash(name: &Value) -> bool {
    match name {
        Value::String(text) => text.starts_with('/'),
        Value::Map(map) => match (map.get("Fn::Sub"), map.get("Fn::Join")) {
            (Some(Value::String(text)), _) => text.starts_with('/'),
            (Some(Value::List(arguments)), _) => arguments.first().is_some_and(begins_with_slash),
            (_, Some(Value::List(arguments))) => {
                arguments.get(1).and_then(Value::as_list).and_then(<[_]>::first).is_some_and(begins_with_slash)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The ARN of the parameter called `name`.
fn arn_of(name: Value) -> Value {
    let front = if begins_with_slash(&name) { "parameter" } else { "parameter/" };
    regional_arn("ssm", [front.into(), name])
}

/// A parameter of Systems Manager, to read and to refer to. `R` is [`Outside`] for one that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct SsmParameterHandle<R = ResourceId> {
    resource: R,
    name: Id<kind::ssm::Parameter>,
    arn: Arn<kind::ssm::Parameter>,
}

impl Handle for SsmParameterHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl SsmParameterHandle {
    /// The value that the parameter has at deployment.
    pub fn value(&self) -> Expression {
        Reference::attribute(self.resource.clone(), "Value").into()
    }
}

impl<R> SsmParameterHandle<R> {
    fn named(resource: R, name: Value) -> Self {
        Self { resource, arn: Arn::from_value(arn_of(name.clone())), name: Id::from_value(name) }
    }

    /// The name.
    pub fn name(&self) -> Id<kind::ssm::Parameter> {
        self.name.clone()
    }

    /// The ARN.
    pub fn arn(&self) -> Arn<kind::ssm::Parameter> {
        self.arn.clone()
    }

    /// Access to read the value.
    pub fn read(&self) -> Grant {
        Grant::new(["ssm:GetParameter"], [&self.arn], "reads the parameter")
    }

    /// Access to set the value.
    pub fn write(&self) -> Grant {
        Grant::new(["ssm:PutParameter"], [&self.arn], "sets the parameter")
    }

    /// Access to do just `actions`, such as `ssm:GetParameters`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [&self.arn], "uses the parameter")
    }
}
