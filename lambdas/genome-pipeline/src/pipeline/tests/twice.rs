//! Whatever is killed or delivered twice, jobs end the same.

use super::*;

/// Runs a job whose genome is new, with everything that happens done by `step`.
fn job_done_by(step: &mut dyn FnMut(&Bench, Step<'_>)) -> (Bench, String) {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, &sequence());
    step(&bench, Step::Dispatch(&job));
    while let Some((queue, body)) = bench.world.take() {
        step(&bench, Step::Deliver(queue, &body));
    }
    (bench, job)
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Dispatch(&'a str),
    Deliver(Queue, &'a str),
}

impl Step<'_> {
    fn run(self, bench: &Bench, receive_count: u32) -> Result<(), Failure> {
        match self {
            Self::Dispatch(job) => bench.dispatch(job),
            Self::Deliver(queue, body) => bench.deliver(queue, body, receive_count),
        }
    }
}

/// Rows and objects, without the times of changes.
fn outcome(bench: &Bench) -> (BTreeMap<Key, super::super::item::Item>, BTreeMap<String, Vec<u8>>) {
    (bench.world.rows(), bench.world.objects())
}

#[test]
fn what_is_delivered_twice_changes_nothing() {
    let (once, _) = job_done_by(&mut |bench, step| step.run(bench, 1).unwrap());
    let (twice, job) = job_done_by(&mut |bench, step| {
        step.run(bench, 1).unwrap();
        step.run(bench, 2).unwrap();
    });
    assert_eq!(outcome(&twice), outcome(&once));
    assert_eq!(twice.csv(&job), expected(&sequence()));
    // Nothing was fetched again.
    assert_eq!(twice.world.requests().iter().filter(|url| url.ends_with(".fna.gz")).count(), 3, "two sizes, one part");
}

#[test]
fn what_was_done_long_ago_changes_nothing_either() {
    let mut steps: Vec<(Queue, String)> = Vec::new();
    let (bench, job) = job_done_by(&mut |bench, step| {
        if let Step::Deliver(queue, body) = step {
            steps.push((queue, body.to_owned()));
        }
        step.run(bench, 1).unwrap();
    });
    let before = outcome(&bench);
    for (queue, body) in steps.iter().rev() {
        bench.deliver(*queue, body, 1).unwrap();
    }
    bench.dispatch(&job).unwrap();
    assert_eq!(outcome(&bench), before);
    assert_eq!(bench.state(&job).state, JobState::Succeeded);
}

#[test]
fn killed_at_any_call_and_delivered_again_it_ends_the_same() {
    let (whole, _) = job_done_by(&mut |bench, step| step.run(bench, 1).unwrap());
    let expected = outcome(&whole);
    // For each step, killed before its first call, its second, and so on, until it gets through. Rows of guides are many
    // and alike: with those, not every call is tried.
    for spacing in [1, 7] {
        let (bench, job) = job_done_by(&mut |bench, step| {
            let is_long = matches!(step, Step::Deliver(Queue::Scan | Queue::Consensus | Queue::OffTarget, _));
            let spacing = if is_long { 97 * spacing } else { spacing };
            for calls in (0..).step_by(spacing) {
                bench.world.die_after(Some(calls));
                let outcome = step.run(bench, 1);
                let is_whole = bench.world.calls() <= calls;
                bench.world.die_after(None);
                match outcome {
                    // Who was killed had the lease.
                    Err(Failure::Busy(_)) => bench.pass(Duration::from_secs(16 * 60 + 1)),
                    outcome if is_whole => {
                        outcome.unwrap();
                        break;
                    }
                    _ => {}
                }
            }
        });
        assert_eq!(bench.state(&job).state, JobState::Succeeded);
        let (rows, objects) = outcome(&bench);
        assert_eq!(rows.keys().collect::<Vec<_>>(), expected.0.keys().collect::<Vec<_>>());
        assert!(objects == expected.1, "{:?}", objects.keys().collect::<Vec<_>>());
        assert_eq!(bench.genome(ACCESSION).attempt, 1);
    }
}

#[test]
fn a_lease_keeps_others_away_until_it_ends() {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&job).unwrap();
    let index = loop {
        let (queue, body) = bench.world.take().unwrap();
        if queue == Queue::Index {
            break body;
        }
        bench.deliver(queue, &body, 1).unwrap();
    };
    // Somebody is at it, and is killed without a word.
    assert!(matches!(finish(genomes::lease(&bench.world, ACCESSION, 1)).unwrap(), genomes::Lease::Taken(_)));
    for count in 1..=3 {
        assert!(matches!(bench.deliver(Queue::Index, &index, count), Err(Failure::Busy(_))));
    }
    assert_eq!(bench.state(&job).state, JobState::Preparing, "who waits for another does not fail the job");
    bench.pass(Duration::from_secs(16 * 60 + 1));
    bench.deliver(Queue::Index, &index, 2).unwrap();
    bench.run();
    assert_eq!(bench.csv(&job), expected(&sequence()[..300]));
}

#[test]
fn an_upload_that_another_completed_is_there() {
    let mut bench = Bench::without_ncbi();
    let mut file = vec![0; usize::try_from(PART_BYTES).unwrap() + 1];
    file[..2].copy_from_slice(b">a");
    bench.serve(Served::of(file.clone()));
    let job = bench.job(ACCESSION, "ACGT");
    bench.dispatch(&job).unwrap();
    let (queue, body) = bench.world.take().unwrap();
    bench.deliver(queue, &body, 1).unwrap();
    let (queue, first) = bench.world.take().unwrap();
    bench.deliver(queue, &first, 1).unwrap();
    let (queue, last) = bench.world.take().unwrap();
    // Gone, and nothing is there.
    bench.world.die_after(Some(4));
    bench.deliver(queue, &last, 1).unwrap_err();
    bench.world.die_after(None);
    bench.world.remove_uploads();
    let failure = bench.deliver(queue, &last, 1).unwrap_err();
    assert!(failure.to_string().contains("upload"), "{failure}");
}
