//! Domains of one's own for an API.

use stackgen_resources::typed::{Arg, Arn};
use stackgen_template::{Expression, ResourceId, Text, Value};

use super::handle::api_id;
use crate::constructs::{AliasRecords, AliasTarget, Certificate, HostedZone};
use crate::core::Scope;
use crate::resources::apigatewayv2::domain_name::DomainNameConfiguration;
use crate::resources::{apigatewayv2, kind};

/// A domain that an [`HttpApi`](super::HttpApi) answers on, over TLS 1.2 or newer, by IPv4 and IPv6. Its certificate is
/// validated by the DNS, and its records are made in a hosted zone.
///
/// ```
/// use stackgen::prelude::*;
///
/// let zone = HostedZone::from_id(literal("Z0123456789ABCDEFGHIJ"), "example.org");
/// let api = HttpApi::new().domain(ApiDomain::new("api.example.org", &zone));
/// ```
#[derive(Debug, Clone)]
#[must_use = "a domain does nothing until it is given to an API"]
pub struct ApiDomain {
    domain: Text,
    zone: HostedZone,
    certificate: Option<Value>,
}

impl ApiDomain {
    /// The domain `domain`, which is in `zone`.
    pub fn new(domain: impl Into<Text>, zone: &HostedZone) -> Self {
        Self { domain: domain.into(), zone: zone.clone(), certificate: None }
    }

    /// Uses a certificate of the API's region that exists already.
    pub fn certificate(mut self, certificate: impl Arg<Arn<kind::certificatemanager::Certificate>>) -> Self {
        self.certificate = Some(certificate.into_value());
        self
    }

    /// Adds the domain and maps it to the stage. Gives the domain.
    pub(super) fn add_to(self, api: &ResourceId, stage: &apigatewayv2::StageRef, scope: &mut Scope<'_>) -> Text {
        let Self { domain, zone, certificate } = self;
        let mut scope = scope.scope("Domain");
        let certificate = certificate
            .unwrap_or_else(|| scope.add("Certificate", Certificate::new(domain.clone(), &zone)).arn().into());
        let configuration = DomainNameConfiguration::new()
            .raw("CertificateArn", certificate)
            .raw("EndpointType", "REGIONAL")
            .raw("IpAddressType", "dualstack")
            .raw("SecurityPolicy", "TLS_1_2");
        let name =
            apigatewayv2::DomainName::new().domain_name(domain.clone()).domain_name_configurations([configuration]);
        let name = scope.add("Default", name);
        let mapping = apigatewayv2::ApiMapping::new()
            .api_id(api_id(api))
            .domain_name(name.reference())
            .stage(Expression::from(stage.reference()));
        scope.add("Mapping", mapping);
        let target = AliasTarget::new(name.regional_domain_name(), name.regional_hosted_zone_id());
        scope.add("Records", AliasRecords::new(domain.clone(), &zone, target));
        domain
    }
}
