// The states of the page in a real browser, before the stub of the API.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { noBrowser as skip, Page } from "./page.js";
import { serveStub } from "./site.js";
import { manyGuides, Stub, TOKEN } from "./stub.js";

const UNKNOWN = "123e4567-e89b-42d3-a456-426614174000";

let stub;
let site;
let page;
// The stub is a new one for each test, and the site stays.
const current = new Proxy({}, { get: (_, name) => (typeof stub[name] === "function" ? stub[name].bind(stub) : stub[name]) });

before(async () => {
  if (!skip) {
    site = await serveStub(current);
    page = await Page.open(site.url);
  }
});

after(async () => {
  await page?.close();
  site?.close();
});

beforeEach(async () => {
  stub = new Stub();
  if (page) {
    Object.assign(site.config, { maxSequence: 20_000, uploads: true });
    await page.browser.size(1_200, 900);
    await page.browser.call("Emulation.setEmulatedMedia", { features: [] });
    await page.visit();
    await page.evaluate(`localStorage.clear()`);
  }
});

// A page that throws, or breaks its own policy, is broken, even when the rest of a test is met.
afterEach(() => {
  const complaints = page?.browser.complaints ?? [];
  assert.deepEqual(complaints.filter((text) => !text.startsWith("Failed to load resource")), []);
});

const hash = () => page.evaluate(`location.hash`);
const failing = (part, status = 500) => (method, path) =>
  path.includes(part) ? { status, body: { error: { code: "x", message: `status ${status} on purpose`, field: null } } } : undefined;
const done = (guides) => {
  const id = stub.add({}, guides);
  stub.finish(id);
  return id;
};

test("what is wrong is told at its field, before anything is sent", { skip }, async () => {
  await page.click("#submit [type=submit]");
  assert.equal(await page.text("#sequence-error"), "Give a sequence.");
  assert.equal(await page.text("#genome-error"), "Give a genome.");
  assert.equal(await page.focused(), "sequence");
  assert.equal(await page.evaluate(`document.getElementById("sequence").getAttribute("aria-invalid")`), "true");
  await page.type("#sequence", "ACGTX");
  assert.equal(await page.text("#sequence-error"), "“X” at position 5 is not a letter of DNA.");
  await page.picture("faults");
  await page.type("#sequence", `>one\n${"ACGT".repeat(5_000)}`);
  assert.equal(await page.isShown("sequence-error"), false);
  assert.equal(await page.text("#sequence-count"), "20,000 of 20,000 letters, 0 guides.");
  await page.type("#sequence", "A".repeat(20_001));
  assert.equal(await page.evaluate(`document.getElementById("sequence-count").className`), "help fault");
  await page.press("Tab");
  assert.equal(await page.text("#sequence-error"), "The sequence has 20,001 letters; 20,000 are the most.");
  await page.type("#sequence", "ACGT");
  await page.type("#genome", "GCA_000482205");
  await page.press("Tab");
  assert.equal(await page.text("#genome-error"), "The accession lacks its version, such as GCA_000482205.1.");
  await page.type("#genome", "my-yeast");
  await page.empty("#threshold");
  await page.click("#submit [type=submit]");
  assert.equal(await page.text("#threshold-error"), "Give a number from 0 to 100.");
  assert.equal(await page.focused(), "threshold");
  assert.ok(!stub.calls.includes("POST /api/submit"), `${stub.calls}`);
});

test("what the server refuses is told at its field", { skip }, async () => {
  await page.click("#example");
  await page.type("#threshold", "99");
  await page.click("#submit [type=submit]");
  await page.waitForText("#threshold-error", "`threshold` is 99: give a number from 0 to 90.");
  assert.equal(await page.focused(), "threshold");
  assert.equal(await page.isShown("submit-error"), false);
  await page.picture("option-refused");
  await page.type("#threshold", "75");
  assert.equal(await page.isShown("threshold-error"), false);
  await page.choose("#max_distance", "0");
  await page.click("#submit [type=submit]");
  await page.waitForText("#max_distance-error", "`max_distance` is 0: give a whole number from 1 to 4.");
  assert.equal(await page.focused(), "max_distance");
  await page.choose("#max_distance", "4");
  assert.equal(await page.isShown("max_distance-error"), false);
  await page.type("#sequence", "AAAA");
  await page.click("#submit [type=submit]");
  await page.waitForText("#submit-error", "The job was not taken. This sequence is not taken today.");
  await page.click("#example");
  await page.type("#genome", "not-uploaded");
  await page.click("#submit [type=submit]");
  await page.waitForText("#genome-error", "There is no genome of this name.");
  assert.equal(await page.focused(), "genome");
});

