//! The CloudFront distribution of a site.

use stackgen_resources::typed::{Id, Set, literal};
use stackgen_template::{Map, Value};

use super::Website;
use crate::constructs::BucketHandle;
use crate::resources::cloudfront::{self, distribution};
use crate::resources::kind;

/// The cache policy of AWS for files that do not depend on who asks: `CachingOptimized`.
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// The cache policy of AWS that caches nothing: `CachingDisabled`.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// The policy of AWS that sends everything of the viewer's request on but the header `Host`: `AllViewerExceptHostHeader`.
const ALL_VIEWER_EXCEPT_HOST_HEADER: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/// The origin with the site's files.
const FILES: &str = "files";
const REDIRECT_TO_HTTPS: &str = "redirect-to-https";

/// The regions in which CloudFront has places that serve a site: the more, the nearer to all viewers, and the dearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceClass {
    /// North America, Europe and Israel.
    NorthAmericaAndEurope,
    /// Those and most others, without South America, Australia and New Zealand.
    MostRegions,
    /// All.
    AllRegions,
}

impl PriceClass {
    const fn value(self) -> distribution::PriceClass {
        match self {
            Self::NorthAmericaAndEurope => distribution::PriceClass::PriceClass100,
            Self::MostRegions => distribution::PriceClass::PriceClass200,
            Self::AllRegions => distribution::PriceClass::PriceClassAll,
        }
    }
}

impl Website {
    pub(super) fn distribution(
        &self,
        bucket: &BucketHandle,
        access: &Id<kind::cloudfront::OriginAccessControl>,
        headers: &Id<kind::cloudfront::ResponseHeadersPolicy>,
    ) -> cloudfront::Distribution<Set> {
        use distribution::{
            CacheBehavior, DefaultCacheBehavior, DistributionConfig, HttpVersion, Origin, S3OriginConfig,
        };

        let files = Origin::new()
            .id(FILES)
            .domain_name(bucket.regional_domain_name())
            .origin_access_control_id(access)
            // Says that the origin is a bucket; the older way of access, which it would name, stays empty.
            .s3_origin_config(S3OriginConfig::new().origin_access_identity(""));
        let mut origins = vec![files];
        let mut behaviors = Vec::new();
        for (index, (pattern, origin)) in self.routes.iter().enumerate() {
            let id = format!("route{}", index + 1);
            origins.push(origin.origin(id.clone()));
            let behavior = CacheBehavior::new()
                .path_pattern(pattern.clone())
                .target_origin_id(id)
                .viewer_protocol_policy(REDIRECT_TO_HTTPS)
                .allowed_methods(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])
                .cache_policy_id(literal(CACHING_DISABLED))
                .origin_request_policy_id(literal(ALL_VIEWER_EXCEPT_HOST_HEADER))
                .response_headers_policy_id(headers);
            behaviors.push(behavior);
        }
        let default = DefaultCacheBehavior::new()
            .target_origin_id(FILES)
            .viewer_protocol_policy(distribution::ViewerProtocolPolicy::RedirectToHttps)
            .allowed_methods(["GET", "HEAD"])
            .compress(true)
            .cache_policy_id(literal(CACHING_OPTIMIZED))
            .response_headers_policy_id(headers);
        let mut config = DistributionConfig::new()
            .enabled(true)
            .http_version(HttpVersion::Http2and3)
            .ipv6_enabled(true)
            .price_class(self.price_class.value())
            .default_root_object(self.root.clone())
            .origins(origins)
            .default_cache_behavior(default)
            .raw("ViewerCertificate", self.certificate());
        if !behaviors.is_empty() {
            config = config.cache_behaviors(behaviors);
        }
        if let Some(page) = &self.error_page {
            // The bucket says "forbidden" of what is not there, because nobody may list it.
            let responses = [403, 404].map(|code| {
                distribution::CustomErrorResponse::new()
                    .error_code(code)
                    .response_code(404)
                    .response_page_path(page.clone())
            });
            config = config.custom_error_responses(responses);
        }
        if let Some(domain) = &self.domain {
            config = config.aliases([domain.name.clone()]);
        }
        cloudfront::Distribution::new().distribution_config(config)
    }

    /// The certificate that viewers see. That of CloudFront's own names comes with CloudFront's choice of TLS versions.
    fn certificate(&self) -> Value {
        match &self.domain {
            None => Value::single("CloudFrontDefaultCertificate", true),
            Some(domain) => Map::from([
                ("AcmCertificateArn", domain.certificate.clone()),
                ("SslSupportMethod", "sni-only".into()),
                ("MinimumProtocolVersion", "TLSv1.2_2021".into()),
            ])
            .into(),
        }
    }
}
