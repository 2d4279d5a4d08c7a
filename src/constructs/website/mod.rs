//! Web pages: a private bucket behind CloudFront.

mod distribution;
mod files;
mod headers;
mod origin;

use stackgen_resources::typed::{Arg, Arn, Attribute, Handle, Id};
use stackgen_template::{Expression, ResourceId, Text, Value};

pub use self::distribution::PriceClass;
pub use self::files::WebsiteFiles;
pub use self::headers::ContentSecurityPolicy;
pub use self::origin::WebOrigin;
use super::arn_parts::concatenate;
use super::escape::{Settings, escape_hatch};
use super::{AliasRecords, AliasTarget, Bucket, BucketHandle, HostedZone};
use crate::core::{Attributes, Construct, Grant, PolicyTarget, Principal, Problem, ResourceExt, Scope, Statement};
use crate::resources::{cloudfront, kind};

/// A web site: files in a private bucket, which only its own CloudFront distribution reads.
///
/// Pages are served over HTTPS only, by HTTP/2 and HTTP/3, with headers that keep browsers from running what is not the
/// site's. The files come with [`WebsiteFiles`], apart from the site, because they may hold the address of an API which
/// in turn must know the address of the site.
///
/// ```
/// use stackgen::prelude::*;
///
/// # let mut app = App::new().with_root(env!("CARGO_MANIFEST_DIR"));
/// let mut stack = app.stack("dashboard");
/// let site = stack.add("Site", Website::new().error_page("/404.html"));
/// let config = Map::from_iter([("apiUrl".into(), "https://api.example.org".into())]);
/// stack.add("SiteFiles", WebsiteFiles::of(&site).json_file("config.json", config));
/// stack.output("SiteUrl", site.url());
/// # assert!(app.synthesize().problems.is_empty());
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Website {
    bucket: Bucket,
    root: Text,
    error_page: Option<Text>,
    price_class: PriceClass,
    content_security_policy: ContentSecurityPolicy,
    routes: Vec<(Text, WebOrigin)>,
    domain: Option<Domain>,
    settings: Settings,
    attributes: Attributes,
}

/// A name of one's own for a site.
#[derive(Debug, Clone)]
struct Domain {
    name: Text,
    zone: HostedZone,
    certificate: Value,
}

impl Default for Website {
    fn default() -> Self {
        Self::new()
    }
}

// Properties and attributes set by name are those of the distribution.
escape_hatch!(Website);

impl Website {
    /// A site whose first page is `index.html`, with an address of CloudFront.
    ///
    /// Its bucket is emptied and deleted with the stack, because a deployment makes the files again.
    pub fn new() -> Self {
        Self {
            bucket: Bucket::new().empty_on_destroy(),
            root: Text::Borrowed("index.html"),
            error_page: None,
            price_class: PriceClass::NorthAmericaAndEurope,
            content_security_policy: ContentSecurityPolicy::own_site_only(),
            routes: Vec::new(),
            domain: None,
            settings: Settings::default(),
            attributes: Attributes::new(),
        }
    }

    /// Keeps the files in a bucket with other settings.
    pub fn bucket(mut self, bucket: Bucket) -> Self {
        self.bucket = bucket;
        self
    }

    /// Shows another file as the first page.
    pub fn root(mut self, file: impl Into<Text>) -> Self {
        self.root = file.into();
        self
    }

    /// Shows a page, such as `/404.html`, with status 404 in place of what is not there.
    ///
    /// CloudFront would do so with what other origins answer too, so this does not go with [`route`](Self::route): the
    /// errors of an API would become pages.
    pub fn error_page(mut self, path: impl Into<Text>) -> Self {
        self.error_page = Some(path.into());
        self
    }

    /// Serves the site from places of CloudFront in more or fewer regions: North America and Europe when not said.
    pub fn price_class(mut self, class: PriceClass) -> Self {
        self.price_class = class;
        self
    }

    /// Says where pages may load things from and connect to: the site itself when not said.
    pub fn content_security_policy(mut self, policy: ContentSecurityPolicy) -> Self {
        self.content_security_policy = policy;
        self
    }

    /// Sends requests of paths that match `pattern`, such as `/api/*`, to another origin. They are not cached, may be of any
    /// method, and carry all the viewer's headers but `Host`.
    pub fn route(mut self, pattern: impl Into<Text>, origin: impl Into<WebOrigin>) -> Self {
        self.routes.push((pattern.into(), origin.into()));
        self
    }

    /// Gives the site a name of a hosted zone. CloudFront takes certificates of the region us-east-1 only.
    pub fn domain(
        mut self,
        name: impl Into<Text>,
        zone: &HostedZone,
        certificate: impl Arg<Arn<kind::certificatemanager::Certificate>>,
    ) -> Self {
        self.domain = Some(Domain { name: name.into(), zone: zone.clone(), certificate: certificate.into_value() });
        self
    }
}

