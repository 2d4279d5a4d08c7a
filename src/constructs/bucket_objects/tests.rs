use stackgen_resources::typed::literal;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Bucket, Queue};

#[test]
fn objects_of_a_folder_and_of_the_template() {
    insta::assert_snapshot!(template_of(|stack| {
        let data = stack.add("Data", Bucket::new());
        let jobs = stack.add("Jobs", Queue::new());
        let samples = BucketObjects::to(&data).folder("test_data/ocean").prefix("test_data/ocean");
        let samples = stack.add("Samples", samples.with(Attributes::new().depends_on(&jobs)));
        let config = Map::from_iter([("queueUrl".into(), jobs.url().into()), ("limit".into(), 5.into())]);
        stack.add(
            "Site",
            BucketObjects::to(&data)
                .prefix("site/")
                .json_file("config.json", config)
                .file("robots.txt", "User-agent: *\nDisallow: /\n")
                .cache_control("assets/*", "public, max-age=31536000, immutable")
                .cache_control("*", "no-cache")
                .content_type("*.geojson", "application/geo+json")
                .prune()
                .invalidate(literal("E2QWRUHAPOMQZL"))
                .invalidation_paths(["/index.html"]),
        );
        stack.output("Samples", samples.file_count());
    }));
}

#[test]
fn what_cannot_be_put_is_reported() {
    let problems = problems_of(|stack| {
        let data = stack.add("Data", Bucket::new());
        stack.add("Nothing", BucketObjects::to(&data).prefix("/a"));
        stack.add("Twice", BucketObjects::to(&data).file("a", "1").file("a", "2").file("../b", "3"));
    });
    let contains = |part: &str| problems.iter().any(|problem| problem.contains(part));
    for part in ["no objects to put", "the prefix `/a/` begins with `/`", "`a` is given twice", "`../b` cannot be"] {
        assert!(contains(part), "{part}: {problems:?}");
    }
}
