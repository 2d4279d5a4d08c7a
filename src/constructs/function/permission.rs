//! Who may invoke a function, as the function's own policy says it.

use stackgen_resources::typed::{AnyArn, Arg};
use stackgen_template::{Expression, Text};

use super::FunctionHandle;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, ResourceExt, Scope};
use crate::resources::lambda;

/// Lets a service invoke a function. Rules, APIs and topics bring their own.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("alexa");
/// let skill = stack.add("Skill", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass"));
/// let permission = skill.invoked_by("iot.amazonaws.com").for_source(arn!("arn:aws:iot:eu-west-1:123456789012:rule/door"));
/// stack.add("DoorRule", permission);
/// # assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "a permission exists only once it is added to a stack"]
pub struct InvokePermission {
    function: FunctionHandle,
    service: Text,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(InvokePermission);

impl FunctionHandle {
    /// Lets `service`, such as `events.amazonaws.com`, invoke the function: to be added, and before that limited to one
    /// source. Without a source it is limited to the stack's account.
    pub fn invoked_by(&self, service: impl Into<Text>) -> InvokePermission {
        InvokePermission {
            function: self.clone(),
            service: service.into(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }
}

impl InvokePermission {
    /// Only on behalf of the resource with this ARN, in which `*` stands for any characters.
    pub fn for_source(mut self, arn: impl Arg<AnyArn>) -> Self {
        self.settings.put("SourceArn", arn.into_value());
        self
    }
}

impl Construct for InvokePermission {
    type Handle = lambda::PermissionRef;

    fn build(self, scope: &mut Scope<'_>) -> lambda::PermissionRef {
        let mut permission = lambda::Permission::new()
            .function_name(self.function.arn())
            .action("lambda:InvokeFunction")
            .principal(self.service);
        if self.settings.get("SourceArn").is_none() {
            permission = permission.raw("SourceAccount", Expression::account_id());
        }
        let permission = self.settings.apply(permission, lambda::Permission::raw);
        scope.add("Default", permission.with(self.attributes))
    }
}
