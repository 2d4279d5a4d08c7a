//! etl-backend and etl-frontend.

use crate::synthesized::{Questions, app, statements, template, text};

fn backend() -> Questions {
    template("etl-backend")
}

fn frontend() -> Questions {
    template("etl-frontend")
}

#[test]
fn the_templates() {
    insta::assert_snapshot!("backend", backend().json());
    insta::assert_snapshot!("frontend", frontend().json());
}

#[test]
fn the_backend_is_deployed_first() {
    assert_eq!(app().stack("etl-frontend").unwrap().dependencies, ["etl-backend"]);
    assert_eq!(frontend().text("Read", "Environment.Variables.TABLE"), "import etl-backend:ExportFiguresRef");
}

#[test]
fn outputs_and_parameters() {
    let expected = [
        ("emailParam", ""),
        ("jhuUrl", "https://raw.githubusercontent.com/datasets/covid-19/master/data/time-series-19-covid-combined.csv"),
        ("nytUrl", "https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv"),
        ("scheduleExpression", "cron(45 18 * * ? *)"),
    ];
    assert_eq!(backend().parameters(), expected.map(|(name, value)| (name, value.to_owned())).into());
    let expected = [("ApiUrl", "${Api.ApiEndpoint}"), ("SiteUrl", "https://${Site.DomainName}")];
    assert_eq!(frontend().outputs(), expected.map(|(name, value)| (name, value.to_owned())).into());
}

#[test]
fn figures_and_snapshots_stay_and_the_site_goes() {
    assert_eq!(backend().retained(), ["Figures", "Snapshots"]);
    assert!(frontend().retained().is_empty());
    assert_eq!(frontend().text("SiteBucketEmptyOnDestroy", "Bucket"), "${SiteBucket}");
}

#[test]
fn a_refresh_that_fails_is_told_once() {
    let questions = backend();
    assert_eq!(questions.text("Refresh", "MemorySize"), "512");
    assert_eq!(questions.text("Refresh", "Timeout"), "300");
    assert_eq!(questions.text("RefreshAsyncInvocation", "MaximumRetryAttempts"), "2");
    assert_eq!(questions.text("RefreshAsyncInvocation", "MaximumEventAgeInSeconds"), "3600");
    assert_eq!(questions.text("RefreshAsyncInvocation", "DestinationConfig.OnFailure.Destination"), "${Reports}");
    assert_eq!(questions.text("Schedule", "ScheduleExpression"), "${scheduleExpression}");
    assert_eq!(questions.ids_of_type("AWS::SNS::Subscription"), ["ReportsEmail"]);
}

#[test]
fn a_missing_run_raises_the_alarm() {
    let expected = [
        ("Namespace", "etl"),
        ("MetricName", "RefreshCompleted"),
        ("Dimensions.0.Name", "StackName"),
        ("Dimensions.0.Value", "${AWS::StackName}"),
        ("Statistic", "Sum"),
        ("Period", "3600"),
        ("EvaluationPeriods", "26"),
        ("DatapointsToAlarm", "26"),
        ("ComparisonOperator", "LessThanThreshold"),
        ("Threshold", "1"),
        ("TreatMissingData", "breaching"),
        ("AlarmActions", "[${Reports}]"),
    ];
    for (property, value) in expected {
        assert_eq!(backend().text("MissingRun", property), value, "{property}");
    }
    // The handler publishes the metric with the same name of the stack.
    assert_eq!(backend().text("Refresh", "Environment.Variables.STACK_NAME"), "${AWS::StackName}");
}

#[test]
fn grants() {
    let expected = [
        "dynamodb:BatchWriteItem on ${Figures.Arn}",
        "dynamodb:DeleteItem on ${Figures.Arn}",
        "dynamodb:GetItem on ${Figures.Arn}",
        "dynamodb:PutItem on ${Figures.Arn}",
        "dynamodb:Query on ${Figures.Arn}",
        "s3:GetObject on ${Snapshots.Arn}/rejects/*",
        "s3:GetObject on ${Snapshots.Arn}/snapshots/*",
        "s3:GetObject on ${Snapshots.Arn}/sources/*",
        "s3:ListBucket on ${Snapshots.Arn}",
        "s3:PutObject on ${Snapshots.Arn}/rejects/*",
        "s3:PutObject on ${Snapshots.Arn}/snapshots/*",
        "s3:PutObject on ${Snapshots.Arn}/sources/*",
        "sns:Publish on ${Reports}",
    ];
    assert_eq!(backend().grants("RefreshRole"), expected.map(str::to_owned).into());
    let expected = [
        "dynamodb:GetItem on import etl-backend:ExportFiguresArn",
        "dynamodb:Query on import etl-backend:ExportFiguresArn",
    ];
    assert_eq!(frontend().grants("ReadRole"), expected.map(str::to_owned).into());
}

