//! HTTP APIs of API Gateway.

mod authorization;
mod domain;
mod handle;
mod route;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use stackgen_resources::typed::{Arg, Handle, Int};
use stackgen_template::{Expression, ResourceId, Value};

use super::arn_parts::regional_arn;
use super::escape::{Settings, escape_hatch};
use super::json_text::json_text;
use super::{Cors, FunctionHandle, LogGroup};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::apigatewayv2;

use authorization::Authorizer;

pub use authorization::Authorization;
pub use domain::ApiDomain;
pub use handle::HttpApiHandle;
pub use route::{RouteKey, RouteKeyError};

/// What the access log says of each request.
///
/// Nothing that callers can write quotation marks into: API Gateway would put them into the JSON as they are.
const LOGGED: [&str; 10] = [
    "requestId",
    "requestTime",
    "identity.sourceIp",
    "httpMethod",
    "routeKey",
    "protocol",
    "status",
    "responseLength",
    "responseLatency",
    "integrationErrorMessage",
];

/// An HTTP API whose routes invoke functions.
///
/// Each function gets payloads of format 2.0, and may be invoked by its own routes alone. Every request is noted in an
/// access log. Requests are answered on a default address, over TLS, and on a domain of one's own where one is set.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("etl");
/// let read = stack.add("Read", Function::inline(Runtime::Python313, "index.handler", "def handler(e, c): return {}"));
/// let api = stack.add(
///     "Api",
///     HttpApi::new()
///         .route(route!("GET /data"), &read)
///         .route(route!("GET /items/{id}"), &read)
///         .throttle(int::<50>(), int::<100>())
///         .cors(Cors::origin("https://example.com").methods([Method::Get])),
/// );
/// stack.output("ApiUrl", api.url());
/// # let synthesis = app.synthesize();
/// # assert!(!synthesis.has_errors(), "{:?}", synthesis.problems);
/// ```
#[derive(Debug, Clone)]
#[must_use = "an API exists only once it is added to a stack"]
pub struct HttpApi {
    routes: Vec<Route>,
    authorization: Authorization,
    throttle: Option<(Value, Value)>,
    cors: Option<Cors>,
    domain: Option<ApiDomain>,
    logs: LogGroup,
    settings: Settings,
    attributes: Attributes,
}

#[derive(Debug, Clone)]
struct Route {
    key: RouteKey,
    function: FunctionHandle,
    authorization: Option<Authorization>,
}

escape_hatch!(HttpApi);

