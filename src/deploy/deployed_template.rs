//! The template of a stack as it is deployed.

use aws_sdk_cloudformation::types::TemplateStage;
use stackgen_template::{Template, Value};

use super::deployed::Condition;
use super::{Aws, DeployError, DeployedStack};

/// The template that the stack called `name` was deployed with, as it was written; none when there is no such stack, or
/// only a plan for one.
pub async fn deployed_template(aws: &Aws, name: &str) -> Result<Option<Template>, DeployError> {
    let Some(stack) = DeployedStack::find(aws, name).await? else { return Ok(None) };
    if stack.condition() == Condition::Planned {
        return Ok(None);
    }
    let request = aws.cloudformation.get_template().stack_name(&stack.id).template_stage(TemplateStage::Original);
    let answer = request.send().await;
    let answer = answer.map_err(|error| DeployError::service(format_args!("read the template of `{name}`"), error))?;
    let Some(body) = answer.template_body else { return Ok(None) };
    let unreadable = || DeployError::refused(format!("the deployed template of `{name}` cannot be read"));
    let document = stackgen_template::read_bytes(body.as_bytes()).map_err(|error| unreadable().cause(error))?;
    match document.value {
        Value::Map(map) => Ok(Some(map.into())),
        _ => Err(unreadable().cause("it is no mapping")),
    }
}
