// The built page in a real browser. Without Chromium, or before `npm run build`, the tests say so and pass.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Browser, findChromium, serve } from "./browser.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const chromium = findChromium();
const skip = chromium === undefined ? "no Chromium: name one in CHROMIUM" : !existsSync(folder) && "no dist: run `npm run build`";

const dates = Array.from({ length: 70 }, (_, index) => new Date(Date.UTC(2021, 0, 5 + index)).toISOString().slice(0, 10));
const row = (date, index) => ({ date, cases: 1_000 * index ** 2, deaths: 10 * index, recoveries: index > 60 ? null : 500 * index });
const data = dates.map(row);
const daily = data.slice(1).map(({ date }, index) => ({
  date,
  cases: index === 66 ? -2446 : 1_000 * (2 * index + 1),
  deaths: 10,
  recoveries: index > 58 ? null : 500,
  days: 1,
  decreases: index === 66 ? ["cases"] : [],
}));
const period = (from, to, complete) => ({ date: to, from, to, cases: 7_000, deaths: 70, recoveries: null, complete });
const figures = {
  "/data": data,
  "/daily": daily,
  "/weekly": [period("2021-03-01", "2021-03-07", true), period("2021-03-08", "2021-03-14", true), period("2021-03-15", "2021-03-21", false)],
  "/monthly": [period("2021-02-01", "2021-02-28", true), period("2021-03-01", "2021-03-31", false)],
};

let answer;
let site;
let browser;

const good = (path, query) =>
  path === "/config.json"
    ? { apiUrl: "" }
    : path in figures
      ? { granularity: path.slice(1), from: query.get("from"), to: null, updated_at: "2021-03-16T18:45:00Z", rows: figures[path].filter(({ date }) => date >= (query.get("from") ?? "")) }
      : 404;

before(async () => {
  if (!skip) {
    site = await serve(folder, (path, query) => answer(path, query));
    browser = await Browser.open(chromium);
  }
});

after(async () => {
  await browser?.close();
  site?.close();
});

beforeEach(async () => {
  answer = good;
  await browser?.size(1_000, 800);
});

