//! Jobs from their submission to their results.

use super::*;
use crate::pipeline::worker::{Workplace, work};

#[test]
fn a_job_gives_what_the_local_command_gives() {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, &sequence());
    bench.dispatch(&job).unwrap();
    assert_eq!(bench.state(&job).state, JobState::Preparing);
    bench.run();
    assert_eq!(bench.state(&job).state, JobState::Succeeded);
    assert_eq!(bench.csv(&job), expected(&sequence()));
    assert_eq!(bench.lost, []);
    assert!(bench.world.requests().iter().any(|url| url.ends_with("/md5checksums.txt")));
    let manifest = bench.world.object(&format!("{ACCESSION}/index/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let index = bench.world.object(&format!("{ACCESSION}/index/1.crx")).unwrap();
    assert_eq!((manifest["bytes"].as_u64(), manifest["contigs"].as_u64()), (Some(index.len() as u64), Some(2)));

    // The next job needs no server.
    bench.world.serve(|_, _| Err("no network".to_owned()));
    let next = bench.job(ACCESSION, &format!(">piece one\n{}", &sequence()[..500]));
    bench.dispatch(&next).unwrap();
    bench.run();
    assert_eq!(bench.csv(&next), expected(&format!(">piece\n{}", &sequence()[..500])));
}

#[test]
fn jobs_at_once_share_an_attempt_and_all_finish() {
    let mut bench = Bench::new();
    let ids: Vec<String> = (0..3).map(|number| bench.job(ACCESSION, &sequence()[number * 500..2_000])).collect();
    for id in &ids {
        bench.dispatch(id).unwrap();
    }
    assert_eq!(bench.genome(ACCESSION).waiters, ids);
    assert_eq!(bench.world.messages().len(), 1, "one download");
    bench.run();
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(bench.state(id).state, JobState::Succeeded);
        assert_eq!(bench.csv(id), expected(&sequence()[number * 500..2_000]));
    }
    assert_eq!(bench.genome(ACCESSION).attempt, 1);
    let downloads = bench.world.requests().iter().filter(|url| url.ends_with("_genomic.fna.gz")).count();
    assert_eq!(downloads, 2, "its size, and the one part");
}

#[test]
fn chunks_of_several_jobs_and_options_are_scored_together() {
    let mut bench = Bench::new();
    let first = bench.job(ACCESSION, &sequence());
    bench.dispatch(&first).unwrap();
    bench.run();
    let jobs: Vec<String> = (0..2).map(|number| bench.job(ACCESSION, &sequence()[number * 700..])).collect();
    // The second is judged by the one score only, of exact matches.
    let options = r#"{"method":"mit","threshold":10.0,"max_distance":0}"#;
    bench.world.change(&Key::job(&jobs[1]), |row| drop(row.insert("Options".into(), options.into())));
    for id in &jobs {
        bench.dispatch(id).unwrap();
    }
    let mut chunks = Vec::new();
    while let Some((queue, body)) = bench.world.take() {
        match queue {
            Queue::OffTarget => chunks.push(Delivery { body, receive_count: 1 }),
            queue => bench.deliver(queue, &body, 1).unwrap(),
        }
    }
    assert!(chunks.len() > 2);
    chunks.insert(1, Delivery { body: "poison".to_owned(), receive_count: 1 });
    let settled = finish(deliver::off_target(&bench.world, &bench.indexes, &chunks));
    let failed: Vec<usize> = (0..settled.len()).filter(|number| settled[*number].is_err()).collect();
    assert_eq!(failed, [1], "of a batch, only what failed comes again");
    assert_eq!(bench.csv(&jobs[0]), expected(&sequence()));
    let column = |csv: &str, name: usize| csv.lines().nth(1).unwrap().split(',').nth(name).unwrap().to_owned();
    let [d1, d4] = [25, 28].map(|name| column(&bench.csv(&jobs[1]), name));
    assert_eq!((d1.as_str(), d4.as_str()), ("0", "0"), "distance 0");
}

#[test]
fn an_uploaded_genome_is_indexed_without_download() {
    let mut bench = Bench::without_ncbi();
    let (one, other) = (format!(">chr1 first\n{}\n", bases(1, 4_000)), genome());
    bench.world.put_object("custom/mine/fasta/a.fa", one.as_bytes());
    let rest = &other[other.find(">chr2").unwrap()..];
    bench.world.put_object("custom/mine/fasta/b.fa.gz", &gzip(rest));
    let job = bench.job("mine", &sequence());
    bench.dispatch(&job).unwrap();
    assert_eq!(bench.world.messages()[0].0, Queue::Index);
    bench.run();
    assert_eq!(bench.csv(&job), expected(&sequence()));
    assert_eq!(bench.world.requests(), Vec::<String>::new());
}

