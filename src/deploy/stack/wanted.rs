//! What a stack shall be beside its template: parameters, tags, protection.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::Parameter;

use super::super::{DeployError, DeployedStack};
use super::StackDeployment;

impl StackDeployment<'_> {
    /// Whether nothing can differ: the same template, parameters and tags, and no value that AWS looks up.
    pub(super) fn is_as_wanted(&self, deployed: &DeployedStack, template: &str, parameters: &[Parameter]) -> bool {
        let same_template = template.trim_end() == self.stack.text.trim_end();
        let same_parameters = parameters.iter().all(|parameter| {
            parameter.use_previous_value == Some(true)
                || parameter.parameter_key().and_then(|key| deployed.parameters.get(key)).map(String::as_str)
                    == parameter.parameter_value()
        });
        let is_looked_up =
            self.stack.text.contains("{{resolve:")
                || self.stack.template.parameters().any(|parameter| {
                    parameter.type_name().is_some_and(|name| name.starts_with("AWS::SSM::Parameter::"))
                });
        deployed.is_good() && same_template && same_parameters && deployed.tags == self.stack.tags && !is_looked_up
    }

    /// The values of parameters: what was given, else what the stack has, else the template's default.
    pub(super) fn parameters(&self, existing: Option<&DeployedStack>) -> Result<Vec<Parameter>, DeployError> {
        let name = &self.stack.name;
        let given = self.options.parameters.get(name);
        let declared: Vec<_> = self.stack.template.parameters().collect();
        for key in given.into_iter().flat_map(BTreeMap::keys) {
            if !declared.iter().any(|parameter| parameter.name == key) {
                let names: Vec<_> = declared.iter().map(|parameter| parameter.name).collect();
                let hint =
                    if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) };
                return Err(DeployError::refused(format!("the stack `{name}` has no parameter `{key}`")).hint(hint));
            }
        }
        let mut parameters = Vec::new();
        let mut missing = Vec::new();
        for parameter in declared {
            let key = parameter.name;
            let builder = Parameter::builder().parameter_key(key);
            if let Some(value) = given.and_then(|given| given.get(key)) {
                parameters.push(builder.parameter_value(value).build());
            } else if existing.is_some_and(|stack| stack.parameters.contains_key(key)) {
                parameters.push(builder.use_previous_value(true).build());
            } else if parameter.body.get("Default").is_none() {
                missing.push(key.to_owned());
            }
        }
        if missing.is_empty() {
            return Ok(parameters);
        }
        let message = format!("the stack `{name}` needs a value for {}", missing.join(", "));
        Err(DeployError::refused(message).hint(format!("give it with `--parameters {name}:{}=VALUE`", missing[0])))
    }

    /// Sets what a change set does not: protection against deletion, and the stack policy.
    pub(super) async fn protect(&self, deployed: &DeployedStack) -> Result<(), DeployError> {
        let name = &self.stack.name;
        if deployed.termination_protection != self.stack.termination_protection {
            let request = self.aws.cloudformation.update_termination_protection().stack_name(name);
            let done = request.enable_termination_protection(self.stack.termination_protection).send().await;
            done.map_err(|error| DeployError::service(format_args!("set the protection of `{name}`"), error))?;
        }
        if let Some(policy) = &self.options.stack.stack_policy {
            let done =
                self.aws.cloudformation.set_stack_policy().stack_name(name).stack_policy_body(policy).send().await;
            done.map_err(|error| DeployError::service(format_args!("set the stack policy of `{name}`"), error))?;
        }
        Ok(())
    }
}
