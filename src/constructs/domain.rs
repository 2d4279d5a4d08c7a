//! Names in the DNS: hosted zones, certificates, and records that point at what CloudFormation made.

use stackgen_resources::typed::{Arg, Arn, Handle, Id};
use stackgen_template::{Expression, ResourceId, Text, Value};

use super::escape::{Settings, escape_hatch};
use crate::core::{Attributes, Construct, Problem, ResourceExt, Scope};
use crate::resources::{certificatemanager, kind, route53};

/// A hosted zone of Route 53 that exists already: who registers a domain keeps its zone apart from stacks.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("names");
/// let zone = HostedZone::from_id(literal("Z0123456789ABCDEFGHIJ"), "example.org");
/// let certificate = stack.add("Certificate", Certificate::new("api.example.org", &zone));
/// stack.output("Certificate", certificate.arn());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct HostedZone {
    id: Id<kind::route53::HostedZone>,
    name: Text,
}

impl HostedZone {
    /// The zone of the domain `name`, such as `example.org`, by its id.
    pub fn from_id(id: impl Arg<Id<kind::route53::HostedZone>>, name: impl Into<Text>) -> Self {
        let name = name.into();
        let name = name.strip_suffix('.').map(|name| Text::Owned(name.to_owned())).unwrap_or(name);
        Self { id: Id::from_value(id.into_value()), name }
    }

    /// The id of the zone.
    pub fn id(&self) -> Id<kind::route53::HostedZone> {
        self.id.clone()
    }

    /// The domain of the zone, without a dot at its end.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The full name of `subdomain` in the zone; the zone's own name when `subdomain` is empty.
    pub fn domain(&self, subdomain: &str) -> String {
        if subdomain.is_empty() { self.name.clone().into_owned() } else { format!("{subdomain}.{}", self.name) }
    }

