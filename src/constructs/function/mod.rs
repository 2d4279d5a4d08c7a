//! Lambda functions.

mod asynchronous;
mod code;
mod destination;
mod environment;
mod handle;
mod permission;
#[cfg(test)]
mod tests;
mod url;

use stackgen_contract::Environment;
use stackgen_resources::typed::{Arg, Handle, Id, Int, List};
use stackgen_template::{Map, Text, Value};

use super::escape::{Settings, escape_hatch};
use super::{LogGroup, Role, RoleHandle};
use crate::core::{Attributes, Construct, Grant, Period, ResourceExt, Scope, Size};
use crate::resources::{kind, lambda};

use asynchronous::Asynchronous;
use code::Code;
use environment::{as_text, check_environment};

pub use crate::resources::lambda::function::Runtime;
pub use destination::{DeadLetters, Destination};
pub use handle::FunctionHandle;
pub use permission::InvokePermission;
pub use url::{FunctionUrl, FunctionUrlHandle};

/// A Lambda function with a role and a log group of its own.
///
/// Its code is a Rust binary of the workspace ([`Function::rust`]), text in the template ([`Function::inline`]) or an
/// object in a bucket ([`Function::from_object`]). All functions of an app run on one architecture: the context value
/// `architecture`, `x86_64` (default) or `arm64`.
///
/// The role may do nothing but write to the function's own log group, until it is given more by [`Function::allow`].
/// Logs are kept for 30 days.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("hello");
/// let jobs = stack.add("Jobs", Queue::new());
/// let hello = stack.add(
///     "Hello",
///     Function::inline(Runtime::Python313, "index.handler", "def handler(event, context):\n    return 'hello'\n")
///         .memory(mib::<256>())
///         .timeout(seconds::<10>())
///         .variable("JOBS_URL", jobs.url())
///         .allow(jobs.send()),
/// );
/// stack.output("Function", hello.name());
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
///
/// Settings have ranges, and a constant outside does not compile:
///
/// ```compile_fail
/// use stackgen::prelude::*;
///
/// let function = Function::rust("hello", "hello").timeout(minutes::<16>());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a function exists only once it is added to a stack"]
pub struct Function {
    code: Code,
    role: Option<RoleHandle>,
    logs: LogGroup,
    environment: Map,
    grants: Vec<Grant>,
    asynchronous: Asynchronous,
    /// Whether Lambda itself uses the role while it creates the function.
    needs_grants: bool,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Function);

impl Function {
    /// A function that is the `binary` of a `package` of the workspace. Its handler must read what Lambda's custom
    /// runtime gives it, as the crate `lambda_runtime` does.
    ///
    /// Synthesis hashes the sources and compiles nothing; deployment builds what is missing.
    pub fn rust(package: impl Into<String>, binary: impl Into<String>) -> Self {
        Self::with_code(Code::Rust { package: package.into(), binary: binary.into() })
    }

    /// A function whose source is text in the template, for a few lines of Python or JavaScript.
    ///
    /// `handler` is `index.` and the name of the function in the source.
    pub fn inline(runtime: impl Arg<Runtime>, handler: impl Arg<String>, source: impl Arg<String>) -> Self {
        let (runtime, handler) = (runtime.into_value(), handler.into_value());
        Self::with_code(Code::Inline { runtime, handler, source: source.into_value() })
    }

    /// A function whose code is a zip file in a bucket.
    pub fn from_object(
        runtime: impl Arg<Runtime>,
        handler: impl Arg<String>,
        bucket: impl Arg<Id<kind::s3::Bucket>>,
        key: impl Arg<String>,
    ) -> Self {
        let (runtime, handler) = (runtime.into_value(), handler.into_value());
        Self::with_code(Code::Object { runtime, handler, bucket: bucket.into_value(), key: key.into_value() })
    }

