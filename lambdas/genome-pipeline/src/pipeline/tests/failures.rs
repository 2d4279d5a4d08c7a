//! What goes wrong, and how jobs learn of it.

use super::*;
use crate::contract::GenomeState;

/// Runs a job for a genome that is served so.
fn job_with(served: Served) -> (Bench, String) {
    let mut bench = Bench::without_ncbi();
    bench.serve(served);
    let job = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&job).unwrap();
    bench.run();
    (bench, job)
}

#[test]
fn damaged_files_have_their_reasons() {
    let good = Served::of(gzip(&genome()));
    let half = good.file[..good.file.len() / 2].to_vec();
    for (served, reason, told) in [
        (Served::of(half), Reason::BadFasta, "the gzip data are damaged or cut short"),
        (Served { md5: "f".repeat(32), ..good.clone() }, Reason::ChecksumMismatch, "as the server says"),
        (Served::of(gzip(">a\nAC\0T\n")), Reason::BadFasta, "line 2: '\\x00' is no letter"),
        (Served::of(gzip("")), Reason::BadFasta, "there is no sequence in it"),
        (Served { size: 0, ..good.clone() }, Reason::DownloadFailed, "has no size"),
        (Served { md5: "none".to_owned(), ..good }, Reason::DownloadFailed, "has no checksum of"),
    ] {
        let (bench, job) = job_with(served);
        let message = bench.failed(&job, reason);
        assert!(message.contains(told), "{message}");
        assert_eq!(bench.lost, [], "a permanent error is done with");
        assert_eq!(bench.genome(ACCESSION).state, GenomeState::Failed);
    }
}

#[test]
fn a_file_that_is_both_damaged_and_the_wrong_one_is_the_wrong_one() {
    let (bench, job) = job_with(Served { md5: "0".repeat(32), ..Served::of(gzip(">a\nAC\0T\n")) });
    bench.failed(&job, Reason::ChecksumMismatch);
}

#[test]
fn parts_are_asked_for_again_and_then_given_up() {
    let good = Served::of(gzip(&genome()));
    for (served, told) in [
        (Served { cut: 1, ..good.clone() }, "bytes came, not"),
        (Served { status: 503, ..good.clone() }, "answered 503"),
        (Served { status: 404, ..good.clone() }, "answered 404"),
    ] {
        let is_found = served.status == 200;
        let mut bench = Bench::new();
        let job = bench.job(ACCESSION, "ACGT");
        bench.dispatch(&job).unwrap();
        let (queue, body) = bench.world.take().unwrap();
        bench.deliver(queue, &body, 1).unwrap();
        bench.serve(served);
        bench.run();
        let message = bench.failed(&job, Reason::DownloadFailed);
        assert!(message.starts_with("download of a part: part 1 of") && message.contains(told), "{message}");
        assert_eq!(bench.world.clock.waits(), [Duration::from_secs(5); 9], "three retries of three deliveries");
        assert_eq!(bench.lost.len(), 1, "and the message is kept {is_found}");
    }
}

#[test]
fn a_part_that_is_not_the_one_asked_for_is_not_taken() {
    let good = Served::of(gzip(&genome()));
    // All of the file, where all of it is wanted.
    let (bench, job) = job_with(Served { no_ranges: true, ..good.clone() });
    assert_eq!(bench.csv(&job), expected(&sequence()[..300]));

    for answer in [
        |url: &str, good: &Served| Response {
            content_range: Some("bytes 1-9/10".into()),
            ..good.answer(url, Some((0, 9)))
        },
        |url: &str, good: &Served| Response { status: 403, ..good.answer(url, None) },
        |url: &str, good: &Served| Response { content_range: None, ..good.answer(url, Some((0, 9))) },
    ] {
        let mut bench = Bench::new();
        let job = bench.job(ACCESSION, "ACGT");
        bench.dispatch(&job).unwrap();
        let (queue, body) = bench.world.take().unwrap();
        bench.deliver(queue, &body, 1).unwrap();
        let served = good.clone();
        bench.world.serve(move |url, _| Ok(answer(url, &served)));
        bench.run();
        bench.failed(&job, Reason::DownloadFailed);
        assert!(bench.world.clock.waits().is_empty() && bench.lost.is_empty(), "asking again would not help");
    }

    // All of the file is not one of its parts.
    let mut bench = Bench::without_ncbi();
    let size = PART_BYTES + 10;
    bench.serve(Served { size, no_ranges: true, ..good });
    let job = bench.job(ACCESSION, "ACGT");
    bench.dispatch(&job).unwrap();
    bench.run();
    let message = bench.failed(&job, Reason::DownloadFailed);
    assert!(message.contains("answered 200 to a request for a range"), "{message}");
}