impl Construct for Website {
    type Handle = WebsiteHandle;

    fn build(self, scope: &mut Scope<'_>) -> WebsiteHandle {
        self.check(scope);
        let bucket = scope.add("Bucket", self.bucket.clone());
        let access = scope.add("AccessControl", origin::access_control(scope.path()));
        let headers = scope.add("Headers", headers::policy(scope.path(), &self.content_security_policy));
        let resource = self.distribution(&bucket, &access.reference(), &headers.reference());
        let resource = self.settings.apply(resource, cloudfront::Distribution::raw);
        let distribution = scope.add("Default", resource.with(self.attributes));
        let name = self.domain.map(|Domain { name, zone, .. }| {
            let target = AliasTarget::distribution(distribution.domain_name());
            scope.add("Records", AliasRecords::new(name.clone(), &zone, target));
            name
        });
        let site = WebsiteHandle { distribution, bucket, name };
        let read = Statement::allow(["s3:GetObject"])
            .sid("Distribution")
            .principal(Principal::Service(Text::Borrowed("cloudfront.amazonaws.com")))
            .on(site.bucket.objects_arn(""))
            .when("StringEquals", "AWS:SourceArn", site.distribution_arn());
        scope.resource_policy(PolicyTarget::Bucket(site.bucket.id().clone()), read);
        site
    }
}

impl Website {
    /// Reports settings that do not go together, and paths that CloudFront does not take.
    fn check(&self, scope: &mut Scope<'_>) {
        if self.root.is_empty() || self.root.starts_with('/') {
            let problem = Problem::error(format!("`{}` cannot be the first page", self.root));
            scope.report(problem.hint("name a file, without `/` at its start"));
        }
        if let Some(page) = &self.error_page {
            if !page.starts_with('/') || page.len() < 2 {
                let problem = Problem::error(format!("`{page}` cannot be the page for errors"));
                scope.report(problem.hint("name a path of the site, with `/` at its start"));
            }
            if !self.routes.is_empty() {
                let problem = Problem::error("a page for errors would replace those of the other origins too");
                scope.report(problem.hint("leave out `error_page`, or serve the other origin under a name of its own"));
            }
        }
        for (index, (pattern, _)) in self.routes.iter().enumerate() {
            if pattern.len() < 2 || pattern == "/*" {
                let problem = Problem::error(format!("`{pattern}` leaves no page for the site"));
                scope.report(problem.hint("give a pattern of some paths, such as `/api/*`"));
            }
            if self.routes[..index].iter().any(|(earlier, _)| earlier == pattern) {
                scope.report(Problem::error(format!("the paths `{pattern}` have two origins")));
            }
        }
    }
}

/// The handle of a [`Website`].
#[derive(Debug, Clone)]
pub struct WebsiteHandle {
    distribution: cloudfront::DistributionRef,
    bucket: BucketHandle,
    name: Option<Text>,
}

impl WebsiteHandle {
    /// The address of the site, without a slash at its end: also what browsers call its origin.
    pub fn url(&self) -> Expression {
        let name = match &self.name {
            Some(name) => name.clone().into(),
            None => self.distribution.domain_name().into(),
        };
        Expression::raw(concatenate(["https://".into(), name]))
    }

    /// The name of the distribution in the DNS.
    pub fn domain_name(&self) -> Attribute {
        self.distribution.domain_name()
    }

    /// The id of the distribution.
    pub fn distribution_id(&self) -> Id<kind::cloudfront::Distribution> {
        self.distribution.reference()
    }

    /// The ARN of the distribution, for policies.
    pub fn distribution_arn(&self) -> Value {
        concatenate([
            "arn:".into(),
            Expression::partition().into(),
            ":cloudfront::".into(),
            Expression::account_id().into(),
            ":distribution/".into(),
            self.distribution_id().into(),
        ])
    }

    /// The bucket with the files.
    pub fn bucket(&self) -> &BucketHandle {
        &self.bucket
    }

    /// Access to make the distribution fetch files again.
    pub fn invalidate(&self) -> Grant {
        Grant::new(["cloudfront:CreateInvalidation"], [self.distribution_arn()], "have files fetched again")
    }
}

impl Handle for WebsiteHandle {
    fn id(&self) -> &ResourceId {
        self.distribution.id()
    }
}

/// A name that no other stack, region or account has: CloudFront's names are of the whole account.
fn unique_name(path: &str) -> Value {
    let name: String = path.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    // The last part of a stack's ARN is random, 36 characters; names have 64.
    let stack = Expression::select(2, Expression::split("/", Expression::stack_id()));
    Expression::join("-", [name.into(), Value::from(stack)]).into()
}

#[cfg(test)]
mod tests;
