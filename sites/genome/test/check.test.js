// Checks, states and the selection of guides, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { countGuides, fileFault, genomeFault, jobFault, lettersOf, nameFault, sequenceFault, thresholdFault, tokenFault } from "../src/check.js";
import { duration, size, things } from "../src/format.js";
import { filter, guideOf, objections, offTargetCount, sort } from "../src/selection.js";
import { describe, failure, stages } from "../src/states.js";
import { sample } from "./stub.js";

test("a sequence is its letters without header and blanks", () => {
  assert.equal(lettersOf(" >one two\r\nacg u\r\n\r\nNN "), "ACGTNN");
  assert.equal(lettersOf("ac\rgt"), "ACGT");
  assert.equal(lettersOf(">only a header"), "");
});

test("a sequence is checked as the server does", () => {
  for (const good of ["A", "acgturyswkmbdhvn", ">name\nACGT\n", "A".repeat(20_000)]) {
    assert.equal(sequenceFault(good, 20_000), "", good.slice(0, 20));
  }
  for (const [bad, told] of [
    ["", "Give a sequence."],
    [">name", "Give a sequence."],
    ["A".repeat(20_001), "The sequence has 20,001 letters; 20,000 are the most."],
    [">a\nACXT", "“X” at position 3 is not a letter of DNA."],
    ["AC-T", "“-” at position 3 is not a letter of DNA."],
    ["AC😀", "“😀” at position 3 is not a letter of DNA."],
    [">a\nAC\n>b\nGT", "Give one record of FASTA, not several."],
    ["AC\n>b\nGT", "Give one record of FASTA, not several."],
    ["ACß", "“ß” at position 3 is not a letter of DNA."],
  ]) {
    assert.equal(sequenceFault(bad, 20_000), told, bad.slice(0, 20));
  }
});

test("guides are counted on both strands, overlapping ones too", () => {
  assert.equal(countGuides("ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG"), 3);
  assert.equal(countGuides("G".repeat(25)), 3);
  assert.equal(countGuides("C".repeat(24)), 2);
  assert.equal(countGuides(`${"A".repeat(20)}NGG`), 0);
});

test("genomes, thresholds, ids, names and files are checked", () => {
  for (const good of ["GCA_000482205.1", "GCF_000001405.40", "my-genome", "abc", `0${"_".repeat(63)}`]) {
    assert.equal(genomeFault(good), "", good);
  }
  for (const bad of ["", "GCA_00482205.1", "gcA_000482205.1", "ab", "-abc", "a b c", "a".repeat(65)]) {
    assert.notEqual(genomeFault(bad), "", bad);
  }
  assert.equal(genomeFault("GCA_000482205"), "The accession lacks its version, such as GCA_000482205.1.");
  assert.deepEqual([0, 75.5, 100].map(thresholdFault), ["", "", ""]);
  assert.ok([NaN, -1, 100.1].every((threshold) => thresholdFault(threshold) !== ""));
  assert.equal(jobFault("123e4567-e89b-42d3-a456-426614174000"), "");
  assert.notEqual(jobFault("123e4567"), "");
  assert.notEqual(nameFault("My genome"), "");
  assert.equal(tokenFault("a-B_9/="), "");
  assert.ok(["", "a b", "tökén"].every((token) => tokenFault(token) !== ""));
  assert.equal(fileFault({ name: "a.fa", size: 1 }), "");
  assert.equal(fileFault({ name: "GENOME_1.fna.gz", size: 5_000_000_000 }), "");
  for (const file of [undefined, { name: "a.txt", size: 1 }, { name: "a b.fa", size: 1 }, { name: "a.fa", size: 0 }, { name: "a.fa", size: 5_000_000_001 }]) {
    assert.notEqual(fileFault(file), "");
  }
});

test("a failed job shows where it failed", () => {
  const at = (job, counts) => stages(job, counts).map(({ is }) => is);
  assert.deepEqual(at({ state: "SUBMITTED" }), ["now", "open", "open", "open"]);
  assert.deepEqual(at({ state: "SCORING" }), ["done", "done", "done", "now"]);
  assert.deepEqual(at({ state: "SUCCEEDED" }), ["done", "done", "done", "done"]);
  assert.deepEqual(at({ state: "FAILED", genome_state: "FAILED" }), ["done", "failed", "open", "open"]);
  assert.deepEqual(at({ state: "FAILED", genome_state: null }, { NumGuides: null }), ["done", "failed", "open", "open"]);
  assert.deepEqual(at({ state: "FAILED", genome_state: "READY" }, { NumGuides: null }), ["done", "done", "failed", "open"]);
  assert.deepEqual(at({ state: "FAILED", genome_state: "READY" }, { NumGuides: 3 }), ["done", "done", "done", "failed"]);
});