const isShown = (id) => `!document.getElementById("${id}").hidden`;
const texts = (selector) => browser.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((found) => found.textContent)`);

async function open() {
  await browser.goTo(site.url);
  await browser.waitFor(`document.readyState === "complete" && ${isShown("figures")}`);
}

test("the figures are shown as cards, charts and tables", { skip }, async () => {
  await open();
  assert.deepEqual(await texts("#cards h3"), ["New cases", "New recoveries", "New deaths"]);
  assert.deepEqual(await texts("#cards .value"), ["137,000", "not reported", "10"]);
  assert.deepEqual(await texts("#cards .change"), ["+2,000 from the day before", "no comparison with the day before", "the same as the day before"]);
  assert.deepEqual(await texts("#as-of"), ["Mar 15, 2021"]);
  assert.equal(await browser.evaluate(`document.querySelectorAll("canvas").length`), 4);
  const rows = await texts("#daily-table tbody tr");
  assert.equal(rows.length, 7);
  assert.ok(rows[0].startsWith("Mar 15, 2021"), rows[0]);
  assert.ok(rows[2].includes("−2,446 *"), rows[2]);
  assert.deepEqual(await texts("#daily .note"), ["* A negative figure: the source took back some of what it had reported before."]);
  assert.deepEqual(await texts("#weekly-table tbody th"), ["Mar 15 – Mar 21, 2021 so far", "Mar 8 – Mar 14, 2021", "Mar 1 – Mar 7, 2021"]);
  assert.deepEqual(await texts("#monthly-table tbody tr:first-child td"), ["7,000", "not reported", "70"]);
  assert.equal((await texts("#cumulative-table tbody tr")).length, 3);
  // Something is drawn in each of the three colors.
  const drawn = await browser.evaluate(`(() => {
    const canvas = document.querySelector("#daily canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const has = (r, g, b) => { for (let at = 0; at < pixels.length; at += 4) { if (pixels[at] === r && pixels[at + 1] === g && pixels[at + 2] === b) return true; } return false; };
    return [has(0x12, 0x57, 0xb0), has(0x1a, 0x74, 0x31), has(0xb3, 0x26, 0x1e)];
  })()`);
  assert.deepEqual(drawn, [true, true, true]);
  assert.deepEqual(browser.complaints.filter((text) => !text.includes("favicon.ico")), []);
});

test("while figures are on their way, the page says so", { skip }, async () => {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  answer = async (path, query) => {
    await released;
    return good(path, query);
  };
  await browser.goTo(site.url);
  await browser.waitFor(`document.readyState === "complete" && ${isShown("loading")}`);
  assert.equal(await browser.evaluate(`document.getElementById("loading").getAttribute("role")`), "status");
  release();
  await browser.waitFor(isShown("figures"));
});

test("an empty table is not an error", { skip }, async () => {
  answer = (path, query) => (path === "/data" ? { rows: [], updated_at: null } : good(path, query));
  await browser.goTo(site.url);
  await browser.waitFor(`document.readyState === "complete" && ${isShown("empty")}`);
  assert.match((await texts("#empty"))[0], /^No data yet/);
});

test("an error is told, and trying again helps", { skip }, async () => {
  const broken = [
    [(path, query) => (path === "/weekly" ? 500 : good(path, query)), "The server answered with status 500."],
    [(path, query) => (path === "/data" ? "<html>" : good(path, query)), "The server's answer cannot be read."],
    [(path, query) => (path === "/data" ? {} : good(path, query)), "The server's answer has no figures."],
    [() => ({}), "The page does not know where its figures are."],
  ];
  for (const [bad, told] of broken) {
    answer = bad;
    await browser.goTo(site.url);
    await browser.waitFor(`document.readyState === "complete" && ${isShown("error")}`);
    assert.deepEqual(await texts("#error-detail"), [told]);
  }
  answer = good;
  await browser.evaluate(`document.getElementById("retry").focus()`);
  await browser.press("Enter", 13);
  await browser.waitFor(isShown("figures"));
});

test("a chart is read by keyboard", { skip }, async () => {
  await open();
  const reached = [];
  for (let step = 0; step < 20; step += 1) {
    await browser.press("Tab", 9);
    reached.push(await browser.evaluate(`document.activeElement.tagName + " " + (document.activeElement.getAttribute("aria-label") ?? "")`));
  }
  for (const place of ["CANVAS Since the beginning, chart", "SUMMARY", "CANVAS Past 7 days, chart", "DIV Past 7 days, table", "CANVAS Past 6 months, chart"]) {
    assert.ok(reached.some((found) => found.startsWith(place)), `${place} is not in ${reached}`);
  }
  await browser.evaluate(`document.querySelector("#daily canvas").focus()`);
  const live = () => browser.evaluate(`document.querySelector("#daily [aria-live]").textContent`);
  await browser.press("End", 35);
  assert.equal(await live(), "Mar 15, 2021: cases 137,000, recoveries not reported, deaths 10");
  await browser.press("ArrowLeft", 37);
  await browser.press("ArrowLeft", 37);
  assert.equal(await live(), "Mar 13, 2021: cases −2,446, recoveries not reported, deaths 10");
  await browser.press("Home", 36);
  await browser.press("ArrowLeft", 37);
  assert.match(await live(), /^Mar 9, 2021: /);
});

test("a narrow screen never scrolls the page sideways", { skip }, async () => {
  await browser.size(360, 740);
  await open();
  await browser.evaluate(`document.querySelector("details").open = true`);
  const [content, screen] = await browser.evaluate(`[document.documentElement.scrollWidth, document.documentElement.clientWidth]`);
  assert.ok(content <= screen, `${content} > ${screen}`);
  assert.ok(await browser.evaluate(`[...document.querySelectorAll("canvas")].every((canvas) => canvas.clientWidth > 250 && canvas.clientWidth <= 360)`));
});
