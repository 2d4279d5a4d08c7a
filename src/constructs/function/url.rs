//! Functions with an address of their own on the web.

use stackgen_resources::typed::{Attribute, Handle};
use stackgen_template::{Expression, Value};

use super::FunctionHandle;
use crate::constructs::Cors;
use crate::constructs::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Grant, Problem, ResourceExt, Scope};
use crate::resources::lambda;

/// An HTTPS address of a function. Callers sign their requests, unless the address is made public.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("hooks");
/// let hook = stack.add("Hook", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): pass"));
/// let url = stack.add("Url", FunctionUrl::new(&hook).public());
/// stack.output("Address", url.url());
/// # assert!(!app.synthesize().has_errors());
/// ```
#[derive(Debug, Clone)]
#[must_use = "an address exists only once it is added to a stack"]
pub struct FunctionUrl {
    function: FunctionHandle,
    is_public: bool,
    cors: Option<Cors>,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(FunctionUrl);

impl FunctionUrl {
    /// An address of `function` for callers with the access that [`FunctionUrlHandle::invoke`] grants.
    pub fn new(function: &FunctionHandle) -> Self {
        Self {
            function: function.clone(),
            is_public: false,
            cors: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Lets everyone call the function, without a signature.
    pub fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Lets pages of other origins call the function.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// Sends answers in pieces, as the function writes them, up to 200 MB in all.
    pub fn streaming(mut self) -> Self {
        self.settings.put("InvokeMode", "RESPONSE_STREAM");
        self
    }
}

impl Construct for FunctionUrl {
    type Handle = FunctionUrlHandle;

    fn build(self, scope: &mut Scope<'_>) -> FunctionUrlHandle {
        let authorization = if self.is_public { lambda::url::AuthType::None } else { lambda::url::AuthType::AwsIam };
        let mut url = lambda::Url::new().target_function_arn(self.function.arn()).auth_type(authorization);
        if let Some(cors) = self.cors {
            if let Some(fault) = cors.fault() {
                scope.report(fault);
            }
            if cors.allows_method("OPTIONS") {
                let problem = Problem::error("a function's address answers OPTIONS by itself")
                    .hint("leave the method out, or allow every method");
                scope.report(problem);
            }
            url = url.raw("Cors", cors.into_value());
        }
        let url = self.settings.apply(url, lambda::Url::raw);
        let url = scope.add("Default", url.with(self.attributes));
        if self.is_public {
            let permission = |action: &'static str| {
                lambda::Permission::new().function_name(self.function.arn()).action(action).principal("*")
            };
            // Lambda asks for both: to reach the address, and to invoke through it.
            let reach = permission("lambda:InvokeFunctionUrl")
                .function_url_auth_type(lambda::permission::FunctionUrlAuthType::None);
            scope.add("Reach", reach);
            scope.add("Invoke", permission("lambda:InvokeFunction").invoked_via_function_url(true));
        }
        FunctionUrlHandle { url, function: self.function }
    }
}

/// The handle of a [`FunctionUrl`].
#[derive(Debug, Clone)]
pub struct FunctionUrlHandle {
    url: lambda::UrlRef,
    function: FunctionHandle,
}

impl FunctionUrlHandle {
    /// The address, `https://…/` with the slash at its end.
    pub fn url(&self) -> Attribute {
        self.url.function_url()
    }

    /// The name of the host in the address.
    pub fn host(&self) -> Expression {
        Expression::select(2, Expression::split("/", Value::from(self.url())))
    }

    /// Access to call the function at its address.
    pub fn invoke(&self) -> Grant {
        let reach = Grant::new(["lambda:InvokeFunctionUrl"], [self.function.arn()], "call the function at its address")
            .when("StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM");
        let invoke = Grant::new(["lambda:InvokeFunction"], [self.function.arn()], "call the function at its address");
        reach.and(invoke.when("Bool", "lambda:InvokedViaFunctionUrl", "true"))
    }
}

impl Handle for FunctionUrlHandle {
    fn id(&self) -> &stackgen_template::ResourceId {
        self.url.id()
    }
}
