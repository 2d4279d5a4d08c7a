// From a sequence to its guides, and to a failure with its reason: before the stub of the API, or before a deployed one.
//
//     npm test                                        # the stub
//     API_URL=https://… GENOME=GCA_000482205.1 npm test    # a deployed API
//
// `GENOME` is an accession that the deployment finds, `MISSING_GENOME` one that it does not find. On a local AWS, `API_URL` has the
// form http://127.0.0.1:PORT/_aws/execute-api/ID/$default, and `API_AUTHORIZATION` says which account is meant.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { noBrowser as skip, Page } from "./page.js";
import { serveDeployed, serveStub } from "./site.js";
import { Stub } from "./stub.js";

const { API_URL: deployed, GENOME: genome = "GCA_000482205.1", MISSING_GENOME: missing = "GCA_999999999.9" } = process.env;
// A genome of a deployment may have to be downloaded and indexed.
const SECONDS = deployed ? 600 : 20;

const stub = new Stub();
let site;
let page;

before(async () => {
  if (!skip) {
    site = deployed ? await serveDeployed(deployed) : await serveStub(stub);
    page = await Page.open(site.url);
  }
});

after(async () => {
  await page?.close();
  site?.close();
});

// Only a stub is moved on by the test.
const moveOn = async (step) => deployed || (await step(await page.evaluate(`new URLSearchParams(location.hash.slice(1)).get("job")`)));

async function submit(name) {
  await page.visit();
  await page.click("#example");
  await page.type("#genome", name);
  await page.evaluate(`document.querySelector("#submit [type=submit]").focus()`);
  await page.press("Enter");
  await page.waitFor(`location.hash.startsWith("#job=")`, 30);
  await page.waitForText("#job-facts", `On ${name}`, 30);
}

test("a sequence becomes guides, which are shown and loaded down", { skip, timeout: 700_000 }, async () => {
  await submit(genome);
  await moveOn(async (id) => {
    assert.equal(await page.text("#job-state"), "Taken; it begins in a moment.");
    for (const [change, tasks, told] of [
      [{ state: "PREPARING", genome_state: "DOWNLOADING" }, {}, "The genome is downloaded."],
      [{ genome_state: "INDEXING" }, {}, "The genome is indexed."],
      [{ state: "SCANNING", genome_state: "READY" }, {}, "Looking for guides."],
      [{ state: "SCORING" }, { NumGuides: 3, NumScoredOntarget: 3, NumScoredOfftarget: 1 }, "Scoring the guides."],
    ]) {
      stub.move(id, change, tasks);
      await page.waitForText("#job-state", told, 10);
    }
    assert.equal(await page.text("#progress-off-text"), "1 of 3 (33 %)");
    await page.picture("scoring");
    stub.finish(id);
  });
  await page.waitForText("#job-state", "Done in", SECONDS);
  await page.waitForText("#guides-summary", "3 guides", 30);
  const shown = await page.texts("#guides tbody th");
  assert.deepEqual(shown.toSorted(), ["ATCGATCGATCGATCGATCGAGG", "ATCGATCGATCGATCGATCGTGG", "CGATCGATCGATCGATCGATTGG"]);
  await page.picture("three-guides");

  await page.click("#guides tbody tr:last-child a");
  await page.waitForText("#sites-state", "mismatches", 30);
  assert.match(await page.text("#guide-title"), /^Guide [ACGT]{21}GG$/);
  await page.picture("a-guide");
  await page.click("#back");
  await page.waitUntilShown("guides");

  for (const kind of ["csv", "bed"]) {
    await page.click(`#${kind}`);
    const form = { csv: /^rank,target_id,/, bed: /^\S+\t\d+\t\d+\t[ACGT]{23}\t\d+\t[+-]/ }[kind];
    assert.match(await page.download(`targets.${kind}`), form);
  }
  assert.deepEqual(page.browser.complaints, []);
});

test("a job on a genome that does not exist fails with the reason", { skip, timeout: 700_000 }, async () => {
  await submit(missing);
  await moveOn((id) => stub.move(id, { state: "FAILED", reason: "genome_not_found", message: `NCBI knows no ${missing}` }));
  await page.waitUntilShown("failure", SECONDS);
  assert.equal(await page.text("#failure-title"), "There is no such genome");
  assert.match(await page.text("#failure-detail"), /^genome_not_found/);
  assert.equal(await page.text("#job-state"), "Failed.");
  assert.equal(await page.isShown("guides-view"), false);
  await page.picture("failed");
});
