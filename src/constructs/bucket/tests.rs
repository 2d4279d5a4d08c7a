#![allow(clippy::unwrap_used)]

use stackgen_resources::typed::int;
use stackgen_template::Expression;

use super::*;
use crate::constructs::testing::{problems_of, template_of};
use crate::constructs::{Function, Queue, Runtime, Topic, bucket_name};
use crate::core::days;

#[test]
fn buckets() {
    insta::assert_snapshot!(template_of(|stack| {
        stack.add("Plain", Bucket::new());
        let data = stack.add(
            "Data",
            Bucket::new()
                .name(bucket_name!("sea-data"))
                .versioned()
                .notify_event_bridge()
                .lifecycle(
                    LifecycleRule::new()
                        .prefix("raw/")
                        .to_infrequent_access(days::<30>())
                        .to_archive(days::<90>())
                        .expire(days::<365>())
                        .expire_noncurrent_but(days::<90>(), int::<3>()),
                )
                .lifecycle(LifecycleRule::new().tag("keep", "no").larger_than(1_000).expire(days::<1>()))
                .lifecycle(LifecycleRule::new().abort_incomplete_uploads(days::<7>()))
                .cors(
                    CorsRule::new(
                        [BucketMethod::Get, BucketMethod::Put],
                        [Expression::sub("https://${AWS::StackName}.example.org")],
                    )
                    .allowed_headers(["content-type"])
                    .exposed_headers(["etag"])
                    .max_age_seconds(int::<600>()),
                ),
        );
        stack.add("Scratch", Bucket::new().removal(RemovalPolicy::Delete));
        stack.output("Results", data.s3_url("results/"));
    }));
}

#[test]
fn a_bucket_that_is_emptied_before_it_is_deleted() {
    insta::assert_snapshot!(template_of(|stack| {
        stack.add("Site", Bucket::new().empty_on_destroy());
        stack.scope("Inner").add("Cache", Bucket::new().empty_on_destroy());
    }));
}

#[test]
fn queues_topics_and_functions_are_told_of_changes() {
    insta::assert_snapshot!(template_of(|stack| {
        let queue = stack.add("Arrived", Queue::new());
        let topic = stack.add("Removed", Topic::new());
        let code = "def handler(event, context):\n    pass\n";
        let function = stack.add("Resize", Function::inline(Runtime::Python313, "index.handler", code));
        let images = BucketNotification::new(BucketEvent::ObjectCreated, &function).suffix(".png");
        let photos = BucketNotification::new(BucketEvent::ObjectCreated, &function).suffix(".jpg");
        let data = stack.add(
            "Data",
            Bucket::new()
                .notify(BucketNotification::new(BucketEvent::ObjectCreated, &queue).prefix("raw/"))
                .notify(BucketNotification::new(BucketEvent::ObjectRemoved, &topic))
                .notify(images)
                .notify(photos),
        );
        stack.allow(&function, data.get());
        let named = Bucket::new().name(bucket_name!("sea-data"));
        stack.add("Named", named.notify(BucketNotification::new(BucketEvent::ObjectCreated, &queue)));
    }));
}

#[test]
fn rules_that_s3_refuses_are_reported() {
    let fault = |rule: LifecycleRule| {
        problems_of(|stack| {
            stack.add("Data", Bucket::new().lifecycle(rule));
        })
        .into_iter()
        .next()
    };
    assert_eq!(fault(LifecycleRule::new().prefix("a/")).unwrap(), "a lifecycle rule does nothing");
    let early = LifecycleRule::new().to_archive(days::<30>()).expire(days::<30>());
    assert_eq!(fault(early).unwrap(), "a lifecycle rule deletes objects before or when it would move them");
    let uploads = LifecycleRule::new().abort_incomplete_uploads(days::<1>()).tag("a", "b");
    assert_eq!(fault(uploads).unwrap(), "a lifecycle rule on incomplete uploads can only be limited by a prefix");
    assert_eq!(fault(LifecycleRule::new().abort_incomplete_uploads(days::<1>()).prefix("a/")), None);
}

#[test]
fn grants_name_single_actions_and_prefixes() {
    let bucket = Bucket::from_name(bucket_name!("sea-data"));
    let text = |grant: crate::core::Grant| format!("{:?}", grant.statements());
    let read = text(bucket.read_prefix("raw/"));
    assert!(read.contains(":s3:::sea-data/raw/*") && read.contains("s3:prefix") && read.contains("raw/*"), "{read}");
    assert!(!text(bucket.get()).contains("s3:prefix"));
    for grant in [bucket.read(), bucket.write(), bucket.put(), bucket.delete(), bucket.list()] {
        assert!(!text(grant).contains("s3:*"));
    }
}

#[test]
fn the_app_says_what_becomes_of_buckets_that_do_not() {
    let mut app = crate::core::App::new();
    app.set_default_removal(RemovalPolicy::Delete);
    let mut stack = app.stack("test");
    stack.add("One", Bucket::new());
    stack.add("Two", Bucket::new().removal(RemovalPolicy::Retain));
    let template = app.synthesize().stacks.remove(0).template;
    let policy = |id: &str| {
        let path = template.root().get("Resources").and_then(|resources| resources.get(id)).unwrap();
        path.get("DeletionPolicy").and_then(Value::as_str).unwrap().to_owned()
    };
    assert_eq!((policy("One"), policy("Two")), ("Delete".into(), "Retain".into()));
}