test("a job that was not taken is tried again with the same key", { skip }, async () => {
  const keys = [];
  stub.override = (method, path, { headers }) => {
    if (method === "POST") {
      keys.push(headers["idempotency-key"]);
      return keys.length < 3 ? { status: 503, body: "<html>" } : undefined;
    }
    return undefined;
  };
  await page.click("#example");
  await page.choose("#method", "avg");
  await page.choose("#max_distance", "2");
  await page.click("#submit [type=submit]");
  await page.waitForText("#submit-error", "The job was not taken. The service answered with status 503.");
  await page.click("#submit [type=submit]");
  await page.waitFor(`!document.querySelector("#submit [type=submit]").disabled`);
  await page.type("#threshold", "50.5");
  await page.click("#submit [type=submit]");
  await page.waitFor(`location.hash.startsWith("#job=")`);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  assert.match(keys[2], /^[0-9a-f-]{36}$/);
  assert.deepEqual(stub.last.options, { method: "avg", threshold: 50.5, max_distance: 2 });
});

test("genomes that are ready are offered", { skip }, async () => {
  assert.deepEqual(await page.texts("#ready-list button"), ["GCA_000482205.1", "my-yeast"]);
  await page.picture("submit");
  await page.click("#ready-list li:last-child button");
  assert.equal(await page.evaluate(`document.getElementById("genome").value`), "my-yeast");
  stub.genomes = [];
  await page.visit();
  await page.waitForText("#ready-title", "No genome is ready yet");
  stub.genomes = Array.from({ length: 30 }, (_, index) => `genome-${index}`);
  await page.visit();
  await page.waitForText("#ready-title", "30 in all");
  assert.equal((await page.texts("#ready-list button")).length, 12);
  assert.equal(await page.evaluate(`document.getElementById("genomes").children.length`), 30);
  stub.override = failing("/api/genomes");
  await page.visit();
  await page.waitForText("#ready-title", "Which genomes are ready is not known: Status 500 on purpose.");
});

test("a sequence is taken from a file", { skip }, async () => {
  await page.chooseFile("#sequence-file", "one.fa", ">one\r\nATCGATCGATCGATCGATCGAGG\r\n");
  await page.waitForText("#sequence-count", "23 of 20,000 letters, 1 guide.");
  await page.chooseFile("#sequence-file", "two.fa", "A".repeat(1_000_001));
  await page.waitForText("#sequence-error", "two.fa is too large");
});

test("a page without what tells it of its stack works", { skip }, async () => {
  Object.assign(site.config, { maxSequence: 50, uploads: false });
  await page.visit();
  assert.equal(await page.text("#limit"), "50");
  assert.equal(await page.isShown("upload-link"), false);
  await page.click("#example");
  await page.click("#submit [type=submit]");
  assert.equal(await page.text("#sequence-error"), "The sequence has 69 letters; 50 are the most.");
  await page.visit("#upload");
  assert.match(await page.text("#upload-off"), /^This service takes no uploads/);
  assert.equal(await page.isShown("upload"), false);
});

test("a job is followed through its states", { skip }, async () => {
  await page.click("#example");
  await page.click("#submit [type=submit]");
  await page.waitForText("#job-facts", "On GCA_000482205.1");
  assert.equal(await page.text("#job-state"), "Taken; it begins in a moment.");
  const id = (await hash()).split("=")[1];
  for (const [change, tasks, told] of [
    [{ state: "PREPARING", genome_state: "DOWNLOADING" }, {}, "The genome is being downloaded."],
    [{ genome_state: "INDEXING" }, {}, "The genome is being indexed."],
    [{ state: "SCANNING", genome_state: "READY" }, {}, "Looking for guides."],
    [{ state: "SCORING" }, { NumGuides: 3, NumScoredOntarget: 3, NumScoredOfftarget: 1 }, "Scoring the guides."],
  ]) {
    stub.move(id, change, tasks);
    await page.waitForText("#job-state", told);
  }
  assert.equal(await page.text("#progress-on-text"), "3 of 3 (100 %)");
  assert.equal(await page.text("#progress-off-text"), "1 of 3 (33 %)");
  await page.picture("scoring");
  stub.finish(id);
  await page.waitForText("#job-state", "Done in");
  await page.waitForText("#guides-summary", "3 guides");
  await page.picture("three-guides");
  for (const kind of ["csv", "bed"]) {
    await page.click(`#${kind}`);
    const form = { csv: /^rank,target_id,/, bed: /^\S+\t\d+\t\d+\t[ACGT]{23}\t\d+\t[+-]/ }[kind];
    assert.match(await page.download(`targets.${kind}`), form);
  }
  assert.deepEqual(page.browser.complaints, []);
});

