//! State machines of Step Functions.

mod choice;
mod container;
mod flow;
mod handle;
mod parameters;
mod path;
mod retry;
mod state;
mod task;
#[cfg(test)]
mod tests;

use stackgen_resources::typed::{Arg, Handle};
use stackgen_template::{Map, Text, Value};

use super::escape::{Settings, escape_hatch};
use super::json_text::{json_text, number};
use super::{LogGroup, Role, RoleHandle};
use crate::core::{Attributes, Construct, Grant, Period, ResourceExt, Scope};
use crate::resources::stepfunctions;

use flow::Workflow;

pub use handle::StateMachineHandle;

/// What a state machine is made of: states, the paths between them, and the rules of choices.
///
/// Its names are short and common, so they are a module of their own: `states::Task`, `states::Choice`.
pub mod states {
    pub use super::choice::{Choice, ChoiceRule};
    pub use super::container::{Map, Parallel};
    pub use super::flow::{Flow, StateRef, Workflow};
    pub use super::parameters::{Parameters, Payload};
    pub use super::path::{JsonPath, JsonPathError};
    pub use super::retry::{Catch, Retry};
    pub use super::state::{Fail, Pass, State, StateBody, Succeed, Transition, Wait};
    pub use super::task::Task;
}

/// A state machine, with a role that may do what its tasks do, and a log group for executions that fail.
///
/// Its definition is a [`Flow`](states::Flow) of states, each known by the reference that adding it gave: so a transition
/// to a state that does not exist cannot be written. The flow is built from its end to its beginning.
///
/// ```
/// use stackgen::prelude::*;
/// use stackgen::constructs::states::{Catch, Fail, Flow, Retry, Succeed, Task};
///
/// let mut app = App::new();
/// let mut stack = app.stack("weather");
/// let curate = stack.add("Curate", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}"));
///
/// let mut flow = Flow::new();
/// let done = flow.add("Done", Succeed::new());
/// let failed = flow.add("Failed", Fail::from_paths(json_path!("$.failure.Error"), json_path!("$.failure.Cause")));
/// let curating = flow.add(
///     "Curating",
///     Task::invoke(&curate)
///         .result_path(json_path!("$.curate"))
///         .retry(Retry::lambda_service_faults())
///         .catch(Catch::all(&failed).result_path(json_path!("$.failure")))
///         .next(&done),
/// );
/// let machine = stack.add("Machine", StateMachine::new(flow.start_at(&curating)).timeout(minutes::<15>()));
/// stack.output("Machine", machine.arn());
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a state machine exists only once it is added to a stack"]
pub struct StateMachine {
    workflow: Workflow,
    comment: Option<Text>,
    timeout: Option<Value>,
    level: LogLevel,
    include_data: bool,
    logs: LogGroup,
    role: Option<RoleHandle>,
    grants: Vec<Grant>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(StateMachine);

/// Which events of executions are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// None.
    Off,
    /// Executions that fail.
    Fatal,
    /// States and executions that fail.
    Error,
    /// All.
    All,
}

impl LogLevel {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "OFF",
            Self::Fatal => "FATAL",
            Self::Error => "ERROR",
            Self::All => "ALL",
        }
    }
}