impl HttpApi {
    /// An API without routes.
    pub fn new() -> Self {
        Self {
            routes: Vec::new(),
            authorization: Authorization::None,
            throttle: None,
            cors: None,
            domain: None,
            logs: LogGroup::new(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Invokes `function` for the requests of a route: a constant `route!("GET /data")`, or `RouteKey::try_from` at run time.
    pub fn route(mut self, key: RouteKey, function: &FunctionHandle) -> Self {
        self.routes.push(Route { key, function: function.clone(), authorization: None });
        self
    }

    /// Invokes `function` for the requests of a route that callers must be allowed in another way than to the rest.
    pub fn route_with(mut self, key: RouteKey, function: &FunctionHandle, authorization: Authorization) -> Self {
        self.routes.push(Route { key, function: function.clone(), authorization: Some(authorization) });
        self
    }

    /// Invokes `function` for all requests that no other route takes.
    pub fn default_route(self, function: &FunctionHandle) -> Self {
        self.route(RouteKey::DEFAULT, function)
    }

    /// How callers must be allowed to use routes; everyone may when not said.
    pub fn authorization(mut self, authorization: Authorization) -> Self {
        self.authorization = authorization;
        self
    }

    /// Limits requests: how many a second in the long run, and how many at once. Without it all APIs of the account share
    /// the account's limit.
    pub fn throttle(
        mut self,
        requests_per_second: impl Arg<Int<0, { i64::MAX }>>,
        burst: impl Arg<Int<0, { i64::MAX }>>,
    ) -> Self {
        self.throttle = Some((requests_per_second.into_value(), burst.into_value()));
        self
    }

    /// Lets pages of other origins call the API.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// Answers on a domain of one's own too.
    pub fn domain(mut self, domain: ApiDomain) -> Self {
        self.domain = Some(domain);
        self
    }

    /// Changes the log group of the access log, for instance how long it keeps what is logged.
    pub fn logs(mut self, logs: LogGroup) -> Self {
        self.logs = logs;
        self
    }

    /// Answers on the domain of one's own only.
    pub fn without_default_address(mut self) -> Self {
        self.settings.put("DisableExecuteApiEndpoint", true);
        self
    }

    /// Says what the API is for.
    pub fn description(mut self, description: impl Arg<String>) -> Self {
        self.settings.put("Description", description.into_value());
        self
    }

    fn check(&self, scope: &mut Scope<'_>) {
        for (index, route) in self.routes.iter().enumerate() {
            if self.routes[..index].iter().any(|earlier| earlier.key.is_same_as(&route.key)) {
                let problem = Problem::error(format!("the route `{}` is added twice", route.key));
                scope.report(
                    problem.hint("a route invokes one function; names of path parameters do not tell routes apart"),
                );
            }
        }
        if let Some(fault) = self.cors.as_ref().and_then(Cors::fault) {
            scope.report(fault);
        }
        if self.settings.get("DisableExecuteApiEndpoint").is_some() && self.domain.is_none() {
            let problem = Problem::error("the API has no address: the default one is off, and it has no domain");
            scope.report(problem.hint("give it a domain with `HttpApi::domain`"));
        }
    }
}

impl Default for HttpApi {
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for HttpApi {
    type Handle = HttpApiHandle;

    fn build(self, scope: &mut Scope<'_>) -> HttpApiHandle {
        self.check(scope);
        let name = Expression::sub(format!("${{AWS::StackName}}-{}", scope.path().replace('/', "-")));
        let mut api = apigatewayv2::Api::new().protocol_type("HTTP").name(name).ip_address_type("dualstack");
        if let Some(cors) = self.cors {
            api = api.raw("CorsConfiguration", cors.into_value());
        }
        let api = self.settings.apply(api, apigatewayv2::Api::raw);
        let api = scope.add("Default", api.with(self.attributes)).id().clone();

        add_routes(&api, self.routes, &self.authorization, scope);
        let stage = add_stage(&api, self.throttle, self.logs, scope);
        let domain = self.domain.map(|domain| domain.add_to(&api, &stage, scope));
        HttpApiHandle::new(api, domain)
    }
}

/// Adds the routes, one integration a function, and the permissions.
fn add_routes(api: &ResourceId, routes: Vec<Route>, authorization: &Authorization, scope: &mut Scope<'_>) {
    let mut integrations: Vec<(ResourceId, Expression)> = Vec::new();
    let mut authorizers: Vec<Authorizer> = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    for Route { key, function, authorization: own } in routes {
        let part = unused_name(&key.part_name(), &mut names);
        let known = integrations.iter().find(|(id, _)| id == function.id()).map(|(_, target)| target.clone());
        let target = known.unwrap_or_else(|| {
            let integration = apigatewayv2::Integration::new()
                .api_id(handle::api_id(api))
                .integration_type("AWS_PROXY")
                .integration_uri(function.arn())
                .payload_format_version("2.0");
            let number = integrations.len() + 1;
            let name = if number == 1 { "Integration".to_owned() } else { format!("Integration{number}") };
            let integration = scope.add(name, integration);
            let target = Expression::join("/", ["integrations".into(), Value::from(integration.reference())]);
            integrations.push((function.id().clone(), target.clone()));
            target
        });
        let mut route =
            apigatewayv2::Route::new().api_id(handle::api_id(api)).route_key(key.to_string()).target(target);
        let wanted = own.as_ref().unwrap_or(authorization);
        for (name, value) in wanted.route_properties(api, &mut authorizers, scope) {
            route = route.raw(name, value);
        }
        scope.add(format!("{part}Route"), route);
        let source =
            regional_arn("execute-api", [handle::api_id(api).into(), format!("/*/{}", key.source_path()).into()]);
        scope.add(
            format!("{part}Permission"),
            function.invoked_by("apigateway.amazonaws.com").for_source(Expression::raw(source)),
        );
    }
}

/// The name, with a number where an earlier route took it: `/a-b` and `/a/b` are two routes of the same letters.
fn unused_name(name: &str, names: &mut BTreeSet<String>) -> String {
    let mut unused = name.to_owned();
    let mut number = 2;
    while !names.insert(unused.clone()) {
        unused = format!("{name}{number}");
        number += 1;
    }
    unused
}

/// Adds the stage that answers without a name in its path, with its access log. Gives the name of the stage.
fn add_stage(
    api: &ResourceId,
    throttle: Option<(Value, Value)>,
    logs: LogGroup,
    scope: &mut Scope<'_>,
) -> apigatewayv2::StageRef {
    let logs = scope.add("AccessLog", logs);
    let format = LOGGED.into_iter().map(|field| {
        let name = field.rsplit('.').next().unwrap_or(field);
        (name.to_owned().into(), Value::from(format!("$context.{field}")))
    });
    let format = json_text(&Value::Map(format.collect()));
    let access_log = apigatewayv2::stage::AccessLogSettings::new()
        // API Gateway wants the ARN of the group itself, without the `:*` that stands for its streams.
        .raw("DestinationArn", regional_arn("logs", ["log-group:".into(), logs.name().into()]))
        .raw("Format", format);
    let mut stage = apigatewayv2::Stage::new()
        .api_id(handle::api_id(api))
        .stage_name("$default")
        .auto_deploy(true)
        .access_log_settings(access_log);
    if let Some((rate, burst)) = throttle {
        let limits = apigatewayv2::stage::RouteSettings::new()
            .raw("ThrottlingRateLimit", rate)
            .raw("ThrottlingBurstLimit", burst);
        stage = stage.default_route_settings(limits);
    }
    scope.add("Stage", stage)
}