test("each reason of a failure has its words", { skip }, async () => {
  for (const [reason, title] of [
    ["genome_not_found", "There is no such genome"],
    ["download_failed", "The genome could not be downloaded"],
    ["checksum_mismatch", "The genome's files were damaged on their way"],
    ["bad_fasta", "The genome's file is no FASTA"],
    ["index_failed", "The genome could not be indexed"],
    ["no_worker_image", "This service cannot work on so large a genome yet"],
    ["timeout", "It took too long"],
    ["internal", "Something went wrong in the service"],
  ]) {
    const id = stub.add({ state: "FAILED", reason, message: "line 7: NUL", genome_state: "FAILED" });
    await page.evaluate(`location.hash = "job=${id}"`);
    await page.waitForText("#failure-title", title);
    assert.equal(await page.text("#job-state"), "Failed.");
    assert.equal(await page.isShown("guides-view"), false);
    assert.equal(await page.text("#failure-detail"), `${reason}: line 7: NUL`);
    assert.match((await page.texts("#steps .failed"))[0], /Genome ready: failed$/);
  }
});

test("a job that nobody knows is told", { skip }, async () => {
  await page.visit(`#job=${UNKNOWN}`);
  await page.waitForText("#trouble-text", "There is no such job.");
  assert.equal(await page.isShown("job-panel"), false);
  assert.equal(await page.isShown("trouble-retry"), false);
  const asked = stub.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.equal(stub.calls.length, asked, "a job that is not there is not asked for again");
});

test("a service that cannot be reached is asked again, at once when told so", { skip }, async () => {
  const id = stub.add({ state: "SCANNING", genome_state: "READY" });
  stub.override = failing("/api/jobs", 503);
  await page.visit(`#job=${id}`);
  await page.waitForText("#trouble-text", "asks again in 2 seconds");
  await page.picture("trouble");
  await page.waitForText("#trouble-text", "asks again in 4 seconds");
  stub.override = () => undefined;
  const start = Date.now();
  await page.click("#trouble-retry");
  await page.waitForText("#job-state", "Looking for guides.");
  assert.ok(Date.now() - start < 2_000);
  assert.equal(await page.isShown("trouble"), false);
});

test("a sequence without guides is no error", { skip }, async () => {
  await page.visit(`#job=${done([])}`);
  await page.waitForText("#guides-summary", "The sequence has no guide");
  assert.equal(await page.isShown("guides-found"), false);
  assert.equal(await page.isShown("downloads"), false);
  await page.picture("no-guides");
});

test("guides that cannot be loaded are tried again", { skip }, async () => {
  stub.override = failing("/targets");
  await page.visit(`#job=${done()}`);
  await page.waitForText("#guides-state", "The guides could not be loaded: Status 500 on purpose.");
  stub.override = () => undefined;
  await page.click("#guides-retry");
  await page.waitForText("#guides-summary", "3 guides, of which 0 passed.");
});

test("guides are shown before they are scored, and again when they are", { skip }, async () => {
  const id = stub.add({ state: "SCORING", genome_state: "READY" });
  stub.move(id, {}, { NumGuides: 3 });
  await page.visit(`#job=${id}`);
  await page.waitUntilShown("peek");
  await page.click("#peek");
  await page.waitForText("#guides-summary", "They are not all scored yet");
  assert.deepEqual(await page.texts("#guides tbody tr:first-child td"), ["–", "0", "+", "–", "–", "–", "–", "not yet known"]);
  assert.equal(await page.isShown("downloads"), false);
  stub.finish(id);
  await page.waitForText("#guides-summary", "of which 0 passed", 30);
  assert.equal(await page.isShown("downloads"), true);
  assert.equal(await page.isShown("peek"), false);
});

