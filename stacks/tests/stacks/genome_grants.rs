//! What the functions and the worker of genome-pipeline may do.

use std::collections::BTreeSet;

use stackgen::core::App;
use stackgen::template::{Map, Value};
use stackgen_app::genome_ami::genome_ami;
use stackgen_app::genome_pipeline::{Settings, genome_pipeline};

use crate::synthesized::{Questions, one_or_many, pairs, root, statements, template, text};

fn pipeline() -> Questions {
    template("genome-pipeline")
}

/// The statements of all policies of a role: larger ones are managed policies of their own.
fn statements_of(role: &str) -> impl Iterator<Item = &'static Value> {
    let own = format!("[${{{role}}}]");
    let policies = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"].map(|kind| pipeline().of_type(kind));
    let policies = policies.into_iter().flatten().filter(move |(_, policy)| text(policy.get("Roles").unwrap()) == own);
    policies.flat_map(|(_, policy)| statements(policy.get("PolicyDocument").unwrap()))
}

/// What a role may do beside writing to its own log and taking messages of its own queue: `action on resource`, and a
/// condition where there is one.
fn grants(role: &str) -> Vec<String> {
    let grants = statements_of(role).flat_map(|statement| {
        assert_eq!(statement.get("Effect").and_then(Value::as_str), Some("Allow"));
        let condition = statement.get("Condition").map(|condition| format!(" when {}", text(condition)));
        pairs(statement).into_iter().map(move |pair| pair + condition.as_deref().unwrap_or_default())
    });
    let log = format!("on ${{{}Logs.Arn}}", role.trim_end_matches("Role"));
    let taken = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
    let is_plain = |grant: &String| grant.ends_with(&log) || taken.iter().any(|action| grant.starts_with(action));
    let grants: BTreeSet<_> = grants.filter(|grant| !is_plain(grant)).collect();
    grants.into_iter().collect()
}

#[track_caller]
fn assert_grants(role: &str, expected: &[&str]) {
    let shown = |grants: &[String]| grants.join("\n");
    let mut expected: Vec<_> = expected.iter().map(|grant| (*grant).to_owned()).collect();
    expected.sort();
    assert_eq!(shown(&grants(role)), shown(&expected), "{role}");
}

#[test]
fn of_the_api() {
    assert_grants(
        "CreateJobRole",
        &[
            "dynamodb:GetItem on ${Genomes.Arn}",
            "dynamodb:GetItem on ${Jobs.Arn}",
            "dynamodb:PutItem on ${Jobs.Arn}",
            "dynamodb:PutItem on ${Tasks.Arn}",
            r#"s3:ListBucket on ${GenomeBucket.Arn} when {"StringLike":{"s3:prefix":"custom/*"}}"#,
        ],
    );
    assert_grants(
        "JobApiRole",
        &[
            "dynamodb:GetItem on ${Genomes.Arn}",
            "dynamodb:GetItem on ${Jobs.Arn}",
            "dynamodb:GetItem on ${Targets.Arn}",
            "dynamodb:GetItem on ${Tasks.Arn}",
            "dynamodb:Query on ${Genomes.Arn}",
            "dynamodb:Query on ${Jobs.Arn}",
            "dynamodb:Query on ${Targets.Arn}",
            "dynamodb:Query on ${Tasks.Arn}",
            "dynamodb:Scan on ${Genomes.Arn}",
            "s3:GetObject on ${GenomeBucket.Arn}/results/*",
        ],
    );
}

#[test]
fn of_the_scheduler() {
    insta::assert_snapshot!(grants("SchedulerFunctionRole").join("\n"));
    assert_grants("SchedulerTickRole", &["lambda:InvokeFunction on ${SchedulerFunction.Arn}"]);
}