#[test]
fn a_failed_genome_is_tried_again_by_the_next_job() {
    let (mut bench, job) = job_with(Served { md5: "f".repeat(32), ..Served::of(gzip(&genome())) });
    bench.failed(&job, Reason::ChecksumMismatch);
    bench.serve(Served::of(gzip(&genome())));
    let next = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&next).unwrap();
    bench.run();
    assert_eq!(bench.csv(&next), expected(&sequence()[..300]));
    let genome = bench.genome(ACCESSION);
    assert_eq!((genome.attempt, genome.state), (2, GenomeState::Ready));
    assert_eq!(bench.state(&job).state, JobState::Failed, "what is final stays so");
}

#[test]
fn faults_of_the_service_are_tried_three_times_and_then_told_with_the_stage() {
    for (stage, told) in [
        (Queue::Download, "download: "),
        (Queue::Parts, "download of a part: "),
        (Queue::Index, "index: "),
        (Queue::Scan, "search for guides: "),
        (Queue::Consensus, "efficiency: "),
        (Queue::OffTarget, "off-target risk: "),
    ] {
        let mut bench = Bench::new();
        let job = bench.job(ACCESSION, &sequence()[..300]);
        bench.dispatch(&job).unwrap();
        let body = loop {
            let (queue, body) = bench.world.take().unwrap();
            if queue == stage {
                break body;
            }
            bench.deliver(queue, &body, 1).unwrap();
        };
        // The step breaks at its second call, and telling of it works.
        let broken = |count| {
            let world = &bench.world;
            let delivery = Delivery { body: body.clone(), receive_count: count };
            world.die_once_after(1);
            match stage {
                Queue::Download => finish(deliver::download(world, FILES, &delivery)),
                Queue::Parts => finish(deliver::part(world, &delivery)),
                Queue::Index => finish(deliver::index(world, &bench.scratch.0, &delivery)),
                Queue::Scan => finish(deliver::scan(world, &delivery)),
                Queue::Consensus => finish(deliver::consensus(world, &delivery)),
                Queue::OffTarget => finish(deliver::off_target(world, &bench.indexes, &[delivery])).remove(0),
            }
        };
        for count in 1..=2 {
            broken(count).unwrap_err();
            assert!(!bench.state(&job).state.is_final(), "{stage:?}");
        }
        broken(3).unwrap_err();
        let message =
            bench.failed(&job, if stage == Queue::Download { Reason::DownloadFailed } else { Reason::Internal });
        assert!(message.starts_with(told) && message.contains("killed"), "{message}");
    }
}

/// Queues whose messages say more than the name of a job.
const QUEUES: [Queue; 5] = [Queue::Download, Queue::Parts, Queue::Index, Queue::Consensus, Queue::OffTarget];

#[test]
fn poison_that_names_nobody_is_given_back() {
    let bench = Bench::new();
    for queue in QUEUES.into_iter().chain([Queue::Scan]) {
        for body in ["", "poison", "{}", "[]", r#"{"job_id":7}"#] {
            assert!(bench.deliver(queue, body, 3).is_err(), "{queue:?} {body}");
        }
    }
    let nobody = json!({"job_id": "00000000-0000-4000-8000-000000000404", "chunk": "?"}).to_string();
    for queue in QUEUES {
        assert!(bench.deliver(queue, &nobody, 1).is_err(), "{queue:?}");
    }
    let gone = json!({"genome": ACCESSION, "attempt": 7, "part": "?"}).to_string();
    assert!(bench.deliver(Queue::Parts, &gone, 1).is_err());
    let part = json!({"genome": ACCESSION, "attempt": 1, "file": "../x", "url": "u", "key": "other/key", "part": 1,
        "parts": 1, "start": 0, "end": 0, "upload_id": null});
    bench.deliver(Queue::Parts, &part.to_string(), 1).unwrap();
    assert!(bench.world.rows().is_empty() && bench.world.objects().is_empty());
}

#[test]
fn poison_that_names_a_job_fails_it_at_once() {
    for queue in QUEUES {
        let mut bench = Bench::new();
        let job = bench.job(ACCESSION, "ACGT");
        let body = json!({"job_id": job, "chunk": -1}).to_string();
        // The second time, as a queue may give it.
        for _ in 0..2 {
            bench.deliver(queue, &body, 1).unwrap();
            let message = bench.failed(&job, Reason::Internal);
            assert!(message.contains(": the message cannot be read: "), "{message}");
        }
    }
}