test("many guides are loaded in pages, filtered and sorted", { skip }, async () => {
  const guides = manyGuides(1_980);
  await page.visit(`#job=${done(guides)}`);
  await page.waitForText("#guides-summary", "1,980 guides");
  assert.equal(stub.calls.filter((call) => call.endsWith("/targets")).length, 4);
  const passed = guides.filter((guide) => guide.passed).length;
  assert.match(await page.text("#guides-summary"), new RegExp(`^1,980 guides, of which ${passed} passed`));
  assert.equal((await page.texts("#guides tbody tr")).length, 100);
  await page.picture("many");

  await page.click("#filters [name=passed]");
  await page.waitForText("#guides-count", `${passed} of 1,980 guides, the first 100 shown.`);
  await page.choose("#filters [name=strand]", "-");
  await page.choose("#filters [name=consensus]", "3");
  const both = guides.filter((guide) => guide.passed && guide.strand === "-" && guide.consensus === 3).length;
  assert.match(await page.text("#guides-count"), new RegExp(`^${both} of 1,980 guides`));
  await page.type("#filters [name=bases]", "NNNNNNNNNNNNNNNNNNNNNCC");
  assert.equal(await page.isShown("guides-none"), true);
  await page.click("#filters [type=reset]");
  await page.waitForText("#guides-count", "1,980 guides, the first 100 shown.");

  await page.click("#guides [data-order=start]");
  assert.equal(await page.evaluate(`document.querySelector("#guides [data-order=start]").parentElement.getAttribute("aria-sort")`), "ascending");
  assert.equal(await page.text("#guides tbody tr td:nth-child(3)"), "0");
  await page.press("Enter");
  assert.equal(await page.text("#guides tbody tr td:nth-child(3)"), (15 * 1_979).toLocaleString("en-US"));
  assert.equal(await page.evaluate(`document.activeElement.dataset.order`), "start");

  await page.click("#more");
  assert.equal((await page.texts("#guides tbody tr")).length, 200);
  assert.equal(await page.evaluate(`document.activeElement.closest("tr").rowIndex`), 101);
});