#[test]
fn of_those_who_prepare_a_genome() {
    assert_grants(
        "DownloadFunctionRole",
        &[
            "dynamodb:GetItem on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Jobs.Arn}",
            "s3:PutObject on ${GenomeBucket.Arn}/*/fasta/*",
            "sqs:SendMessage on ${PartsQueue.Arn}",
        ],
    );
    assert_grants(
        "PartsFunctionRole",
        &[
            "dynamodb:GetItem on ${Genomes.Arn}",
            "dynamodb:Query on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Jobs.Arn}",
            "s3:GetObject on ${GenomeBucket.Arn}/*/fasta/*",
            "s3:PutObject on ${GenomeBucket.Arn}/*/fasta/*",
            "sqs:SendMessage on ${IndexQueue.Arn}",
        ],
    );
    assert_grants(
        "IndexFunctionRole",
        &[
            "dynamodb:GetItem on ${Genomes.Arn}",
            "dynamodb:Query on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Genomes.Arn}",
            "dynamodb:UpdateItem on ${Jobs.Arn}",
            "s3:GetObject on ${GenomeBucket.Arn}/*/fasta/*",
            "s3:PutObject on ${GenomeBucket.Arn}/*/index/*",
            "sqs:SendMessage on ${ScanQueue.Arn}",
        ],
    );
}

#[test]
fn of_those_who_score() {
    assert_grants(
        "ScanFunctionRole",
        &[
            "dynamodb:GetItem on ${Jobs.Arn}",
            "dynamodb:GetItem on ${Targets.Arn}",
            "dynamodb:GetItem on ${Tasks.Arn}",
            "dynamodb:UpdateItem on ${Jobs.Arn}",
            "dynamodb:UpdateItem on ${Targets.Arn}",
            "dynamodb:UpdateItem on ${Tasks.Arn}",
            "sqs:SendMessage on ${ConsensusQueue.Arn}",
            "sqs:SendMessage on ${OffTargetQueue.Arn}",
        ],
    );
    let scores = [
        "dynamodb:GetItem on ${Jobs.Arn}",
        "dynamodb:Query on ${Targets.Arn}",
        "dynamodb:UpdateItem on ${Jobs.Arn}",
        "dynamodb:UpdateItem on ${Targets.Arn}",
        "dynamodb:UpdateItem on ${Tasks.Arn}",
        "s3:PutObject on ${GenomeBucket.Arn}/results/*",
    ];
    assert_grants("ConsensusFunctionRole", &scores);
    let index = ["dynamodb:GetItem on ${Genomes.Arn}", "s3:GetObject on ${GenomeBucket.Arn}/*/index/*"];
    assert_grants("OffTargetFunctionRole", &[&scores[..], &index[..]].concat());
}

#[test]
fn of_the_worker() {
    let tables = ["Genomes", "Jobs", "Targets", "Tasks"];
    let actions = ["GetItem", "Query", "UpdateItem"];
    let rows = actions.iter().flat_map(|action| tables.map(|table| format!("dynamodb:{action} on ${{{table}.Arn}}")));
    let others = [
        "logs:CreateLogStream on ${WorkerLog.Arn}",
        "logs:PutLogEvents on ${WorkerLog.Arn}",
        "s3:GetObject on ${GenomeBucket.Arn}/*",
        "s3:PutObject on ${GenomeBucket.Arn}/*",
    ];
    let expected: Vec<_> = rows.chain(others.map(str::to_owned)).collect();
    assert_grants("WorkerProfileRole", &expected.iter().map(String::as_str).collect::<Vec<_>>());
    let managed = "[arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore]";
    assert_eq!(pipeline().text("WorkerProfileRole", "ManagedPolicyArns"), managed);
}

#[test]
fn consumers_take_messages_of_their_own_queue_only() {
    let mut checked = 0;
    for (logical_id, mapping) in pipeline().of_type("AWS::Lambda::EventSourceMapping") {
        let Some(line) = logical_id.strip_suffix("Events") else { continue };
        let own = format!("sqs:ReceiveMessage on ${{{line}Queue.Arn}}");
        let received: Vec<_> = statements_of(&format!("{line}FunctionRole"))
            .flat_map(pairs)
            .filter(|grant| grant.starts_with("sqs:ReceiveMessage"))
            .collect();
        assert_eq!(received, [own], "{logical_id}");
        assert_eq!(text(mapping.get("EventSourceArn").unwrap()), format!("${{{line}Queue.Arn}}"));
        checked += 1;
    }
    assert_eq!(checked, 6);
}

