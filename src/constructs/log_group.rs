//! Log groups of CloudWatch.

use std::fmt;

use stackgen_resources::typed::{Arg, Arn, Handle, Id, TakesExpression};
use stackgen_resources::{kind, logs};
use stackgen_template::{Reference, ResourceId, Text, Value};

use super::LogGroupName;
use super::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, RemovalPolicy, ResourceExt, Scope, Span};

/// How long a log group keeps what is logged: one of the numbers of days that CloudWatch has, or for ever.
///
/// ```
/// use stackgen::prelude::*;
///
/// let logs = LogGroup::new().retention(days::<90>());
/// let for_ever = LogGroup::new().retention(LogRetention::FOREVER);
/// assert!(LogRetention::try_from(31).is_err());
/// ```
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let logs = LogGroup::new().retention(days::<31>());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRetention(Option<i64>);

impl LogRetention {
    /// Nothing is ever deleted.
    pub const FOREVER: Self = Self(None);

    /// The numbers of days that CloudWatch has.
    pub const DAYS: [i64; 22] =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    const fn has(days: i64) -> bool {
        let mut index = 0;
        while index < Self::DAYS.len() {
            if Self::DAYS[index] == days {
                return true;
            }
            index += 1;
        }
        false
    }
}

impl TakesExpression for LogRetention {}

impl Arg<Self> for LogRetention {
    fn into_value(self) -> Value {
        self.0.map_or(Value::Null, Value::from)
    }
}

impl<const N: i64, const UNIT: i64> Arg<LogRetention> for Span<N, UNIT> {
    fn into_value(self) -> Value {
        const DAY: i64 = 86_400;
        const {
            assert!(
                N * UNIT % DAY == 0 && LogRetention::has(N * UNIT / DAY),
                "logs are kept for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days"
            );
        }
        (N * UNIT / DAY).into()
    }
}

impl TryFrom<i64> for LogRetention {
    type Error = LogRetentionError;

    /// The retention of so many days.
    fn try_from(days: i64) -> Result<Self, LogRetentionError> {
        if Self::has(days) { Ok(Self(Some(days))) } else { Err(LogRetentionError(days)) }
    }
}

/// CloudWatch does not keep logs for just this number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRetentionError(i64);

impl fmt::Display for LogRetentionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "logs cannot be kept for {} days: the choices are {:?}", self.0, LogRetention::DAYS)
    }
}

impl std::error::Error for LogRetentionError {}

/// A log group: keeps what is logged for 30 days, and is deleted with its stack.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("api");
/// let access = stack.add("Access", LogGroup::new().retention(days::<14>()));
/// stack.output("AccessLog", access.name());
/// assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a log group exists only once it is added to a stack"]
pub struct LogGroup {
    retention: Value,
    removal: Option<RemovalPolicy>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(LogGroup);

impl LogGroup {
    /// A log group that keeps what is logged for 30 days.
    pub fn new() -> Self {
        Self { retention: 30.into(), removal: None, settings: Settings::default(), attributes: Attributes::new() }
    }

    /// Sets the name. Without one CloudFormation makes one up.
    pub fn name(self, name: impl Arg<LogGroupName>) -> Self {
        self.raw("LogGroupName", name.into_value())
    }

    /// How long what is logged is kept.
    pub fn retention(mut self, retention: impl Arg<LogRetention>) -> Self {
        self.retention = retention.into_value();
        self
    }

    /// Encrypts with a key of KMS, whose policy must allow it to CloudWatch Logs.
    pub fn encryption_key(self, key: impl Arg<Arn<kind::kms::Key>>) -> Self {
        self.raw("KmsKeyId", key.into_value())
    }

    /// What becomes of the group and all it holds when it is removed from the stack.
    pub fn removal(mut self, policy: RemovalPolicy) -> Self {
        self.removal = Some(policy);
        self
    }

    /// A log group that no stack of the app holds.
    pub fn from_name(name: impl Arg<LogGroupName>) -> LogGroupHandle<super::Outside> {
        let name = name.into_value();
        let arn = super::arn_parts::regional_arn("logs", ["log-group:".into(), name.clone(), ":*".into()]);
        LogGroupHandle { resource: super::Outside, name: Id::from_value(name), arn: Arn::from_value(arn) }
    }
}

impl Default for LogGroup {
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for LogGroup {
    type Handle = LogGroupHandle;

    fn build(self, scope: &mut Scope<'_>) -> LogGroupHandle {
        let mut group = logs::LogGroup::new();
        if self.retention != Value::Null {
            group = group.raw("RetentionInDays", self.retention);
        }
        let group = self.settings.apply(group, logs::LogGroup::raw);
        // What is logged expires anyway, so a group without its stack would only be left lying about.
        let default = scope.app().default_removal().unwrap_or(RemovalPolicy::Delete);
        let attributes = self.attributes.removal_or(self.removal, default);
        LogGroupHandle::from(scope.add("Default", group.with(attributes)).id().clone())
    }
}

/// A log group, to log to and to refer to. `R` is [`Outside`](super::Outside) for one that no stack of the app holds.
#[derive(Debug, Clone)]
pub struct LogGroupHandle<R = ResourceId> {
    resource: R,
    name: Id<kind::logs::LogGroup>,
    arn: Arn<kind::logs::LogGroup>,
}

impl From<ResourceId> for LogGroupHandle {
    fn from(id: ResourceId) -> Self {
        Self {
            name: Id::of(Reference::to(id.clone())),
            arn: Arn::of(Reference::attribute(id.clone(), "Arn")),
            resource: id,
        }
    }
}

impl Handle for LogGroupHandle {
    fn id(&self) -> &ResourceId {
        &self.resource
    }
}

impl<R> LogGroupHandle<R> {
    /// The name.
    pub fn name(&self) -> Id<kind::logs::LogGroup> {
        self.name.clone()
    }

    /// The ARN, with the `:*` at its end by which policies mean the streams of the group.
    pub fn arn(&self) -> Arn<kind::logs::LogGroup> {
        self.arn.clone()
    }

    /// Access to log to the group.
    pub fn write(&self) -> Grant {
        Grant::new(["logs:CreateLogStream", "logs:PutLogEvents"], [self.arn()], "logs to the group")
    }

    /// Access to read what was logged.
    pub fn read(&self) -> Grant {
        Grant::new(["logs:FilterLogEvents", "logs:GetLogEvents"], [self.arn()], "reads the log")
    }

    /// Access to do `actions`, such as `logs:DescribeLogStreams`.
    pub fn grant<A: Into<Text>>(&self, actions: impl IntoIterator<Item = A>) -> Grant {
        Grant::new(actions, [self.arn()], "uses the log group")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::constructs::testing::template_of;
    use crate::core::days;

    #[test]
    fn log_groups() {
        insta::assert_snapshot!(template_of(|stack| {
            stack.add("Access", LogGroup::new());
            let audit = LogGroup::new()
                .name(crate::constructs::log_group_name!("/shop/audit"))
                .retention(LogRetention::FOREVER);
            stack.add("Audit", audit.removal(RemovalPolicy::Retain));
            stack.add("Short", LogGroup::new().retention(days::<7>()));
        }));
    }

    #[test]
    fn retention_is_one_of_the_choices() {
        assert_eq!(LogRetention::try_from(30).unwrap().into_value(), Value::from(30));
        let error = LogRetention::try_from(31).unwrap_err();
        assert!(error.to_string().starts_with("logs cannot be kept for 31 days"));
    }
}