    fn with_code(code: Code) -> Self {
        Self {
            code,
            role: None,
            logs: LogGroup::new(),
            environment: Map::new(),
            grants: Vec::new(),
            asynchronous: Asynchronous::default(),
            needs_grants: false,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Memory, 128 MiB to 10 GiB; 128 MiB when not said. The share of processor time grows with it: one whole core at
    /// 1,769 MiB.
    pub fn memory(mut self, size: impl Arg<Size<128, 10_240>>) -> Self {
        self.settings.put("MemorySize", size.into_value());
        self
    }

    /// How long one invocation lasts at most, 1 second to 15 minutes; 3 seconds when not said.
    pub fn timeout(mut self, duration: impl Arg<Period<1, 900>>) -> Self {
        self.settings.put("Timeout", duration.into_value());
        self
    }

    /// Size of `/tmp`, 512 MiB to 10 GiB; 512 MiB when not said.
    pub fn ephemeral_storage(mut self, size: impl Arg<Size<512, 10_240>>) -> Self {
        self.settings.put("EphemeralStorage", Value::single("Size", size.into_value()));
        self
    }

    /// Says what the function is for, at most 256 characters.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }

    /// Sets the environment variables that the handler reads: the handler's own struct, filled with values of the stack.
    pub fn environment(mut self, environment: impl Environment<Value>) -> Self {
        for (name, value) in environment.variables() {
            self.environment.insert(name, as_text(value));
        }
        self
    }

    /// Sets one environment variable.
    pub fn variable(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.environment.insert(name, as_text(value.into()));
        self
    }

    /// Gives the function access to something.
    pub fn allow(mut self, grant: Grant) -> Self {
        self.grants.push(grant);
        self
    }

    /// Runs the function under a role that others have too, in place of one of its own.
    pub fn role(mut self, role: &RoleHandle) -> Self {
        self.role = Some(role.clone());
        self
    }

    /// Changes the function's log group, for instance how long it keeps what is logged.
    pub fn logs(mut self, logs: LogGroup) -> Self {
        self.logs = logs;
        self
    }

    /// Reserves a number of concurrent invocations, which is also the most there can be; 0 stops the function.
    pub fn reserved_concurrency(mut self, invocations: impl Arg<Int<0, { i64::MAX }>>) -> Self {
        self.settings.put("ReservedConcurrentExecutions", invocations.into_value());
        self
    }

    /// Traces invocations with X-Ray.
    pub fn tracing(mut self) -> Self {
        self.settings.put("TracingConfig", Value::single("Mode", "Active"));
        // X-Ray has no resources that a policy could name.
        self.grants.push(Grant::new(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"], "send traces"));
        self
    }

    /// Runs the function in subnets of a network, with security groups.
    pub fn vpc(
        mut self,
        subnets: impl Arg<List<Id<kind::ec2::Subnet>>>,
        security_groups: impl Arg<List<Id<kind::ec2::SecurityGroup>>>,
    ) -> Self {
        let configuration = Map::from_iter([
            (Text::Borrowed("SubnetIds"), subnets.into_value()),
            (Text::Borrowed("SecurityGroupIds"), security_groups.into_value()),
        ]);
        self.settings.put("VpcConfig", configuration);
        // Lambda asks for these on all resources, and creates no function without them.
        let actions = [
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
        ];
        self.grants.push(Grant::new(actions, ["*"], "network interfaces in the function's subnets"));
        self.needs_grants = true;
        self
    }

    /// Hands asynchronous events that failed for good to a queue or topic as they are, without the reason that
    /// [`Function::on_failure`] tells.
    pub fn dead_letter(mut self, letters: impl Into<DeadLetters>) -> Self {
        let Destination { arn, grant } = letters.into().0;
        self.settings.put("DeadLetterConfig", Value::single("TargetArn", arn));
        self.grants.push(grant);
        self.needs_grants = true;
        self
    }

    /// How often Lambda retries an asynchronous invocation that failed: 0 to 2 times, twice when not said.
    pub fn async_retries(mut self, retries: impl Arg<Int<0, 2>>) -> Self {
        self.asynchronous.retries = Some(retries.into_value());
        self
    }

    /// How long an asynchronous event waits for its invocation at most: 1 minute to 6 hours, 6 hours when not said.
    pub fn max_event_age(mut self, age: impl Arg<Period<60, 21_600>>) -> Self {
        self.asynchronous.max_event_age = Some(age.into_value());
        self
    }

    /// Tells `destination` of asynchronous events that failed for good, and gives the function the access it takes.
    pub fn on_failure(mut self, destination: impl Into<Destination>) -> Self {
        self.asynchronous.on_failure = Some(destination.into());
        self
    }

    /// Tells `destination` of asynchronous events that succeeded, and gives the function the access it takes.
    pub fn on_success(mut self, destination: impl Into<Destination>) -> Self {
        self.asynchronous.on_success = Some(destination.into());
        self
    }
}

impl Construct for Function {
    type Handle = FunctionHandle;

    fn build(self, scope: &mut Scope<'_>) -> FunctionHandle {
        check_environment(&self.environment, scope);
        let role = match self.role {
            Some(role) => role,
            None => scope.add("Role", Role::for_service("lambda.amazonaws.com")),
        };
        let logs = scope.add("Logs", self.logs);
        // The ARN ends with `:*`, which stands for the streams of this one group.
        let write_logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
        scope.allow(&role, Grant::new(write_logs, [logs.arn()], "write its own log"));
        for grant in self.grants {
            scope.allow(&role, grant);
        }

        let logging =
            lambda::function::LoggingConfig::new().log_format(lambda::function::LogFormat::Json).log_group(logs.name());
        let mut function = lambda::Function::new()
            .role(role.arn())
            .code(self.code.location(scope))
            .raw("Architectures", [scope.app().architecture().as_str()])
            .logging_config(logging);
        for (name, value) in self.code.run_time() {
            function = function.raw(name, value);
        }
        if !self.environment.is_empty() {
            function = function.raw("Environment", Value::single("Variables", self.environment));
        }
        function = self.settings.apply(function, lambda::Function::raw);
        let mut attributes = self.attributes;
        if self.needs_grants {
            attributes = attributes.after_grants_of(role.id());
        }
        let function = scope.add("Default", function.with(attributes));
        let handle = FunctionHandle::new(function.id().clone(), role, logs);
        self.asynchronous.add_to(&handle, scope);
        handle
    }
}