    /// Whether `domain` is the zone's own name or below it.
    fn holds(&self, domain: &str) -> bool {
        domain.strip_suffix(&*self.name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }

    /// Reports a domain that the zone does not hold: its certificate would wait for validation for hours.
    fn check(&self, domain: &str, scope: &mut Scope<'_>) {
        if !self.holds(domain) {
            let problem = Problem::error(format!("`{domain}` is not in the hosted zone `{}`", self.name))
                .hint("give a name that ends with the name of the zone");
            scope.report(problem);
        }
    }
}

/// A certificate for TLS, validated by records that ACM finds in the hosted zone.
///
/// CloudFront takes certificates of the region us-east-1 only, an HTTP API those of its own region.
#[derive(Debug, Clone)]
#[must_use]
pub struct Certificate {
    domain: Text,
    alternatives: Vec<Text>,
    zone: HostedZone,
    settings: Settings,
    attributes: Attributes,
}

escape_hatch!(Certificate);

impl Certificate {
    /// A certificate for `domain`, which is in `zone`.
    pub fn new(domain: impl Into<Text>, zone: &HostedZone) -> Self {
        Self {
            domain: domain.into(),
            alternatives: Vec::new(),
            zone: zone.clone(),
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Adds another name of the same zone, such as `*.example.org`.
    pub fn alternative(mut self, domain: impl Into<Text>) -> Self {
        self.alternatives.push(domain.into());
        self
    }
}

impl Construct for Certificate {
    type Handle = CertificateHandle;

    fn build(self, scope: &mut Scope<'_>) -> CertificateHandle {
        use certificatemanager::certificate::DomainValidationOption;

        let Self { domain, alternatives, zone, settings, attributes } = self;
        let mut options = Vec::with_capacity(alternatives.len() + 1);
        for name in std::iter::once(&domain).chain(&alternatives) {
            zone.check(name, scope);
            options.push(DomainValidationOption::new().domain_name(name.clone()).hosted_zone_id(zone.id()));
        }
        let mut certificate = certificatemanager::Certificate::new()
            .domain_name(domain)
            .validation_method("DNS")
            .domain_validation_options(options);
        if !alternatives.is_empty() {
            certificate = certificate.subject_alternative_names(alternatives);
        }
        let certificate = settings.apply(certificate, certificatemanager::Certificate::raw);
        CertificateHandle(scope.add("Default", certificate.with(attributes)))
    }
}

/// The handle of a [`Certificate`].
#[derive(Debug, Clone)]
pub struct CertificateHandle(certificatemanager::CertificateRef);

impl CertificateHandle {
    /// The ARN of the certificate.
    pub fn arn(&self) -> Arn<kind::certificatemanager::Certificate> {
        self.0.reference()
    }
}

impl Handle for CertificateHandle {
    fn id(&self) -> &ResourceId {
        self.0.id()
    }
}

/// What an alias record points at: a name of AWS and the hosted zone that AWS keeps it in.
#[derive(Debug, Clone)]
pub struct AliasTarget {
    name: Value,
    zone: Value,
}

impl AliasTarget {
    /// The target `name` in the hosted zone with id `zone`, both as attributes of a resource give them.
    pub fn new(name: impl Into<Value>, zone: impl Into<Value>) -> Self {
        Self { name: name.into(), zone: zone.into() }
    }

    /// A CloudFront distribution by its domain name.
    pub fn distribution(domain_name: impl Into<Value>) -> Self {
        // All distributions are in this one zone, as the documentation of alias records says.
        Self::new(domain_name, "Z2FDTNDATAQYW2")
    }
}

/// The two records by which a name points at a resource of AWS: A for IPv4 and AAAA for IPv6.
///
/// ```
/// use stackgen::prelude::*;
///
/// let mut app = App::new();
/// let mut stack = app.stack("names");
/// let zone = HostedZone::from_id(literal("Z0123456789ABCDEFGHIJ"), "example.org");
/// let target = AliasTarget::distribution("d111111abcdef8.cloudfront.net");
/// stack.add("Records", AliasRecords::new("www.example.org", &zone, target));
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct AliasRecords {
    domain: Text,
    zone: HostedZone,
    target: AliasTarget,
}

impl AliasRecords {
    /// Records by which `domain`, which is in `zone`, points at `target`.
    pub fn new(domain: impl Into<Text>, zone: &HostedZone, target: AliasTarget) -> Self {
        Self { domain: domain.into(), zone: zone.clone(), target }
    }
}

impl Construct for AliasRecords {
    type Handle = AliasRecordsHandle;

    fn build(self, scope: &mut Scope<'_>) -> AliasRecordsHandle {
        use route53::record_set::AliasTarget;

        let Self { domain, zone, target } = self;
        zone.check(&domain, scope);
        let mut record = |kind: &'static str| {
            let alias = AliasTarget::new()
                .dns_name(Expression::raw(target.name.clone()))
                .hosted_zone_id(Expression::raw(target.zone.clone()));
            let record = route53::RecordSet::new()
                .type_(kind)
                .name(domain.clone())
                .hosted_zone_id(zone.id())
                .alias_target(alias);
            scope.add(kind, record)
        };
        let (ipv4, ipv6) = (record("A"), record("AAAA"));
        AliasRecordsHandle { ipv4, ipv6 }
    }
}

/// The handle of [`AliasRecords`].
#[derive(Debug, Clone)]
pub struct AliasRecordsHandle {
    /// The A record.
    pub ipv4: route53::RecordSetRef,
    /// The AAAA record.
    pub ipv6: route53::RecordSetRef,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::testing::{problems_of, template_of};

    fn zone() -> HostedZone {
        HostedZone::from_id(stackgen_resources::typed::literal("Z0123456789ABCDEFGHIJ"), "example.org.")
    }

    #[test]
    fn a_certificate_is_validated_in_its_zone() {
        let template = template_of(|stack| {
            let certificate =
                stack.add("Certificate", Certificate::new("example.org", &zone()).alternative("*.example.org"));
            stack.output("Arn", certificate.arn());
            stack.add(
                "Names",
                AliasRecords::new(
                    "www.example.org",
                    &zone(),
                    AliasTarget::distribution("d111111abcdef8.cloudfront.net"),
                ),
            );
        });
        insta::assert_snapshot!(template);
    }

    #[test]
    fn names_of_other_zones_are_reported() {
        let problems = problems_of(|stack| {
            stack.add("Certificate", Certificate::new("example.com", &zone()));
            stack.add("Lookalike", Certificate::new("badexample.org", &zone()));
        });
        assert_eq!(
            problems,
            [
                "`example.com` is not in the hosted zone `example.org`",
                "`badexample.org` is not in the hosted zone `example.org`"
            ]
        );
    }

    #[test]
    fn the_name_of_a_zone_stands_for_itself() {
        assert_eq!(zone().domain(""), "example.org");
        assert_eq!(zone().domain("api"), "api.example.org");
    }
}