#[test]
fn the_api_is_open_to_the_site_alone() {
    let questions = frontend();
    assert_eq!(questions.text("Read", "MemorySize"), "256");
    assert_eq!(questions.text("Read", "Timeout"), "10");
    let routes: Vec<_> =
        questions.of_type("AWS::ApiGatewayV2::Route").map(|(_, route)| text(route.get("RouteKey").unwrap())).collect();
    assert_eq!(routes, ["GET /data", "GET /daily", "GET /weekly", "GET /monthly"]);
    assert_eq!(questions.text("ApiIntegration", "PayloadFormatVersion"), "2.0");
    assert_eq!(questions.text("ApiStage", "StageName"), "$default");
    assert_eq!(questions.text("ApiStage", "DefaultRouteSettings.ThrottlingRateLimit"), "50");
    assert_eq!(questions.text("ApiStage", "DefaultRouteSettings.ThrottlingBurstLimit"), "100");
    assert_eq!(questions.text("Api", "CorsConfiguration.AllowOrigins"), "[https://${Site.DomainName}]");
    assert_eq!(questions.text("Api", "CorsConfiguration.AllowMethods"), "[GET]");
}

#[test]
fn the_site_is_read_by_its_distribution_alone() {
    let questions = frontend();
    let policy = questions.value("SiteBucketPolicy", "PolicyDocument");
    let reads: Vec<_> = statements(policy)
        .iter()
        .filter(|statement| text(statement.get("Action").unwrap()).contains("s3:GetObject"))
        .map(|statement| (text(statement.get("Principal").unwrap()), text(statement.get("Condition").unwrap())))
        .collect();
    let [(principal, condition)] = &reads[..] else { panic!("{reads:?}") };
    assert_eq!(principal, r#"{"Service":"cloudfront.amazonaws.com"}"#);
    assert!(condition.contains(r#"":distribution/",{"Ref":"Site"}"#), "{condition}");

    for (property, value) in
        [("SigningBehavior", "always"), ("SigningProtocol", "sigv4"), ("OriginAccessControlOriginType", "s3")]
    {
        assert_eq!(questions.text("SiteAccessControl", &format!("OriginAccessControlConfig.{property}")), value);
    }
    for (property, value) in [
        ("HttpVersion", "http2and3"),
        ("PriceClass", "PriceClass_100"),
        ("DefaultRootObject", "index.html"),
        ("DefaultCacheBehavior.ViewerProtocolPolicy", "redirect-to-https"),
        ("CustomErrorResponses.0.ErrorCode", "403"),
        ("CustomErrorResponses.0.ResponseCode", "404"),
        ("CustomErrorResponses.0.ResponsePagePath", "/404.html"),
        ("CustomErrorResponses.1.ErrorCode", "404"),
        ("CustomErrorResponses.1.ResponseCode", "404"),
    ] {
        assert_eq!(questions.text("Site", &format!("DistributionConfig.{property}")), value, "{property}");
    }
}

#[test]
fn browsers_are_told_what_the_site_may_do() {
    let headers = frontend().text("SiteHeaders", "ResponseHeadersPolicyConfig.SecurityHeadersConfig");
    for part in ["ContentTypeOptions", "StrictTransportSecurity", "ContentSecurityPolicy"] {
        assert!(headers.contains(part), "{part}: {headers}");
    }
    let path = "ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy";
    let policy = frontend().text("SiteHeaders", path);
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    let apis = "connect-src 'self' https://*.execute-api.${AWS::Region}.amazonaws.com";
    assert!(policy.contains(apis), "{policy}");
}

#[test]
fn the_site_comes_with_the_address_of_the_api() {
    let questions = frontend();
    assert_eq!(questions.text("SiteFiles", "Files.0.Path"), "config.json");
    let content = questions.text("SiteFiles", "Files.0.Content");
    assert!(content.contains("apiUrl") && content.contains("ApiEndpoint"), "{content}");
    assert_eq!(questions.text("SiteFiles", "Prune"), "true");
    assert_eq!(questions.text("SiteFiles", "DistributionId"), "${Site}");
    assert_eq!(questions.text("SiteFiles", "CacheControl.0.Pattern"), "assets/*");
    assert_eq!(questions.text("SiteFiles", "CacheControl.0.Value"), "public, max-age=31536000, immutable");
    assert_eq!(questions.text("SiteFiles", "CacheControl.1.Value"), "no-cache");
    let grants = questions.grants("StackSupportRole");
    let distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Site}";
    assert!(grants.contains(&format!("cloudfront:CreateInvalidation on {distribution}")), "{grants:?}");
}