#[test]
fn every_grant_names_its_actions_and_resources() {
    let kinds = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"];
    for (logical_id, policy) in kinds.into_iter().flat_map(|kind| pipeline().of_type(kind)) {
        for statement in statements(policy.get("PolicyDocument").unwrap()) {
            let parts = |part| one_or_many(statement.get(part).unwrap()).iter().map(text).collect::<Vec<_>>();
            assert!(parts("Action").iter().all(|action| !action.contains('*')), "{logical_id}");
            assert!(parts("Resource").iter().all(|resource| resource != "*"), "{logical_id}");
        }
    }
    let managed: Vec<_> =
        pipeline().of_type("AWS::IAM::Role").filter(|(_, role)| role.contains_key("ManagedPolicyArns")).collect();
    assert_eq!(managed.iter().map(|(logical_id, _)| *logical_id).collect::<Vec<_>>(), ["WorkerProfileRole"]);
}

/// The template with uploads, which others are without.
fn with_uploads() -> Map {
    let mut app = App::new().with_root(root());
    app.set_context("upload_token_secret", "genome/upload-token");
    let image = genome_ami(&mut app);
    let settings = Settings::from_context(&mut app);
    genome_pipeline(&mut app, &image, &settings);
    let synthesis = app.synthesize();
    let found: Vec<_> = synthesis.problems.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let template = &synthesis.stack("genome-pipeline").unwrap().template;
    let resources = template.resources();
    resources
        .map(|resource| {
            (resource.logical_id.to_owned().into(), Value::Map(resource.properties().cloned().unwrap_or_default()))
        })
        .collect()
}

#[test]
fn uploads_come_with_a_token() {
    assert!(!pipeline().ids_of_type("AWS::Lambda::Function").contains(&"UploadUrl"));
    assert!(!pipeline().json().contains("POST /api/uploads"));

    let resources = with_uploads();
    let shown = |logical_id: &str| text(resources.get(logical_id).unwrap_or_else(|| panic!("no `{logical_id}`")));
    assert!(shown("UploadUrl").contains(r#""UPLOAD_TOKEN_SECRET":"genome/upload-token""#));
    let routes =
        resources.iter().filter(|(_, route)| route.get("RouteKey").map(text).as_deref() == Some("POST /api/uploads"));
    assert_eq!(routes.count(), 1);
    assert!(shown("SiteFiles").contains(r#"\"uploads\":true"#), "{}", shown("SiteFiles"));
    let config =
        ["ResponseHeadersPolicyConfig", "SecurityHeadersConfig", "ContentSecurityPolicy", "ContentSecurityPolicy"];
    let policy = text(config.iter().fold(resources.get("SiteHeaders"), |value, name| value?.get(name)).unwrap());
    assert!(policy.ends_with("; connect-src 'self' https://*.s3.${AWS::Region}.${AWS::URLSuffix}"), "{policy}");

    let policy = resources.get("UploadUrlRolePolicy").unwrap().get("PolicyDocument").unwrap();
    let mut granted: Vec<_> =
        statements(policy).iter().flat_map(pairs).filter(|grant| !grant.starts_with("logs:")).collect();
    granted.sort();
    let secret =
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:genome/upload-token-??????";
    let expected = [
        "dynamodb:GetItem on ${Genomes.Arn}".to_owned(),
        "s3:PutObject on ${GenomeBucket.Arn}/custom/*".to_owned(),
        format!("secretsmanager:GetSecretValue on {secret}"),
    ];
    assert_eq!(granted, expected);
}
