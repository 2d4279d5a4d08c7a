//! Executions of the state machine.

use std::time::Duration;

use aws_sdk_cloudformation::Client as CloudFormation;
use aws_sdk_cloudformation::types::Stack;
use aws_sdk_sfn::Client as StepFunctions;
use aws_sdk_sfn::types::ExecutionStatus;
use handler_runtime::{ServiceError, failed};
use weather_ingest::backfill::ExecutionEnd;
use weather_ingest::contract::{RetrieveInput, STATE_MACHINE_OUTPUT};

/// How often an execution is looked at.
const INTERVAL: Duration = Duration::from_secs(2);

/// The state machine of a stack, as its output says.
pub(crate) async fn machine_of(client: &CloudFormation, stack: &str) -> Result<String, ServiceError> {
    let what = format!("cloudformation:DescribeStacks `{stack}`");
    let answer = client.describe_stacks().stack_name(stack).send().await.map_err(failed(&what))?;
    let mut outputs = answer.stacks().iter().flat_map(Stack::outputs);
    let output = outputs.find(|output| output.output_key() == Some(STATE_MACHINE_OUTPUT));
    let machine = output.and_then(|output| output.output_value()).map(str::to_owned);
    machine.ok_or_else(|| ServiceError::new(what, format!("the stack has no output `{STATE_MACHINE_OUTPUT}`")))
}

/// Executions of a state machine.
pub(crate) struct Executions {
    client: StepFunctions,
    machine: String,
}

impl Executions {
    pub(crate) fn new(client: StepFunctions, machine: String) -> Self {
        Self { client, machine }
    }

    /// Starts an execution and waits until it has ended.
    pub(crate) async fn run(&self, input: &RetrieveInput) -> ExecutionEnd {
        self.end_of(input).await.unwrap_or_else(|ServiceError { what, cause }| ExecutionEnd::Failed {
            error: "ServiceFailed".to_owned(),
            cause: format!("{what}: {cause}"),
        })
    }

    async fn end_of(&self, input: &RetrieveInput) -> Result<ExecutionEnd, ServiceError> {
        let what = format!("states:StartExecution `{}`", self.machine);
        let text = serde_json::to_string(input).map_err(|error| ServiceError::new(&what, error.to_string()))?;
        let call = self.client.start_execution().state_machine_arn(&self.machine).input(text);
        let execution = call.send().await.map_err(failed(&what))?.execution_arn;
        loop {
            let call = self.client.describe_execution().execution_arn(&execution);
            let what = format!("states:DescribeExecution `{execution}`");
            let found = call.send().await.map_err(failed(what))?;
            match found.status {
                ExecutionStatus::Succeeded => return Ok(ExecutionEnd::Succeeded),
                ExecutionStatus::Running | ExecutionStatus::PendingRedrive => tokio::time::sleep(INTERVAL).await,
                other => {
                    // One that ran out of time or was stopped has no error of its own.
                    let error = found.error.unwrap_or_else(|| other.as_str().to_owned());
                    return Ok(ExecutionEnd::Failed { error, cause: found.cause.unwrap_or_default() });
                }
            }
        }
    }
}