test("states and reasons that are new have words all the same", () => {
  assert.equal(describe({ state: "DREAMING" }), "DREAMING");
  assert.equal(describe({ state: "PREPARING", genome_state: null }), "The genome is being prepared.");
  assert.equal(failure("unheard_of").title, "Something went wrong in the service");
  assert.equal(failure(null).title, "Something went wrong in the service");
});

test("rows are read as CSV and as JSON have them", () => {
  const asCsv = { target_id: "2", start: "46", end: "69", strand: "-", sequence: "CGATCGATCGATCGATCGATTGG", unique: "1", passed: "0", consensus: "1", chopchop: "0", mit: "99.162627", mfe: "", structure: "", off_target_accepted: "1" };
  const guide = guideOf(asCsv);
  assert.equal(guide.target_id, 2);
  assert.equal(guide.mit, 99.162627);
  assert.equal(guide.mfe, null);
  assert.equal(guide.structure, null);
  assert.deepEqual([guide.unique, guide.passed, guide.chopchop, guide.mm10db], [true, false, false, null]);
  assert.equal(guideOf(sample[2]).unique, true);
});

test("a guide that is not fully scored neither passed nor failed", () => {
  assert.equal(guideOf({ passed: false, consensus: 3, off_target_accepted: null }).passed, null);
  assert.equal(guideOf({ passed: false, consensus: null, off_target_accepted: true }).passed, null);
  assert.equal(guideOf({ passed: false, consensus: 1, off_target_accepted: true }).passed, false);
});

test("what stands against a guide is told", () => {
  assert.deepEqual(objections(guideOf(sample[0])), ["Its 20 bases are a guide of the sequence 2 times.", "Its 20 bases are at 2 places of the genome."]);
  assert.deepEqual(objections(guideOf(sample[2])), ["Only 1 of 3 methods expect it to cut well; 2 are needed."]);
  assert.deepEqual(objections(guideOf({})), []);
});

const none = { passed: false, unique: false, bases: "", strand: "", consensus: 0, specificity: null, mit: null };
const ids = (guides) => guides.map(({ target_id: id }) => id);

test("conditions select guides", () => {
  const guides = sample.map(guideOf);
  const selected = (condition) => ids(filter(guides, { ...none, ...condition }));
  assert.deepEqual(selected({}), [0, 1, 2]);
  assert.deepEqual(selected({ passed: true }), []);
  assert.deepEqual(selected({ unique: true }), [2]);
  assert.deepEqual(selected({ strand: "-" }), [2]);
  assert.deepEqual(selected({ consensus: 2 }), [0, 1]);
  assert.deepEqual(selected({ specificity: 50.1 }), [2]);
  assert.deepEqual(selected({ mit: 99.5 }), [0, 1]);
  assert.deepEqual(selected({ bases: "cgau tgg" }), [2]);
  assert.deepEqual(selected({ bases: "GNAGG" }), []);
  assert.deepEqual(selected({ bases: "GWGG" }), [0, 1]);
  assert.deepEqual(selected({ bases: "(" }), []);
  const unknown = [guideOf({ target_id: 9, sequence: "A", strand: "+" })];
  assert.deepEqual(filter(unknown, { ...none, specificity: 0 }), []);
  assert.deepEqual(ids(filter(unknown, none)), [9]);
});

test("guides are put in order, what is not known last", () => {
  const guides = [...sample, { target_id: 7, rank: 4, mit: null, start: 5, strand: "+", sequence: "" }].map(guideOf);
  assert.deepEqual(ids(sort(guides, "rank", 1)), [0, 1, 2, 7]);
  assert.deepEqual(ids(sort(guides, "mit", -1)), [0, 1, 2, 7]);
  assert.deepEqual(ids(sort(guides, "mit", 1)), [2, 0, 1, 7]);
  assert.deepEqual(ids(sort(guides, "start", -1)), [2, 1, 7, 0]);
  assert.equal(offTargetCount(guides[2]), 1);
  assert.equal(offTargetCount(guides[3]), null);
});

test("numbers are written for people", () => {
  assert.equal(things(1, "guide"), "1 guide");
  assert.equal(things(1_980, "guide"), "1,980 guides");
  assert.equal(size(999), "1 kB");
  assert.equal(size(12_345_678), "12.3 MB");
  assert.equal(duration("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"), "1 second");
  assert.equal(duration("2026-01-01T00:00:00Z", "2026-01-01T01:31:00Z"), "2 hours");
  assert.equal(duration("never", "2026-01-01T01:31:00Z"), "");
});
