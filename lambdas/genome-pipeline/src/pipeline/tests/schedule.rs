//! The scheduler: what it starts, and what it ends.

use super::*;
use crate::contract::{GenomePath, GenomeState};

const MINUTE: Duration = Duration::from_mins(1);

fn reported(letters: &Value) -> Bench {
    let bench = Bench::without_ncbi();
    let report = json!({"reports": [{"assembly_stats": {"total_sequence_length": letters}}]});
    bench.serve(Served { report, ..Served::of(gzip(&genome())) });
    bench
}

#[test]
fn large_and_unknown_genomes_go_to_an_instance() {
    let cutoff = 650_u64 << 20;
    for (letters, path) in [
        (json!(cutoff.to_string()), GenomePath::Lambda),
        (json!((cutoff + 1).to_string()), GenomePath::Ec2),
        (json!("0"), GenomePath::Ec2),
        (json!(null), GenomePath::Ec2),
    ] {
        let mut bench = reported(&letters);
        let job = bench.job(ACCESSION, "ACGT");
        bench.dispatch(&job).unwrap();
        assert_eq!(bench.genome(ACCESSION).path, path, "{letters}");
        assert_eq!(bench.state(&job).state, JobState::Preparing);
        let launched = bench.world.launched();
        assert_eq!(launched.contains_key(&job), path == GenomePath::Ec2);
        assert_eq!(bench.world.messages().is_empty(), path == GenomePath::Ec2);
        let hours = if path == GenomePath::Ec2 { 8 } else { 6 };
        assert_eq!(bench.state(&job).deadline, bench.world.clock_seconds() + hours * 3_600);
        if let Some(script) = launched.get(&job) {
            assert!(script.contains(&format!("genome-worker --job {job}\n")) && script.contains("\nJOBS_TABLE=jobs\n"));
        }
    }
}

#[test]
fn gzip_of_an_uploaded_genome_counts_fourfold() {
    for (file, path) in [("a.fa", GenomePath::Lambda), ("a.fa.gz", GenomePath::Ec2)] {
        let mut bench = Bench::without_ncbi();
        bench.rules.ec2_cutoff_mib = 3;
        bench.world.put_object(&format!("custom/mine/fasta/{file}"), &vec![b'A'; 1 << 20]);
        let job = bench.job("mine", "ACGT");
        bench.dispatch(&job).unwrap();
        assert_eq!(bench.genome("mine").path, path, "{file}");
        assert_eq!(bench.genome("mine").state, GenomeState::Indexing);
    }
}

#[test]
fn without_an_image_there_is_no_worker() {
    let mut bench = reported(&json!("9000000000"));
    bench.world.has_image(false);
    let [job, waiter] = [bench.job(ACCESSION, "ACGT"), bench.job(ACCESSION, "ACGT")];
    bench.dispatch(&job).unwrap();
    assert!(bench.failed(&job, Reason::NoWorkerImage).contains("deploy"));
    assert_eq!(bench.genome(ACCESSION).state, GenomeState::Failed);
    bench.world.has_image(true);
    bench.dispatch(&waiter).unwrap();
    let genome = bench.genome(ACCESSION);
    assert_eq!((genome.attempt, genome.state, genome.path), (2, GenomeState::Downloading, GenomePath::Ec2));
}

#[test]
fn unknown_accessions_fail_and_silent_servers_are_asked_again() {
    for report in [json!({}), json!({"reports": []})] {
        let mut bench = Bench::without_ncbi();
        bench.serve(Served { report, ..Served::of(Vec::new()) });
        let job = bench.job(ACCESSION, "ACGT");
        bench.dispatch(&job).unwrap();
        bench.failed(&job, Reason::GenomeNotFound);
    }
    let mut bench = Bench::without_ncbi();
    let job = bench.job(ACCESSION, "ACGT");
    bench.dispatch(&job).unwrap_err();
    assert_eq!(bench.state(&job).state, JobState::Submitted);
    bench.serve(Served::of(gzip(&genome())));
    // The tick finds what the stream gave up.
    bench.tick().unwrap();
    assert_eq!(bench.state(&job).state, JobState::Submitted, "not yet");
    bench.pass(2 * MINUTE + Duration::from_secs(1));
    bench.tick().unwrap();
    assert_eq!(bench.state(&job).state, JobState::Preparing);
}

#[test]
fn the_overdue_is_ended_and_the_rest_is_not() {
    let mut bench = Bench::without_ncbi();
    let ids: Vec<String> = (0..7).map(|_| bench.job(ACCESSION, "ACGT")).collect();
    bench.pass(20 * MINUTE);
    let later = bench.job(ACCESSION, "ACGT");
    bench.pass(10 * MINUTE);
    // The server is silent, so jobs cannot be dispatched: the tick goes on and says so.
    assert!(bench.tick().unwrap_err().to_string().contains(&later));
    for id in &ids {
        let message = bench.failed(id, Reason::Timeout);
        assert_eq!(message, "the job was SUBMITTED for too long, since 2026-03-01T12:00:00.000Z");
    }
    assert_eq!(bench.state(&later).state, JobState::Submitted);
}

#[test]
fn an_attempt_at_which_nothing_happens_fails_with_all_who_wait() {
    let mut bench = Bench::new();
    let jobs = [bench.job(ACCESSION, "ACGT"), bench.job(ACCESSION, "ACGT")];
    for job in &jobs {
        bench.dispatch(job).unwrap();
    }
    bench.pass(4 * 60 * MINUTE);
    bench.tick().unwrap();
    assert_eq!(bench.state(&jobs[0]).state, JobState::Preparing);
    bench.pass(MINUTE);
    bench.tick().unwrap();
    for job in &jobs {
        assert!(bench.failed(job, Reason::Timeout).contains("4 hours"));
    }
    // Messages of the attempt that was given up come too late.
    let again = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&again).unwrap();
    bench.run();
    assert_eq!(bench.genome(ACCESSION).attempt, 2);
    assert_eq!(bench.csv(&again), expected(&sequence()[..300]));
}

#[test]
fn a_genome_too_large_for_functions_goes_to_an_instance() {
    let mut bench = Bench::new();
    let jobs = [bench.job(ACCESSION, "ACGT"), bench.job(ACCESSION, "ACGT")];
    for job in &jobs {
        bench.dispatch(job).unwrap();
    }
    finish(genomes::leave_to_instance(&bench.world, ACCESSION, 1)).unwrap();
    for job in &jobs {
        assert_eq!(bench.state(job).state, JobState::Submitted);
    }
    bench.pass(3 * MINUTE);
    bench.tick().unwrap();
    let genome = bench.genome(ACCESSION);
    assert_eq!((genome.attempt, genome.path, genome.waiters.len()), (2, GenomePath::Ec2, 2));
    assert_eq!(bench.world.launched().len(), 1);
    // What was sent for the first attempt is dropped.
    bench.run();
    assert_eq!(bench.genome(ACCESSION), genome);
    assert_eq!(bench.lost, []);
}
