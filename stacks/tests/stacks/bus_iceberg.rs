//! bus-observatory with Iceberg tables, and with many feeds.

use bus_observatory::feeds::{Configuration, Feed, TableFormat};
use stackgen::core::App;

use crate::bus_observatory::{assert_columns, assert_grants, buses, grants, replaced, shipped, variant};
use crate::synthesized::{Questions, one_or_many, pairs, root, statements, text};

fn iceberg() -> Questions {
    variant(|text| replaced(text, r#""table_format": "hive""#, r#""table_format": "iceberg""#))
}

#[test]
fn the_template() {
    insta::assert_snapshot!(iceberg().json());
}

#[test]
fn tables_of_iceberg() {
    let questions = iceberg();
    let feeds = Configuration::read(&shipped(), "feeds.json").unwrap().feeds;
    let tables = questions.ids_of_type("AWS::Glue::Table");
    assert_eq!(tables.len(), feeds.len());
    for (table, feed) in tables.into_iter().zip(&feeds) {
        assert_eq!(questions.text(table, "TableInput.Name"), feed.system_id);
        assert_eq!(
            questions.text(table, "OpenTableFormatInput.IcebergInput"),
            r#"{"MetadataOperation":"CREATE","Version":"2"}"#
        );
        let location = format!("s3://${{Lake}}/iceberg/{}/", feed.system_id);
        assert_eq!(questions.text(table, "TableInput.StorageDescriptor.Location"), location);
        assert!(questions.value(table, "TableInput").get("PartitionKeys").is_none());
        assert_columns(questions, table, feed);
    }
    let optimizers = questions.ids_of_type("AWS::Glue::TableOptimizer");
    let kinds = |kind: &str| optimizers.iter().filter(|id| questions.text(id, "Type") == kind).count();
    assert_eq!([kinds("compaction"), kinds("retention"), kinds("orphan_file_deletion")], [7; 3]);
    for optimizer in optimizers {
        let configuration = questions.text(optimizer, "TableOptimizerConfiguration");
        match questions.text(optimizer, "Type").as_str() {
            "retention" => assert!(configuration.contains(r#""SnapshotRetentionPeriodInDays":7"#), "{configuration}"),
            "orphan_file_deletion" => {
                assert!(configuration.contains(r#""OrphanFileRetentionPeriodInDays":3"#), "{configuration}");
            }
            _ => {}
        }
        assert_eq!(questions.text(optimizer, "TableOptimizerConfiguration.RoleArn"), "${OptimizerRole.Arn}");
        // Glue tries the role as it makes the optimizer.
        let before = questions.depends_on(optimizer);
        assert!(before.iter().any(|id| id.starts_with("OptimizerRolePolicy")), "{optimizer}: {before:?}");
        assert!(before.contains("OptimizerLocation"), "{optimizer}: {before:?}");
    }
    assert_eq!(questions.text("Compactor", "Environment.Variables.TABLE_FORMAT"), "iceberg");
    assert_eq!(questions.text("ApiFunction", "Environment.Variables.TABLE_FORMAT"), "iceberg");
}

#[test]
fn lake_formation_guards_iceberg_tables() {
    let questions = iceberg();
    let location = questions.value("LakeLocation", "ResourceArn");
    assert_eq!(text(location), "arn:${AWS::Partition}:s3:::${Lake}/iceberg");
    assert_eq!(questions.text("LakeLocation", "HybridAccessEnabled"), "true");
    assert_eq!(questions.text("LakeLocation", "RoleArn"), "${LakeRole.Arn}");
    assert_eq!(questions.text("LakeAdministrators", "MutationType"), "APPEND");
    assert_eq!(
        questions.text("LakeAdministrators", "Admins"),
        r#"[{"DataLakePrincipalIdentifier":{"Ref":"deploymentRoleArn"}}]"#
    );
    let permissions = questions.ids_of_type("AWS::LakeFormation::PrincipalPermissions");
    assert_eq!(permissions.len(), 8, "seven tables and the location");
    for id in permissions {
        let expected = if id == "OptimizerLocation" {
            "[DATA_LOCATION_ACCESS]"
        } else {
            "[SELECT, INSERT, DELETE, ALTER, DESCRIBE]"
        };
        assert_eq!(questions.text(id, "Permissions"), expected, "{id}");
        assert_eq!(questions.text(id, "Principal.DataLakePrincipalIdentifier"), "${OptimizerRole.Arn}", "{id}");
        assert!(questions.depends_on(id).contains("LakeAdministrators"), "{id}");
    }
}

#[test]
fn grants_of_iceberg_tables() {
    let questions = iceberg();
    let all = |role| grants(questions, role);
    let of_lake = |role| {
        let is_of_lake = |grant: &String| !grant.contains(" on ${Results") && !grant.starts_with("ssm:");
        all(role).into_iter().filter(is_of_lake).filter(|grant| !grant.starts_with("glue:")).collect::<Vec<_>>()
    };
    assert_eq!(
        of_lake("CompactorRole"),
        [
            "lakeformation:GetDataAccess on *",
            "s3:DeleteObject on ${Lake.Arn}/iceberg/*",
            "s3:DeleteObject on ${Lake.Arn}/lake/*",
            "s3:GetObject on ${Lake.Arn}/iceberg/*",
            "s3:GetObject on ${Lake.Arn}/lake/*",
            r#"s3:ListBucket on ${Lake.Arn} when {"StringLike":{"s3:prefix":["lake/*","iceberg/*"]}}"#,
            "s3:PutObject on ${Lake.Arn}/iceberg/*",
            "s3:PutObject on ${Lake.Arn}/lake/*",
        ]
    );
    assert_eq!(
        of_lake("ApiFunctionRole"),
        [
            "lakeformation:GetDataAccess on *",
            "s3:GetObject on ${Lake.Arn}/iceberg/*",
            "s3:GetObject on ${Lake.Arn}/lake/*",
            "s3:GetObject on ${Lake.Arn}/state/*",
            r#"s3:ListBucket on ${Lake.Arn} when {"StringLike":{"s3:prefix":["lake/*","iceberg/*","state/*"]}}"#,
        ]
    );
    // Catalogue, database and seven tables, each named.
    let glue = |role| all(role).into_iter().filter(|grant| grant.starts_with("glue:")).collect::<Vec<_>>();
    let (read, change) = (
        |grant: &&String| grant.starts_with("glue:GetTable on"),
        |grant: &&String| grant.starts_with("glue:UpdateTable on"),
    );
    for (role, changes) in [("CompactorRole", 9), ("ApiFunctionRole", 0), ("OptimizerRole", 9)] {
        let glue = glue(role);
        assert_eq!((glue.iter().filter(read).count(), glue.iter().filter(change).count()), (9, changes), "{role}");
        assert_eq!(glue.len(), 9 + changes, "{role}: {glue:?}");
        assert!(glue.iter().all(|grant| !grant.contains('*')), "{role}: {glue:?}");
    }
    let files = [
        "s3:DeleteObject on ${Lake.Arn}/iceberg/*",
        "s3:GetObject on ${Lake.Arn}/iceberg/*",
        r#"s3:ListBucket on ${Lake.Arn} when {"StringLike":{"s3:prefix":"iceberg/*"}}"#,
        "s3:PutObject on ${Lake.Arn}/iceberg/*",
    ];
    assert_grants(questions, "LakeRole", &files);
    let mut optimizer = of_lake("OptimizerRole");
    let logs: Vec<_> = optimizer.extract_if(.., |grant| grant.starts_with("logs:")).collect();
    assert_eq!(logs.len(), 9, "three actions on the logs of three optimizers");
    assert!(logs.iter().all(|grant| grant.contains(":log-group:/aws-glue/iceberg-")), "{logs:?}");
    assert_eq!(optimizer.remove(0), "lakeformation:GetDataAccess on *");
    assert_eq!(optimizer, files);
}

#[test]
fn no_role_has_a_wildcard() {
    for questions in [buses(), iceberg()] {
        for (logical_id, policy) in questions.of_type("AWS::IAM::Policy") {
            for statement in statements(policy.get("PolicyDocument").unwrap()) {
                for action in one_or_many(statement.get("Action").unwrap()) {
                    assert!(!text(action).contains('*'), "{logical_id}: {action:?}");
                }
                for pair in pairs(statement) {
                    // The one action without resources.
                    let is_bare = pair.ends_with(" on *") && pair != "lakeformation:GetDataAccess on *";
                    assert!(!is_bare, "{logical_id}: {pair}");
                }
            }
        }
    }
}

/// A stack of `count` feeds with a format; what synthesis says of it.
fn many(count: usize, format: &str) -> Vec<String> {
    let feeds: Vec<_> = (0..count)
        .map(|number| {
            let feed = Configuration::read(&shipped(), "feeds.json").unwrap().feeds.remove(4);
            serde_json::to_value(Feed { system_id: format!("feed_{number}"), ..feed }).unwrap()
        })
        .collect();
    let text = serde_json::json!({ "stack": "many-buses", "table_format": format, "feeds": feeds }).to_string();
    let configuration = Configuration::read(&text, "feeds.json").unwrap();
    let mut app = App::new().with_root(root());
    stackgen_app::bus_observatory::observatory(&mut app, &configuration);
    let synthesis = app.synthesize();
    synthesis.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_resources_of_feeds_are_counted_right() {
    use stackgen_app::bus_observatory::{RESOURCES_OF_STACK, resources_of};

    for (questions, format) in [(buses(), TableFormat::Hive), (iceberg(), TableFormat::Iceberg)] {
        let configuration = Configuration::read(&shipped(), "feeds.json").unwrap();
        let counted: usize = configuration.feeds.iter().map(|feed| resources_of(feed, format)).sum();
        let is_of_feed = |id: &str| id.starts_with("Feed");
        let ids = || questions.template().resources().map(|resource| resource.logical_id);
        assert_eq!(ids().filter(|id| is_of_feed(id)).count(), counted);
        assert!(ids().filter(|id| !is_of_feed(id)).count() >= RESOURCES_OF_STACK);
    }
}

#[test]
fn a_stack_has_a_limit_of_feeds() {
    assert_eq!(many(70, "hive"), Vec::<String>::new());
    assert_eq!(many(35, "iceberg"), Vec::<String>::new());
    insta::assert_snapshot!(many(200, "hive").join("\n"));
    insta::assert_snapshot!(many(60, "iceberg").join("\n"));
}