#[test]
fn poison_that_names_an_attempt_fails_those_who_wait() {
    let mut bench = Bench::new();
    let jobs = [bench.job(ACCESSION, "ACGT"), bench.job(ACCESSION, "ACGT")];
    for job in &jobs {
        bench.dispatch(job).unwrap();
    }
    let (queue, body) = bench.world.take().unwrap();
    bench.deliver(queue, &body, 1).unwrap();
    let (queue, body) = bench.world.take().unwrap();
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["end"] = json!(-1);
    bench.deliver(queue, &body.to_string(), 1).unwrap();
    for job in &jobs {
        let message = bench.failed(job, Reason::Internal);
        assert!(message.starts_with("download of a part: the message cannot be read: "), "{message}");
    }
    assert_eq!(bench.genome(ACCESSION).state, GenomeState::Failed);
}

#[test]
fn messages_that_cannot_be_meant_fail_at_once() {
    let stop_before = |stage: Queue| {
        let mut bench = Bench::new();
        let job = bench.job(ACCESSION, &sequence()[..300]);
        bench.dispatch(&job).unwrap();
        loop {
            let (queue, body) = bench.world.take().unwrap();
            if queue == stage {
                return (bench, job, serde_json::from_str::<Value>(&body).unwrap());
            }
            bench.deliver(queue, &body, 1).unwrap();
        }
    };
    for (queue, field, value, told) in [
        (Queue::Parts, "key", json!("other/key"), "is not that of"),
        (Queue::Parts, "part", json!(2), "part 2 is not one of 1"),
        (Queue::Parts, "parts", json!(2), "2 parts belong to no upload"),
        (Queue::Parts, "start", json!(1_u64 << 40), "has no bytes from"),
        (Queue::Consensus, "chunk", json!(1), "chunk 1 is not one of 1"),
        (Queue::Consensus, "targets", json!([[0, "ACGT"]]), "which has not 23 bases"),
        (Queue::OffTarget, "chunk", json!(9), "chunk 9 is not one of 1"),
        (Queue::OffTarget, "targets", json!([[0, "N".repeat(23)]]), "which has not 23 bases"),
        (Queue::OffTarget, "genome", json!("other"), "is not about `other`"),
    ] {
        let (bench, job, mut body) = stop_before(queue);
        body[field] = value;
        bench.deliver(queue, &body.to_string(), 1).unwrap();
        let message = bench.failed(&job, Reason::Internal);
        assert!(message.contains(told), "{message}");
    }
}

#[test]
fn a_flipped_byte_in_an_index_is_noticed() {
    let mut bench = Bench::new();
    let first = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&first).unwrap();
    bench.run();
    let key = format!("{ACCESSION}/index/1.crx");
    let good = bench.world.object(&key).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 4;
    bench.world.put_object(&key, &bad);
    bench.indexes = Indexes::new(bench.scratch.0.clone(), 10 << 20);
    let job = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&job).unwrap();
    bench.run();
    let message = bench.failed(&job, Reason::Internal);
    assert!(message.contains("is not what its manifest says"), "{message}");
    assert_eq!(bench.lost.len(), 1);
}

#[test]
fn indexes_make_room_for_others_and_one_that_never_fits_is_an_error() {
    let mut bench = Bench::without_ncbi();
    for name in ["one", "two", "three"] {
        bench.world.put_object(
            &format!("custom/{name}/fasta/a.fa"),
            format!(">{name}\n{}\n", bases(name.len() as u64, 900)).as_bytes(),
        );
    }
    let mut sizes = Vec::new();
    for name in ["one", "two", "three"] {
        let job = bench.job(name, "ACGT");
        bench.dispatch(&job).unwrap();
        bench.run();
        sizes.push(bench.genome(name).index_bytes.unwrap());
    }
    let indexes = Indexes::new(bench.scratch.0.join("cache"), sizes[0] + sizes[1].max(sizes[2]));
    std::fs::create_dir_all(bench.scratch.0.join("cache")).unwrap();
    let files = || std::fs::read_dir(bench.scratch.0.join("cache")).unwrap().count();
    let get = |name: &str| finish(indexes.get(&bench.world, name)).unwrap();
    get("one");
    get("two");
    get("one");
    assert_eq!(files(), 2);
    get("three");
    assert_eq!(files(), 2, "the one that was not used longest is gone");
    let opened = |world: &World| world.calls();
    let before = opened(&bench.world);
    get("one");
    assert_eq!(opened(&bench.world) - before, 1, "only the manifest is read");

    let small = Indexes::new(bench.scratch.0.clone(), 10);
    assert!(matches!(finish(small.get(&bench.world, "one")), Err(Failure::Final(Reason::IndexFailed, _))));
}
