//! Parameters of Systems Manager.

use stackgen_resources::typed::{Arg, Arn, Handle, Id, List};
use stackgen_resources::{kind, ssm};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

pub use stackgen_resources::ssm::parameter::Tier as ParameterTier;

use super::arn_parts::{concatenate, regional_arn};
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
    properties: Vec<(&'static str, Value)>,
    attributes: Attributes,
}

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
        Self { value, parameter_type, name: None, tier: None, properties: Vec::new(), attributes: Attributes::new() }
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

    /// Sets the attributes of the resource, such as a condition.
    pub fn with(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// Sets any property of the `AWS::SSM::Parameter`.
    pub fn raw(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.properties.push((name, value.into()));
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
        let mut resource =
            ssm::Parameter::new().type_(Expression::raw(self.parameter_type)).value(Expression::raw(self.value));
        let named = self.name.clone().map(|name| ("Name", name)).into_iter();
        for (name, value) in named.chain(self.tier.map(|tier| ("Tier", tier))).chain(self.properties) {
            resource = resource.raw(name, value);
        }
        let id = scope.add("Default", resource.with(self.attributes)).id().clone();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::parameter_name;
    use crate::constructs::testing::{problems_of, template_of};

    #[test]
    fn parameters() {
        insta::assert_snapshot!(template_of(|stack| {
            let plain =
                stack.add("Plain", SsmParameter::string("on").allowed_pattern("on|off").description("the switch"));
            let level = stack.add("Level", SsmParameter::string("3").name(parameter_name!("/shop/level")));
            stack.add("Zones", SsmParameter::string_list(["a", "b"]).tier(ParameterTier::Advanced));
            stack.output("PlainArn", plain.arn());
            stack.output("LevelArn", level.arn());
            stack.output("Level", level.value());
        }));
    }

    #[test]
    fn arns_have_one_slash_before_the_name() {
        let ends = |name: Value, end: &str| {
            let arn = format!("{:?}", arn_of(name));
            assert!(arn.contains(end), "{arn}");
        };
        ends("/shop/level".into(), ":parameter/shop/level");
        ends("level".into(), ":parameter/level");
        ends(Expression::sub("/${AWS::StackName}/level").into(), ":parameter\"");
        ends(Expression::join("", ["/", "level"]).into(), ":parameter/level");
        ends(Expression::reference("Name").into(), ":parameter/\"");
    }

    #[test]
    fn values_are_as_long_as_their_tier_allows() {
        let problems = |parameter: SsmParameter| {
            problems_of(|stack| {
                stack.add("Parameter", parameter);
            })
            .len()
        };
        let long = "x".repeat(4_097);
        assert_eq!(problems(SsmParameter::string(long.clone())), 1);
        assert_eq!(problems(SsmParameter::string(long).tier(ParameterTier::Advanced)), 0);
    }
}
