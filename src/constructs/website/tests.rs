use stackgen_resources::typed::literal;
use stackgen_template::Map;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Function, HttpApi};

#[test]
fn a_site_of_files() {
    let template = template_of(|stack| {
        let site = stack.add("Site", Website::new().error_page("/404.html"));
        let config = Map::from_iter([("apiUrl".into(), Expression::sub("https://api.${AWS::Region}.example").into())]);
        let files = WebsiteFiles::of(&site).hashed("assets/*").json_file("config.json", config);
        stack.add("SiteFiles", files.file("404.html", "<!doctype html><title>not found</title>"));
        stack.output("SiteUrl", site.url());
    });
    insta::assert_snapshot!(template);
}

#[test]
fn a_site_with_an_api_and_a_name_of_its_own() {
    let template = template_of(|stack| {
        let zone = HostedZone::from_id(literal("Z0123456789ABCDEFGHIJ"), "example.org");
        let certificate =
            literal("arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012");
        let policy = ContentSecurityPolicy::own_site_only()
            .allow("connect-src", Expression::sub("https://s3.${AWS::Region}.amazonaws.com"));
        let site = Website::new()
            .bucket(Bucket::new())
            .root("start.html")
            .price_class(PriceClass::AllRegions)
            .content_security_policy(policy)
            .route("/api/*", WebOrigin::api(literal("abcdef1234")))
            .route("/maps/*", WebOrigin::server("maps.example.org").path("/v1"))
            .domain("www.example.org", &zone, certificate);
        let site = stack.add("Site", site);
        stack.output("SiteUrl", site.url());
        stack.output("Distribution", site.distribution_id());
    });
    assert!(template.contains("\"https://www.example.org\""));
    insta::assert_snapshot!(template);
}

#[test]
fn an_api_of_the_app_is_an_origin() {
    let template = template_of(|stack| {
        let function = stack.add("Function", Function::rust("stack-support", "stack-support"));
        let api = stack.add("Api", HttpApi::new().default_route(&function));
        stack.add("Site", Website::new().route("/api/*", &api));
    });
    let template: String = template.split_whitespace().collect();
    let host = r#""DomainName":{"Fn::Select":[2,{"Fn::Split":["/",{"Fn::GetAtt":["Api","ApiEndpoint"]}]}]}"#;
    assert!(template.contains(host), "{template}");
}

#[test]
fn settings_that_do_not_go_together_are_reported() {
    let problems = problems_of(|stack| {
        let site = Website::new()
            .root("/index.html")
            .error_page("404.html")
            .route("/*", WebOrigin::server("a.example"))
            .route("/*", WebOrigin::server("b.example"));
        stack.add("Site", site);
    });
    for expected in [
        "`/index.html` cannot be the first page",
        "`404.html` cannot be the page for errors",
        "a page for errors would replace those of the other origins too",
        "`/*` leaves no page for the site",
        "the paths `/*` have two origins",
    ] {
        assert!(problems.contains(&expected.to_owned()), "{expected} is not in {problems:#?}");
    }
}

/// The template of a plain site without blanks.
fn plain_site() -> String {
    template_of(|stack| {
        let site = stack.add("Site", Website::new());
        let config = Map::from_iter([("apiUrl".into(), "https://api.example.org".into())]);
        stack.add("SiteFiles", WebsiteFiles::of(&site).json_file("config.json", config));
    })
    .split_whitespace()
    .collect()
}

#[test]
fn only_the_distribution_reads_the_bucket() {
    let template = plain_site();
    for expected in [
        r#""BlockPublicAcls":true,"BlockPublicPolicy":true,"IgnorePublicAcls":true,"RestrictPublicBuckets":true"#,
        r#""OriginAccessControlId":{"Ref":"SiteAccessControl"}"#,
        r#""OriginAccessControlOriginType":"s3","SigningBehavior":"always","SigningProtocol":"sigv4""#,
        r#""Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject""#,
        r#""Condition":{"StringEquals":{"AWS:SourceArn""#,
        r#""Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
    ] {
        assert!(template.contains(expected), "{expected} is not in {template}");
    }
    // Everyone is named once: by what denies connections without TLS.
    assert_eq!(template.matches(r#""Principal":"*""#).count(), 1, "{template}");
    assert!(template.contains(r#""Effect":"Deny","Principal":"*""#), "{template}");
}

#[test]
fn every_answer_has_the_headers_that_protect_browsers() {
    let template = plain_site();
    for expected in [
        r#""ViewerProtocolPolicy":"redirect-to-https""#,
        r#""ResponseHeadersPolicyId":{"Ref":"SiteHeaders"}"#,
        r#""AccessControlMaxAgeSec":31536000,"Override":true"#,
        r#""FrameOptions":{"FrameOption":"DENY","Override":true}"#,
        r#""ContentTypeOptions":{"Override":true}"#,
        r#""ContentSecurityPolicy":"default-src'self';base-uri'none';form-action'self';frame-ancestors'none';object-src'none'""#,
    ] {
        assert!(template.contains(expected), "{expected} is not in {template}");
    }
}

#[test]
fn files_of_values_are_put_with_the_site() {
    let template = plain_site();
    let file = r#"{"Path":"config.json","Content":"{\"apiUrl\":\"https://api.example.org\"}"}"#;
    assert!(template.contains(file), "{template}");
    assert!(template.contains(r#"{"Pattern":"*","Value":"no-cache"}"#), "{template}");
    assert!(template.contains(r#""DistributionId":{"Ref":"Site"}"#), "{template}");
}
