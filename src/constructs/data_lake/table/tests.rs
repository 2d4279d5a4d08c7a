use stackgen_resources::typed::literal;

use super::super::{ColumnType, DateFormat, GlueDatabase};
use super::*;
use crate::constructs::catalog_name;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Role, RoleHandle};

fn location(prefix: &'static str) -> S3Location {
    S3Location::new(literal("lake-of-buses"), prefix)
}

#[test]
fn a_table_of_symlinks() {
    let template = template_of(|stack| {
        let database = stack.add("Database", GlueDatabase::named_after_stack().description("positions of buses"));
        let table = GlueTable::new(
            &database,
            catalog_name!("sf_muni"),
            TableFormat::parquet_by_symlinks(),
            location("pointer/feed=sf_muni/"),
        )
        .columns([("id", "string"), ("speed", "float")])
        .columns([Column::new("fetched_at", ColumnType::Timestamp).comment("when it was asked for")])
        .partition(PartitionKey::date("dt", DateFormat::DAY, "2023-01-01,NOW"))
        .partition(PartitionKey::integers("hr", 0..=23).digits(2).of_type(ColumnType::String))
        .partition_folders("dt=${dt}/hr=${hr}/");
        let table = stack.add("Table", table);
        let reader: RoleHandle = stack.add("Reader", Role::for_service("lambda.amazonaws.com"));
        stack.allow(&reader, table.read());
        stack.output("Table", table.name());
    });
    for expected in [
        r#""projection.enabled": "true""#,
        r#""projection.dt.format": "yyyy-MM-dd""#,
        r#""projection.hr.digits": "2""#,
        r#""storage.location.template": "s3://lake-of-buses/pointer/feed=sf_muni/dt=${dt}/hr=${hr}/""#,
        "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    ] {
        assert!(template.contains(expected), "{expected} is not in {template}");
    }
    insta::assert_snapshot!(template);
}

#[test]
fn formats_of_text() {
    let template = template_of(|stack| {
        let database = stack.add("Database", GlueDatabase::new(catalog_name!("logs")));
        let format = TableFormat::json_lines().parameter("ignore.malformed.json", "true");
        let table = GlueTable::new(&database, catalog_name!("events"), format, location(""))
            .columns([("at", ColumnType::Timestamp)])
            .partition(PartitionKey::injected("account"));
        stack.add("Json", table);
        let table = GlueTable::new(&database, catalog_name!("rows"), TableFormat::csv(), location("rows/"))
            .parameter("skip.header.line.count", "1")
            .columns([("name", ColumnType::String)]);
        stack.add("Csv", table);
    });
    insta::assert_snapshot!(template);
}

#[test]
fn faults_are_reported_together() {
    let problems = problems_of(|stack| {
        let database = stack.add("Database", GlueDatabase::new(catalog_name!("lake")));
        let table = GlueTable::new(&database, catalog_name!("things"), TableFormat::parquet(), location("things/"))
            .columns([("Name", "string"), ("dt", "string"), ("x", "strin g>")])
            .partition(PartitionKey::date("dt", DateFormat::DAY, "2023-01-01,NOW"))
            .partition(PartitionKey::integers("hr", 0..=23).digits(1))
            .partition_folders("dt=${dt}/h=${hour}/");
        stack.add("Table", table);
        let table = GlueTable::new(&database, catalog_name!("others"), TableFormat::parquet(), location("others/"))
            .columns([("a", "int")])
            .partition_folders("dt=${dt}/");
        stack.add("Other", table);
    });
    for expected in [
        "`Name` is not the name of a column",
        "the table has two columns `dt`",
        "the column `x`: `strin g>` is not the type of a column",
        "23 has more digits than the partition key `hr`",
        "`dt=${dt}/h=${hour}/` does not say where `${hr}` goes",
        "`dt=${dt}/h=${hour}/` names `${hour}`, which is no partition key",
        "the table has folders of partitions, but no partition key",
    ] {
        assert!(problems.contains(&expected.to_owned()), "{expected} is not in {problems:#?}");
    }
}
