//! data-review: every oceanographic file put in the bucket is identified by its content, queued, analysed by one handler
//! and summarised in a table with its defects.

use data_review::contract::{self, HandlerEnv, OrchestratorEnv, SweepInput, tables};
use stackgen::prelude::*;

/// The package of the handlers.
const PACKAGE: &str = "data-review";

/// How often a message is received before it counts as lost. The handlers know the number too.
const RECEIVES: i64 = contract::MAX_RECEIVE_COUNT as i64;

/// Adds the stack.
pub fn data_review(app: &mut App) {
    let mut stack = app.stack("data-review");
    stack.description("Automatic review of oceanographic data files: each is identified, analysed and summarised");

    let store = Store::add_to(&mut stack);
    let concurrency = max_concurrency(&mut stack);
    let bottle = Line::add_to(&mut stack, "Bottle", contract::BOTTLE_HANDLER, &store, &concurrency);
    let ctd = Line::add_to(&mut stack, "Ctd", contract::CTD_HANDLER, &store, &concurrency);
    let netcdf = Line::add_to(&mut stack, "Netcdf", contract::NETCDF_HANDLER, &store, &concurrency);
    let lines = [bottle, ctd, netcdf];

    let lost = stack.add("OrchestratorDeadLetters", Queue::new().retention(days::<14>()));
    stack.add("OrchestratorDeadLettersAlarm", lost.depth_alarm());
    let orchestrator = orchestrator(&mut stack, &store, &lines, &lost);
    let created = stack.add("ObjectCreated", object_created(&store.data, &orchestrator, &lost));
    sweep(&mut stack, &orchestrator);
    samples(&mut stack, &store.data, &created, &lines);

    stack.output("DataBucket", store.data.name());
    stack.output("AggregationStatsTable", store.stats.name());
    stack.output("FailureLogTable", store.failures.name());
    stack.output("Orchestrator", orchestrator.name());
}

/// Where files and what is known of them are kept.
struct Store {
    data: BucketHandle,
    stats: TableHandle,
    failures: TableHandle,
}

impl Store {
    fn add_to(stack: &mut Scope<'_>) -> Self {
        use tables::{failures, stats};

        let data = Bucket::new()
            .versioned()
            .notify_event_bridge()
            .lifecycle(LifecycleRule::new().abort_incomplete_uploads(days::<7>()));
        let open_failures =
            Index::global(failures::OPEN_INDEX, Key::string(failures::OPEN)).sort_key(Key::string(failures::LAST_SEEN));
        let failure_log = Table::new(Key::string(failures::FILENAME))
            .sort_key(Key::string(failures::FAILURE_ID))
            .index(open_failures)
            .ttl(failures::EXPIRES_AT);
        Self {
            data: stack.add("Data", data),
            stats: stack
                .add("AggregationStats", Table::new(Key::string(stats::FILENAME)).sort_key(Key::string(stats::ITEM))),
            failures: stack.add("FailureLog", failure_log),
        }
    }
}

fn max_concurrency(stack: &mut Scope<'_>) -> ParameterHandle {
    let parameter = Parameter::new(ParameterType::NUMBER)
        .description("How many files of one kind are analysed at once at most")
        .default(5)
        .min_value(2)
        .max_value(1_000);
    stack.parameter("maxConcurrency", parameter)
}

/// The way of one kind of files: a queue and the handler that it feeds.
struct Line {
    queue: QueueHandle,
    events: EventSourceHandle,
}

impl Line {
    fn add_to(stack: &mut Scope<'_>, kind: &str, binary: &str, store: &Store, concurrency: &ParameterHandle) -> Self {
        let mut scope = stack.scope(kind.to_owned());
        let queue = scope.add(
            "Queue",
            // Six times the handler's timeout, so that no message comes back while it is worked on.
            Queue::new().visibility_timeout(minutes::<30>()).retention(days::<4>()).dead_letter(int::<RECEIVES>()),
        );
        if let Some(lost) = queue.dead_letters() {
            scope.add("DeadLettersAlarm", lost.depth_alarm());
        }
        let handler = scope.add("Handler", handler(binary, store));
        let events = scope.add(
            "Events",
            queue.feeds(&handler).batch_size(int::<5>()).max_concurrency(concurrency).report_batch_item_failures(),
        );
        Self { queue, events }
    }
}

/// Analyses the files of a queue.
fn handler(binary: &str, store: &Store) -> Function {
    Function::rust(PACKAGE, binary)
        .memory(mib::<1_769>())
        .timeout(minutes::<5>())
        .environment(HandlerEnv { stats: store.stats.name(), failures: store.failures.name() })
        // Without the right to list, S3 answers that an object that is gone is forbidden: it would be tried until it is lost.
        .allow(store.data.list())
        .allow(store.data.grant_on_objects(["s3:GetObject", "s3:GetObjectVersion"]))
        .allow(store.stats.grant(["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]))
        .allow(store.failures.grant(["dynamodb:Query", "dynamodb:UpdateItem"]))
}

/// Identifies files and queues them.
fn orchestrator(stack: &mut Scope<'_>, store: &Store, lines: &[Line; 3], lost: &QueueHandle) -> FunctionHandle {
    let Store { data, stats, failures } = store;
    let [bottle, ctd, netcdf] = lines;
    let environment = OrchestratorEnv {
        data_bucket: data.name(),
        stats: stats.name(),
        failures: failures.name(),
        bottle_queue: bottle.queue.url(),
        ctd_queue: ctd.queue.url(),
        netcdf_queue: netcdf.queue.url(),
    };
    let mut function = Function::rust(PACKAGE, contract::ORCHESTRATOR)
        .memory(mib::<512>())
        .timeout(minutes::<15>())
        .environment(environment)
        .on_failure(lost)
        .allow(data.list())
        .allow(data.grant_on_objects(["s3:GetObject", "s3:GetObjectVersion"]))
        .allow(stats.grant(["dynamodb:BatchGetItem"]))
        .allow(failures.grant(["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]))
        .allow(failures.query_index(tables::failures::OPEN_INDEX));
    for line in lines {
        function = function.allow(line.queue.send());
    }
    stack.add("Orchestrator", function)
}

/// Passes every new object to the orchestrator.
fn object_created(data: &BucketHandle, orchestrator: &FunctionHandle, lost: &QueueHandle) -> Rule {
    let target = Target::from(orchestrator).max_event_age(hours::<2>()).dead_letter(lost);
    Rule::on(EventPattern::object_created(data)).target(target)
}

/// Has the orchestrator look at the whole bucket every day, for what no event told of.
fn sweep(stack: &mut Scope<'_>, orchestrator: &FunctionHandle) {
    let state = Parameter::new(ParameterType::STRING)
        .description("Whether the daily sweep of the bucket runs")
        .allowed_values(["ENABLED", "DISABLED"])
        .default("ENABLED");
    let state = stack.parameter("sweepState", state);
    let target = Target::from(orchestrator).input(&SweepInput::default());
    stack.add("Sweep", Rule::scheduled(Rate::every(days::<1>())).state(&state).target(target));
}

/// Puts the samples, so that a new stack has something to review, once everything waits for them.
fn samples(stack: &mut Scope<'_>, data: &BucketHandle, created: &RuleHandle, lines: &[Line]) {
    let mut order = Attributes::new().depends_on(created);
    for permission in created.permissions() {
        order = order.depends_on(permission);
    }
    for line in lines {
        order = order.depends_on(&line.queue).depends_on(&line.events);
    }
    let samples = BucketObjects::to(data).folder("test_data/ocean").prefix(contract::SAMPLE_PREFIX);
    stack.add("Samples", samples.with(order));
}
