use stackgen_resources::typed::int;

use super::*;
use crate::constructs::table_name;
use crate::constructs::testing::{problems_of, template_of};
use crate::core::days;

#[test]
fn tables() {
    insta::assert_snapshot!(template_of(|stack| {
        stack.add("Simple", Table::new(Key::string("pk")));
        let jobs = stack.add(
            "Jobs",
            Table::new(Key::string("JobID"))
                .sort_key(Key::number("Part"))
                .index(Index::global("open", Key::string("Open")).sort_key(Key::string("Deadline")).keys_only())
                .index(Index::local("by-size", Key::number("Size")).include(["Name"]))
                .stream(StreamViewType::NewAndOldImages)
                .ttl("expires_at")
                .recovery_period(days::<7>())
                .deletion_protection()
                .name(table_name!("genome-jobs")),
        );
        stack.add(
            "Cache",
            Table::new(Key::binary("hash"))
                .index(Index::global("by-age", Key::number("age")))
                .provisioned(int::<5>(), int::<2>())
                .without_point_in_time_recovery()
                .encrypted_by_account_key()
                .removal(RemovalPolicy::Delete),
        );
        if let Some(stream) = jobs.stream_arn() {
            stack.output("Stream", stream);
        }
        stack.output("OpenIndex", jobs.index_arn("open"));
    }));
}

#[test]
fn an_attribute_has_one_type() {
    let problems = problems_of(|stack| {
        stack.add("Log", Table::new(Key::string("id")).index(Index::global("numbers", Key::number("id"))));
    });
    assert_eq!(problems, ["the attribute `id` is of type S in one key and of type N in another"]);
}

#[test]
fn indexes_that_dynamodb_refuses_are_reported() {
    let problems = problems_of(|stack| {
        let mut table = Table::new(Key::string("id")).index(Index::local("local", Key::string("when")));
        for number in 0..21 {
            table = table.index(Index::global(format!("index-{number}"), Key::string("when")));
        }
        stack.add("Log", table.index(Index::global("index-3", Key::string("when"))));
    });
    let contains = |part: &str| problems.iter().any(|problem| problem.contains(part));
    assert!(contains("without a sort key"), "{problems:?}");
    assert!(contains("at most 20 global indexes, and this has 22"), "{problems:?}");
    assert!(contains("two indexes of the table are called `index-3`"), "{problems:?}");
}

#[test]
fn grants_name_the_table_and_its_indexes() {
    let mut app = crate::core::App::new();
    let mut stack = app.stack("test");
    let table = stack.add("Log", Table::new(Key::string("id")).index(Index::global("open", Key::string("open"))));
    assert_eq!(table.read().statements().len(), 2);
    assert_eq!(table.write().statements().len(), 1);
    assert!(table.read_stream().statements().is_empty());
    let other = Table::from_name(table_name!("shared")).with_indexes(["by-day"]);
    assert_eq!(other.read().statements().len(), 2);
}