impl StateMachine {
    /// A standard state machine: executions last up to a year, and each state runs exactly once unless it is retried.
    pub fn new(workflow: Workflow) -> Self {
        Self {
            workflow,
            comment: None,
            timeout: None,
            level: LogLevel::Error,
            include_data: false,
            logs: LogGroup::new(),
            role: None,
            grants: Vec::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// An express state machine: executions last up to 5 minutes, are many and cheap, and may run a state more than once.
    pub fn express(workflow: Workflow) -> Self {
        let mut machine = Self::new(workflow);
        machine.settings.put("StateMachineType", "EXPRESS");
        machine
    }

    /// How long an execution lasts at most. No state can catch the end of this time, so watch
    /// [`StateMachineHandle::timed_out`].
    pub fn timeout(mut self, duration: impl Arg<Period<1, 31_536_000>>) -> Self {
        self.timeout = Some(number(duration.into_value()));
        self
    }

    /// Says in the definition what the state machine does.
    pub fn comment(mut self, comment: impl Into<Text>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Which events are logged: what fails, when not said.
    pub fn log_level(mut self, level: LogLevel) -> Self {
        self.level = level;
        self
    }

    /// Logs the inputs and outputs of states too. They may hold what should not be read by all who read logs.
    pub fn log_execution_data(mut self) -> Self {
        self.include_data = true;
        self
    }

    /// Changes the log group, for instance how long it keeps what is logged.
    ///
    /// An account has one policy of limited size for all groups that services of AWS log to by themselves. With dozens of
    /// state machines, names that begin with `/aws/vendedlogs/states/` keep it short.
    pub fn logs(mut self, logs: LogGroup) -> Self {
        self.logs = logs;
        self
    }

    /// Traces executions with X-Ray.
    pub fn tracing(mut self) -> Self {
        self.settings.put("TracingConfiguration", Value::single("Enabled", true));
        // X-Ray has no resources that a policy could name.
        let actions =
            ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"];
        self.grants.push(Grant::new(actions, ["*"], "sends traces"));
        self
    }

    /// Gives the state machine access beyond what its tasks bring.
    pub fn allow(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Runs executions under a role that others have too, in place of one of its own.
    pub fn role(mut self, role: &RoleHandle) -> Self {
        self.role = Some(role.clone());
        self
    }

    /// The definition as JSON text, with references where the template has them.
    fn definition(comment: Option<Text>, timeout: Option<Value>, workflow: Map) -> Value {
        let mut definition = Map::with_capacity(4);
        if let Some(comment) = comment {
            definition.push("Comment", comment);
        }
        if let Some(timeout) = timeout {
            definition.push("TimeoutSeconds", timeout);
        }
        for (name, value) in workflow {
            definition.push(name, value);
        }
        // Text and not a mapping: a template cannot hold the `null` that discards a result, and CloudFormation hands the
        // numbers of a mapping over as text.
        json_text(&definition.into())
    }
}

impl Construct for StateMachine {
    type Handle = StateMachineHandle;

    fn build(self, scope: &mut Scope<'_>) -> StateMachineHandle {
        let role = match self.role {
            Some(role) => role,
            None => scope.add("Role", Role::for_service("states.amazonaws.com").only_from_this_account()),
        };
        let is_express = self.settings.get("StateMachineType").and_then(Value::as_str) == Some("EXPRESS");
        let (workflow, task_grants) = self.workflow.finish(is_express, scope);
        for grant in task_grants.into_iter().chain(self.grants) {
            scope.allow(&role, grant);
        }
        let definition = Self::definition(self.comment, self.timeout, workflow);
        let mut machine = stepfunctions::StateMachine::new().role_arn(role.arn()).raw("DefinitionString", definition);
        if self.level != LogLevel::Off {
            let logs = scope.add("Logs", self.logs);
            let destination = Value::single("CloudWatchLogsLogGroup", Value::single("LogGroupArn", logs.arn()));
            let logging = stepfunctions::state_machine::LoggingConfiguration::new()
                .raw("Level", self.level.as_str())
                .include_execution_data(self.include_data)
                .raw("Destinations", vec![destination]);
            machine = machine.logging_configuration(logging);
            scope.allow(&role, log_delivery());
        }
        let machine = self.settings.apply(machine, stepfunctions::StateMachine::raw);
        // Step Functions refuses a log group that the role cannot deliver to yet.
        let attributes = self.attributes.after_grants_of(role.id());
        let machine = scope.add("Default", machine.with(attributes));
        StateMachineHandle::new(machine.id().clone(), role)
    }
}

/// What Step Functions needs to set up the delivery of logs. These actions know no resources.
fn log_delivery() -> Grant {
    let actions = [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ];
    Grant::new(actions, ["*"], "delivers logs of executions")
}
