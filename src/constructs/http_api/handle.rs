//! What others need of an API.

use stackgen_resources::typed::{Attribute, Handle, Id};
use stackgen_template::{Expression, Reference, ResourceId, Text, Value};

use super::RouteKey;
use crate::constructs::arn_parts::regional_arn;
use crate::constructs::{Metric, Statistic};
use crate::core::Grant;
use crate::resources::kind;

/// The handle of an [`HttpApi`](super::HttpApi).
#[derive(Debug, Clone)]
pub struct HttpApiHandle {
    id: ResourceId,
    domain: Option<Text>,
}

pub(super) fn api_id(api: &ResourceId) -> Id<kind::apigatewayv2::Api> {
    Id::of(Reference::to(api.clone()))
}

impl HttpApiHandle {
    pub(super) fn new(id: ResourceId, domain: Option<Text>) -> Self {
        Self { id, domain }
    }

    /// The id of the API.
    pub fn api_id(&self) -> Id<kind::apigatewayv2::Api> {
        api_id(&self.id)
    }

    /// The default address, `https://…` without a slash at its end.
    pub fn endpoint(&self) -> Attribute {
        Attribute::of(Reference::attribute(self.id.clone(), "ApiEndpoint"))
    }

    /// The name of the host in the default address, for instance to put a distribution before it.
    pub fn host(&self) -> Expression {
        Expression::select(2, Expression::split("/", Value::from(self.endpoint())))
    }

    /// The domain of one's own, where one was set.
    pub fn domain(&self) -> Option<&str> {
        self.domain.as_deref()
    }

    /// The address that callers are told, without a slash at its end: the domain of one's own, else the default one.
    pub fn url(&self) -> Value {
        match &self.domain {
            Some(domain) => format!("https://{domain}").into(),
            None => self.endpoint().into(),
        }
    }

    /// Access to call a route that asks for signed requests.
    pub fn invoke(&self, route: &RouteKey) -> Grant {
        let arn = regional_arn("execute-api", [self.api_id().into(), format!("/*/{}", route.source_path()).into()]);
        Grant::new(["execute-api:Invoke"], [arn], "calls the API")
    }

    /// Requests, failed ones too.
    pub fn requests(&self) -> Metric {
        self.metric("Count")
    }

    /// Requests that failed for a reason of the API.
    pub fn server_errors(&self) -> Metric {
        self.metric("5xx")
    }

    /// Requests that failed for a reason of the caller.
    pub fn client_errors(&self) -> Metric {
        self.metric("4xx")
    }

    /// How long requests took, in milliseconds.
    pub fn latency(&self) -> Metric {
        self.metric("Latency").statistic(Statistic::Average)
    }

    /// Any metric of API Gateway, of this API.
    pub fn metric(&self, name: impl Into<Text>) -> Metric {
        Metric::new("AWS/ApiGateway", name).dimension("ApiId", self.api_id())
    }
}

impl Handle for HttpApiHandle {
    fn id(&self) -> &ResourceId {
        &self.id
    }
}
