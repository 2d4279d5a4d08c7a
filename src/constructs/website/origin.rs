//! Where CloudFront gets answers from.

use stackgen_resources::kind;
use stackgen_resources::typed::{Arg, Id};
use stackgen_template::{Expression, Text, Value};

use super::unique_name;
use crate::constructs::HttpApiHandle;
use crate::constructs::arn_parts::concatenate;
use crate::resources::cloudfront::{self, distribution, origin_access_control};

/// A server that a site sends some of its requests to, over HTTPS.
///
/// ```
/// use stackgen::prelude::*;
///
/// # let mut app = App::new().with_root(env!("CARGO_MANIFEST_DIR"));
/// let mut stack = app.stack("dashboard");
/// let maps = WebOrigin::server("maps.example.org").path("/v1");
/// stack.add("Site", Website::new().route("/maps/*", maps));
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct WebOrigin {
    domain: Value,
    path: Option<Text>,
}

impl WebOrigin {
    /// The server with a name in the DNS.
    pub fn server(domain: impl Into<Value>) -> Self {
        Self { domain: domain.into(), path: None }
    }

    /// An API of API Gateway by its id; one of the app is an origin by itself: `.route("/api/*", &api)`.
    pub fn api(id: impl Arg<Id<kind::apigatewayv2::Api>>) -> Self {
        Self::server(concatenate([
            id.into_value(),
            ".execute-api.".into(),
            Expression::region().into(),
            ".".into(),
            Expression::url_suffix().into(),
        ]))
    }

    /// Puts a path before that of each request, such as `/production`.
    #[must_use]
    pub fn path(mut self, path: impl Into<Text>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The origin as the distribution knows it by `id`.
    pub(super) fn origin(
        &self,
        id: String,
    ) -> distribution::Origin<stackgen_resources::typed::Set, stackgen_resources::typed::Set> {
        let protocol = distribution::CustomOriginConfig::new()
            .origin_protocol_policy("https-only")
            .origin_ssl_protocols(["TLSv1.2"]);
        let origin = distribution::Origin::new()
            .id(id)
            .domain_name(Expression::raw(self.domain.clone()))
            .custom_origin_config(protocol);
        match &self.path {
            Some(path) => origin.origin_path(path.clone()),
            None => origin,
        }
    }
}

impl From<&HttpApiHandle> for WebOrigin {
    fn from(api: &HttpApiHandle) -> Self {
        match api.domain() {
            Some(domain) => Self::server(domain.to_owned()),
            None => Self::server(api.host()),
        }
    }
}

/// The signature by which the bucket knows requests of the distribution.
pub(super) fn access_control(path: &str) -> cloudfront::OriginAccessControl<stackgen_resources::typed::Set> {
    let config = origin_access_control::OriginAccessControlConfig::new()
        .name(Expression::raw(unique_name(path)))
        .origin_access_control_origin_type("s3")
        .signing_behavior("always")
        .signing_protocol("sigv4");
    cloudfront::OriginAccessControl::new().origin_access_control_config(config)
}
