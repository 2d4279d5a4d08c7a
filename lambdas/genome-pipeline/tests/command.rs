//! The command, as it is called.

#![cfg(feature = "command")]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod samples;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// A folder of its own for each test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("crispr-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn crispr(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crispr")).args(arguments).output().unwrap()
}

#[track_caller]
fn succeeds(arguments: &[&str]) -> String {
    let output = crispr(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn fails(code: i32, arguments: &[&str], message: &str) {
    let output = crispr(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.contains(message), "{error}");
}

const SAMPLE: &str = "ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG";

#[test]
fn a_sequence_becomes_ranked_guides() {
    let folder = Folder::new("run");
    let genome = folder.file("genome.fa", &format!(">chromosome\r\n{SAMPLE}\r\n"));
    let [index, bed, sites] = ["genome.crx", "guides.bed", "sites.jsonl"].map(|name| folder.path(name));
    succeeds(&["index", "build", &genome, "-o", &index]);
    assert_eq!(
        succeeds(&["index", "info", &index]),
        "sites\t2\noccurrences\t3\ncompatible\t0\ncontig\tchromosome\t69\n"
    );
    let from_index =
        succeeds(&["run", "--index", &index, "--input", SAMPLE, "-o", "-", "--bed", &bed, "--offtargets", &sites]);
    let from_genome = succeeds(&["run", "--genome", &genome, "--input", SAMPLE, "-o", "-", "--threads", "1"]);
    assert_eq!(from_index, from_genome);
    let lines: Vec<&str> = from_index.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("rank,target_id,record,start,end,strand,sequence,count,unique,passed"));
    let expected = "1,0,sequence,0,23,+,ATCGATCGATCGATCGATCGAGG,2,0,0,3,1,1,1,2.597819,50.000000,-26.90,";
    assert!(lines[1].starts_with(expected), "{}", lines[1]);
    assert_eq!(fs::read_to_string(bed).unwrap().lines().count(), 3);
    let first: serde_json::Value =
        serde_json::from_str(fs::read_to_string(sites).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!((&first["target_id"], &first["sites"][0]["contig"]), (&0.into(), &"chromosome".into()));
    let sequence = folder.file("sequence.fa", &format!(">my sequence\n{SAMPLE}\n"));
    let compatible = succeeds(&["run", "--compat", "--index", &index, "--input", &sequence, "-o", "-"]);
    assert_eq!(compatible.lines().filter(|line| line.contains(",my,") && line.contains(",1,1,")).count(), 3);
}

#[test]
fn indexes_are_converted_and_guides_scored() {
    let Some(sites) = samples::path("ncov.fixed.ot") else { return };
    let folder = Folder::new("score");
    let index = folder.path("ncov.issl");
    succeeds(&["index", "convert", sites.to_str().unwrap(), "-o", &index]);
    assert!(fs::read(&index).unwrap() == fs::read(samples::path("ncov.fixed.issl").unwrap()).unwrap());
    let guides = samples::path("ncov.q").unwrap();
    let text = succeeds(&["score", &index, guides.to_str().unwrap(), "4", "0", "and"]);
    assert_eq!(samples::sha256(text.as_bytes()), "c16362187165750d36d4ba9fc437134e8a144121b6a109fd4b58564f7b1e47aa");
    let genome = samples::path("ncov.fa").unwrap();
    let extracted = succeeds(&["extract", genome.to_str().unwrap(), "--compat", "-o", "-"]);
    assert_eq!(extracted, fs::read_to_string(&sites).unwrap());
    let own = folder.path("ncov.crx");
    succeeds(&["index", "build", genome.to_str().unwrap(), "--compat", "-o", &own]);
    succeeds(&["index", "convert", &own, "-o", &index]);
    assert!(fs::read(&index).unwrap() == fs::read(samples::path("ncov.fixed.issl").unwrap()).unwrap());
}

#[test]
fn wrong_data_are_told_with_their_place() {
    let folder = Folder::new("wrong");
    let genome = folder.file("genome.fa", SAMPLE);
    let index = folder.path("genome.crx");
    succeeds(&["index", "build", &genome, "-o", &index]);
    let guides = folder.file("guides", "ATCGATCGATCGATCGATCG\nATCGATCGATCGATCGATC\n");
    fails(1, &["score", &index, &guides, "4", "75", "and"], "guides: line 2: 'ATCGATCGATCGATCGATC' is no site of 20");
    let broken = folder.file("broken.fa", ">a\nACGT\nAC\0GT\n");
    fails(1, &["index", "build", &broken, "-o", &index], r"broken.fa, line 3: '\x00'");
    fails(1, &["extract", &folder.path("none.fa"), "-o", "-"], "none.fa: No such file");
    fails(1, &["score", &genome, &guides, "4", "75", "and"], "no site of 20");
    fails(1, &["index", "info", &genome], "20 bases in five slices");
    fails(1, &["run", "--genome", &genome, "--input", &broken, "-o", "-"], "line 3");
    let own = folder.path("own.crx");
    fails(1, &["index", "convert", &guides, "-o", &own], "line 2");
}

#[test]
fn wrong_usage_is_told() {
    for arguments in [
        &["score", "i", "g", "5", "75", "and"][..],
        &["score", "i", "g", "4", "101", "and"],
        &["score", "i", "g", "4", "75", "xor"],
        &["run", "--input", "ACGT", "-o", "-"],
        &["run", "--genome", "a", "--index", "b", "--input", "ACGT", "-o", "-"],
        &["index"],
        &[],
    ] {
        fails(2, arguments, "--help");
    }
}