test("a guide has an address of its own", { skip }, async () => {
  const id = done();
  await page.visit(`#job=${id}&guide=2`);
  await page.waitForText("#sites-state", "2 places with at most");
  assert.equal(await page.text("#guide-title"), "Guide CGATCGATCGATCGATCGATTGG");
  assert.match(await page.text("#guide-body .notice"), /^This guide did not pass\.Only 1 of 3 methods/);
  assert.deepEqual(await page.texts("#sites tbody tr:last-child td"), ["GTATCGATCGATCGTTCGATCGG", "chr2: 2 to 25", "+", "3 at 1, 2, 15", "0.1162"]);
  assert.deepEqual(await page.texts("#sites tbody tr:last-child mark"), ["G", "T", "T"]);
  assert.match(await page.text("#sites tbody tr"), /the guide's own/);
  // Back goes to the row that was left.
  await page.click("#back");
  await page.waitUntilShown("guides-view");
  assert.equal(await page.focused(), "guide-2");
  await page.visit(`#job=${id}&guide=17`);
  await page.waitForText("#guide-state", "The job has no such guide.");
  assert.equal(await page.isShown("sites-view"), false);
});

test("places that cannot be loaded are tried again, and may be none or very many", { skip }, async () => {
  const id = done();
  stub.override = failing("offtargets");
  await page.visit(`#job=${id}&guide=0`);
  await page.waitForText("#sites-state", "The places could not be loaded: Status 500 on purpose.");
  assert.match(await page.text("#guide-title"), /ATCGATCGATCGATCGATCGAGG/);
  stub.override = failing("offtargets", 404);
  await page.click("#sites-retry");
  await page.waitForText("#sites-state", "The places of this guide are not known yet.");
  stub.override = (method, path) => (path.endsWith("offtargets") ? { status: 200, body: { total: 0, sites: [] } } : undefined);
  await page.click("#sites-retry");
  await page.waitForText("#sites-state", "No place of the genome is like this guide.");
  const place = { contig: "a", start: 1, end: 24, strand: "+", sequence: "A".repeat(23), mismatches: [3], distance: 1, cfd: 0.5, on_target: false };
  const sites = Array.from({ length: 1_000 }, (_, index) => ({ ...place, start: index }));
  stub.override = (method, path) => (path.endsWith("offtargets") ? { status: 200, body: { total: 54_321, sites } } : undefined);
  await page.visit(`#job=${id}&guide=1`);
  await page.waitForText("#sites-state", "54,321 places with at most as many mismatches as the job asked for, of which the 1,000 with the highest CFD are listed.");
  assert.equal((await page.texts("#sites tbody tr")).length, 100);
  await page.click("#sites-more");
  assert.equal((await page.texts("#sites tbody tr")).length, 200);
});

test("a job is opened by its id, and found again in this browser", { skip }, async () => {
  await page.click("#example");
  await page.click("#submit [type=submit]");
  await page.waitFor(`location.hash.startsWith("#job=")`);
  const [, id] = (await hash()).split("=");
  await page.click("nav [data-page=results]");
  await page.waitUntilShown("recent");
  assert.match((await page.texts("#recent li"))[0], /^69 letters on GCA_000482205\.1/);
  await page.picture("results");
  await page.type("#open-id", "nonsense");
  await page.press("Enter");
  await page.waitForText("#open-id-error", "An id has 36 letters");
  await page.type("#open-id", ` ${id.toUpperCase()} `);
  await page.press("Enter");
  await page.waitFor(`location.hash === "#job=${id}"`);
  await page.click("nav [data-page=results]");
  await page.waitUntilShown("forget");
  await page.click("#forget");
  assert.equal(await page.isShown("recent-none"), true);
  assert.deepEqual(await page.texts("#recent li"), []);
});

test("leaving a job ends the questions about it", { skip }, async () => {
  const id = stub.add();
  await page.visit(`#job=${id}`);
  await page.waitForText("#job-state", "Taken");
  await page.click("nav [data-page=about]");
  await page.waitUntilShown("about-page");
  await page.picture("about");
  const asked = stub.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.equal(stub.calls.length, asked);
});

async function fillUpload(name, token, content = ">a\nACGT\n") {
  await page.type("#upload-name", name);
  await page.chooseFile("#upload-file", "genome.fa", content);
  await page.type("#upload-token", token);
  await page.click("#upload [type=submit]");
}

test("a genome is uploaded and used", { skip }, async () => {
  await page.visit("#upload");
  await page.click("#upload [type=submit]");
  assert.deepEqual(await Promise.all(["name", "file", "token"].map((field) => page.text(`#upload-${field}-error`))), [
    "Use 3 to 64 small letters, digits, “_” and “-”, with a letter or digit first.",
    "Choose a file.",
    "Give the token.",
  ]);
  await page.picture("upload-faults");
  await fillUpload("my-genome", TOKEN);
  await page.waitUntilShown("upload-done");
  assert.deepEqual(stub.uploads, [{ key: "custom/my-genome/fasta/genome.fa", body: ">a\nACGT\n" }]);
  await page.picture("uploaded");
  await page.press("Enter");
  await page.waitUntilShown("submit-page");
  assert.equal(await page.evaluate(`document.getElementById("genome").value`), "my-genome");
  assert.deepEqual(page.browser.complaints, []);
});

test("an upload that is refused says why", { skip }, async () => {
  await page.visit("#upload");
  await fillUpload("my-genome", "guessed");
  await page.waitForText("#upload-token-error", "The service does not know this token.");
  assert.equal(await page.focused(), "upload-token");
  await fillUpload("my-yeast", TOKEN);
  await page.waitForText("#upload-name-error", "A genome of this name is in use.");
  stub.takes = () => 403;
  await fillUpload("my-genome", TOKEN);
  await page.waitForText("#upload-error", "The genome was not uploaded. The storage refused the file with status 403.");
  stub.takes = (path, request) => {
    request.destroy();
    return null;
  };
  await fillUpload("my-genome", TOKEN);
  await page.waitForText("#upload-error", "The genome was not uploaded. The connection broke.");
});

test("an upload shows its progress and can be cancelled", { skip }, async () => {
  await page.visit("#upload");
  let release;
  stub.takes = (path, request) => {
    // Takes the first bytes only, as a slow line does.
    request.once("data", () => request.pause());
    return new Promise((resolve) => (release = resolve));
  };
  await fillUpload("my-genome", TOKEN, "A".repeat(30_000_000));
  await page.waitFor(`document.getElementById("upload-bar").value > 0`);
  assert.match(await page.text("#upload-text"), /^[\d.]+ (kB|MB) of 30 MB \(\d+ %\)$/);
  assert.equal(await page.evaluate(`document.getElementById("upload-name").disabled`), true);
  await page.picture("uploading");
  await page.click("#upload-cancel");
  await page.waitForText("#upload-status", "Cancelled.");
  assert.equal(await page.isShown("upload-progress"), false);
  assert.equal(await page.isShown("upload-error"), false);
  assert.deepEqual(stub.uploads, []);
  release(400);
});

const places = () => ["", "#results", "#upload", "#about", `#job=${done(manyGuides(30))}`, `#job=${done()}&guide=2`, `#job=${stub.add({ state: "FAILED", reason: "timeout" })}`, `#job=${stub.add({ state: "PREPARING", genome_state: "DOWNLOADING" })}`];

async function visitWhole(place) {
  await page.visit(place);
  if (place.startsWith("#job")) {
    await page.waitFor(`document.getElementById("job-facts").textContent !== ""`);
    await page.waitFor(`!document.getElementById("job-state").textContent.startsWith("Done") || document.getElementById("sites").checkVisibility() || document.getElementById("guides").checkVisibility()`);
  }
}

test("every text stands out, in light and in dark", { skip }, async () => {
  for (const value of ["light", "dark"]) {
    await page.browser.call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
    for (const [index, place] of places().entries()) {
      await visitWhole(place);
      assert.deepEqual(await page.faintTexts(), [], `${value} ${place}`);
      await page.picture(`${value}-${index}`);
    }
    // What the mouse is over looks otherwise.
    await page.visit();
    for (const button of ["#submit [type=submit]", "#example", "#ready-list button"]) {
      await page.hover(button);
      assert.deepEqual(await page.faintTexts(), [], `${value} ${button}`);
    }
  }
});

test("a narrow screen never scrolls the page sideways", { skip }, async () => {
  await page.browser.size(360, 740);
  for (const [index, place] of places().entries()) {
    await visitWhole(place);
    assert.equal(await page.scrollsSideways(), false, place);
    await page.picture(`narrow-${index}`);
  }
  const many = done(manyGuides(30));
  for (const width of [600, 800, 970, 1_090, 1_200, 1_250, 1_600]) {
    await page.browser.size(width, 900);
    await page.visit(`#job=${many}`);
    await page.waitUntilShown("guides");
    assert.equal(await page.scrollsSideways(), false, `${width}`);
    await page.picture(`width-${width}`);
  }
  await page.browser.size(360, 740);
  // Without heads, a list sorts.
  await page.visit(`#job=${done(manyGuides(30))}`);
  await page.waitUntilShown("guides");
  await page.choose("#filters [name=sort]", "start -1");
  assert.equal(await page.text("#guides tbody tr td:nth-child(3)"), (15 * 29).toString());
});

test("all that can be reached by keyboard has a name, and everything is reached", { skip }, async () => {
  for (const place of places()) {
    await visitWhole(place);
    assert.deepEqual(await page.nameless(), [], place);
  }
  await page.visit(`#job=${done()}`);
  await page.waitUntilShown("guides");
  await page.press("Tab");
  assert.equal(await page.focused(), "skip");
  await page.press("Enter");
  assert.equal(await page.focused(), "main");
  const reached = [];
  for (let step = 0; step < 30; step += 1) {
    await page.press("Tab");
    reached.push(await page.focused());
  }
  for (const name of ["copy", "csv", "bed", "passed", "bases", "Reset", "guide-0", "guide-2"]) {
    assert.ok(reached.includes(name), `${name} is not in ${reached}`);
  }
  await page.evaluate(`document.getElementById("guide-0").focus()`);
  await page.press("Enter");
  await page.waitUntilShown("guide-view");
  assert.equal(await page.focused(), "guide-title");
});

test("nothing of what a job says becomes part of the page's own text", { skip }, async () => {
  const evil = `<img src=x onerror="document.title='broken'">`;
  const id = done([{ ...manyGuides(1)[0], record: evil }]);
  stub.jobs.get(id).answer.genome = evil;
  await page.visit(`#job=${id}&guide=0`);
  await page.waitForText("#guide-body", evil);
  assert.equal(await page.evaluate(`document.querySelectorAll("main img").length`), 0);
  assert.equal(await page.text("#job-facts").then((text) => text.startsWith(`On ${evil}, submitted`)), true);
});
