//! genome-pipeline: the page, and the API behind it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use genome_pipeline::contract::{api, limits};

use crate::synthesized::{Questions, root, template, text};

fn pipeline() -> Questions {
    template("genome-pipeline")
}

/// All files of the page: name and text.
fn files() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("sites/genome/src")).unwrap();
    let file =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap());
    entries.map(|entry| file(entry.unwrap())).collect()
}

fn page() -> String {
    fs::read_to_string(root().join("sites/genome/src/index.html")).unwrap()
}

fn scripts() -> String {
    let is_script = |name: &str| Path::new(name).extension().is_some_and(|extension| extension == "js");
    files().into_iter().filter(|(name, _)| is_script(name)).map(|(_, text)| text).collect()
}

/// What stands between `before` and the next quote, everywhere.
fn quoted<'a>(text: &'a str, before: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[test]
fn nothing_comes_from_elsewhere() {
    for (name, text) in files() {
        // The name of the language of pictures is no address.
        let text = text.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("//cdn") && !text.contains("http://") && !text.contains("https://"), "{name}");
        assert!(!text.contains("innerHTML") && !text.contains("style=") && !text.contains("onclick="), "{name}");
    }
}

#[test]
fn scripts_find_the_elements_that_they_name() {
    let page = page();
    let ids = quoted(&page, " id=\"");
    let scripts = scripts();
    let named: BTreeSet<&str> =
        ["byId(\"", "setText(\"", "showText(\""].iter().flat_map(|call| quoted(&scripts, call)).collect();
    assert!(named.len() > 30, "{named:?}");
    for name in &named {
        assert!(ids.contains(name), "{name}");
    }
    for names in quoted(&page, "aria-describedby=\"").into_iter().chain(quoted(&page, "aria-labelledby=\"")) {
        for name in names.split(' ') {
            assert!(ids.contains(name), "{name}");
        }
    }
    for name in quoted(&page, "<label for=\"") {
        assert!(ids.contains(name), "{name}");
    }
}

#[test]
fn page_and_server_share_paths_and_limits() {
    let scripts = scripts();
    let page = page();
    for path in [api::SUBMIT_ROUTE, api::UPLOAD_ROUTE, "/api/genomes", "/api/jobs", "/api/results"] {
        assert!(scripts.contains(&format!("\"{path}\"")), "{path}");
    }
    for path in ["/api/jobs", "/api/results"] {
        assert!(api::JOB_ROUTES.iter().any(|route| route.starts_with(&format!("{path}/{{id}}"))), "{path}");
    }
    assert!(scripts.contains(&format!("\"{}\"", api::IDEMPOTENCY_HEADER)));
    assert_eq!(limits::DEFAULT_MAX_SEQUENCE, 20_000);
    assert!(scripts.contains("DEFAULT_MAX_SEQUENCE = 20_000;") && page.contains(">20,000<"));
    let days = format!("{} days", limits::RETENTION_DAYS);
    assert!(page.contains(&format!("can be opened for {days}")) && scripts.contains(&format!("deleted after {days}")));
    assert_eq!(limits::MAX_UPLOAD_BYTES, 5_000_000_000);
    assert!(scripts.contains("MAX_UPLOAD_BYTES = 5_000_000_000;"));
}

#[test]
fn the_api_has_the_routes_of_the_contract() {
    let questions = pipeline();
    let integration = |function: &str| {
        let found = questions.of_type("AWS::ApiGatewayV2::Integration").find(|(_, integration)| {
            text(integration.get("IntegrationUri").unwrap()) == format!("${{{function}.Arn}}")
        });
        format!("integrations/${{{}}}", found.unwrap().0)
    };
    let routes: BTreeSet<_> = questions
        .of_type("AWS::ApiGatewayV2::Route")
        .map(|(_, route)| (text(route.get("RouteKey").unwrap()), text(route.get("Target").unwrap())))
        .collect();
    let expected = api::JOB_ROUTES.map(|path| (format!("GET {path}"), integration("JobApi")));
    let submit = (format!("POST {}", api::SUBMIT_ROUTE), integration("CreateJob"));
    assert_eq!(routes, expected.into_iter().chain([submit]).collect());
    assert_eq!(questions.text("ApiStage", "DefaultRouteSettings.ThrottlingRateLimit"), "20");
    assert_eq!(questions.text("ApiStage", "DefaultRouteSettings.ThrottlingBurstLimit"), "40");
    assert!(questions.text("ApiStage", "AccessLogSettings.DestinationArn").ends_with("log-group:${ApiAccessLog}"));
    assert!(!questions.properties("Api").contains_key("CorsConfiguration"));
}

#[test]
fn the_site_answers_for_the_api_too() {
    let questions = pipeline();
    for (property, value) in [
        ("DefaultCacheBehavior.ViewerProtocolPolicy", "redirect-to-https"),
        ("CacheBehaviors.0.PathPattern", "/api/*"),
        ("CacheBehaviors.0.ViewerProtocolPolicy", "redirect-to-https"),
        // The policies of AWS that cache nothing, and that send all on but `Host`.
        ("CacheBehaviors.0.CachePolicyId", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
        ("CacheBehaviors.0.OriginRequestPolicyId", "b689b0a8-53d0-40ab-baf2-68738e2966ac"),
        ("Origins.0.OriginAccessControlId", "${SiteAccessControl}"),
        ("Origins.1.CustomOriginConfig.OriginProtocolPolicy", "https-only"),
    ] {
        assert_eq!(questions.text("Site", &format!("DistributionConfig.{property}")), value, "{property}");
    }
    let origin = questions.text("Site", "DistributionConfig.CacheBehaviors.0.TargetOriginId");
    assert_eq!(questions.text("Site", "DistributionConfig.Origins.1.Id"), origin);
    // An error page would replace the errors of the API.
    assert!(questions.value("Site", "DistributionConfig").get("CustomErrorResponses").is_none());
    assert_eq!(questions.text("SiteFiles", "Files.0.Path"), "config.json");
    assert_eq!(questions.text("SiteFiles", "Files.0.Content"), r#"{"maxSequence":20000,"uploads":false}"#);
    let policy = questions.text(
        "SiteHeaders",
        "ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy",
    );
    assert!(policy.starts_with("default-src 'self';") && !policy.contains("http"), "{policy}");
}