#[test]
fn a_sequence_without_guides_has_empty_results() {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, "ATATATATATATATATATATATATATATATATAT");
    bench.dispatch(&job).unwrap();
    bench.run();
    assert_eq!(bench.state(&job).state, JobState::Succeeded);
    assert!(!bench.world.objects().keys().any(|key| key.starts_with("results/")));
}

#[test]
fn poly_g_is_one_guide_at_many_places() {
    let mut bench = Bench::new();
    let job = bench.job(ACCESSION, &"G".repeat(400));
    bench.dispatch(&job).unwrap();
    bench.run();
    assert_eq!(bench.csv(&job), expected(&"G".repeat(400)));
    assert_eq!(bench.csv(&job).lines().count(), 1 + 378);
}

#[test]
fn a_file_of_several_parts_is_put_together() {
    let mut bench = Bench::without_ncbi();
    // A stored file of more than one part, whose letters are N but for the genome.
    let mut text = genome();
    text.push_str(">gap\n");
    text.push_str(&format!("{}\n", "N".repeat(79)).repeat(1_300_000));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(text.as_bytes()).unwrap();
    let file = encoder.finish().unwrap();
    assert!(file.len() as u64 > 2 * PART_BYTES);
    bench.serve(Served::of(file.clone()));
    let job = bench.job(ACCESSION, &sequence()[..300]);
    bench.dispatch(&job).unwrap();
    let (queue, body) = bench.world.take().unwrap();
    bench.deliver(queue, &body, 1).unwrap();
    // The last comes first, and nobody indexes what is not whole.
    let mut parts: Vec<_> = std::iter::from_fn(|| bench.world.take()).collect();
    assert_eq!(parts.len(), 3);
    parts.reverse();
    for (number, (queue, body)) in parts.iter().enumerate() {
        assert!(bench.world.messages().is_empty(), "after {number} parts");
        bench.deliver(*queue, body, 1).unwrap();
    }
    assert!(bench.world.object(&format!("{ACCESSION}/fasta/{NAME}_genomic.fna.gz")).unwrap() == file);
    bench.run();
    assert_eq!(bench.csv(&job), expected(&sequence()[..300]));
}

#[test]
fn the_worker_does_what_functions_do() {
    let mut bench = Bench::new();
    let large = json!({"reports": [{"assembly_stats": {"total_sequence_length": 3_100_000_000_u64}}]});
    bench.serve(Served { report: large, ..Served::of(gzip(&genome())) });
    let [job, waiter] = [3_000, 1_000].map(|length| bench.job(ACCESSION, &sequence()[..length]));
    bench.dispatch(&job).unwrap();
    bench.dispatch(&waiter).unwrap();
    assert_eq!(bench.world.launched().keys().collect::<Vec<_>>(), [&job], "one instance for both");
    assert!(bench.world.messages().is_empty(), "and no function");
    let workplace = Workplace { ncbi_files: FILES, scratch: &bench.scratch.0, indexes: &bench.indexes };
    let said = std::cell::RefCell::new(Vec::new());
    let progress = |doing: &str| said.borrow_mut().push(doing.to_owned());
    finish(work(&bench.world, &workplace, &job, &progress)).unwrap();
    assert_eq!(bench.csv(&job), expected(&sequence()));
    assert_eq!(bench.csv(&waiter), expected(&sequence()[..1_000]));
    assert!(said.borrow()[0].starts_with("Download: "), "{said:?}");

    // The next job gets an instance of its own, which finds the index there.
    bench.world.serve(|_, _| Err("no network".to_owned()));
    let next = bench.job(ACCESSION, &sequence()[..500]);
    bench.dispatch(&next).unwrap();
    assert_eq!(bench.world.launched().len(), 2);
    let workplace = Workplace { ncbi_files: FILES, scratch: &bench.scratch.0, indexes: &bench.indexes };
    finish(work(&bench.world, &workplace, &next, &progress)).unwrap();
    assert_eq!(bench.csv(&next), expected(&sequence()[..500]));
}

#[test]
fn a_worker_that_cannot_download_fails_all_who_wait() {
    let mut bench = Bench::new();
    let report = json!({"reports": [{"assembly_stats": {}}]});
    bench.serve(Served { report, status: 503, ..Served::of(gzip(&genome())) });
    let jobs = [bench.job(ACCESSION, "ACGT"), bench.job(ACCESSION, "ACGT")];
    for job in &jobs {
        bench.dispatch(job).unwrap();
    }
    let workplace = Workplace { ncbi_files: FILES, scratch: &bench.scratch.0, indexes: &bench.indexes };
    finish(work(&bench.world, &workplace, &jobs[0], &|_| ())).unwrap_err();
    for job in &jobs {
        assert!(bench.failed(job, Reason::DownloadFailed).contains("answered 503"));
    }
}
