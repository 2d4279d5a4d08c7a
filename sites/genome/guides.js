// The table of guides of a finished job.

import * as api from "/api.js";

const PAGE = 100;
const METHODS = { chopchop: "CHOPCHOP", mm10db: "mm10db", sgrnascorer2: "sgRNAScorer2" };
// A guide is efficient when so many methods say so.
const EFFICIENT = 2;

const element = (id) => document.getElementById(id);
let shown = { id: null, cursor: null };

// Fields of the CSV come as texts or as numbers; what was not tested is empty, which is neither yes nor no.
const isUntested = (value) => value === null || value === undefined || value === "";
const isYes = (value) => String(value) === "1" || value === true;

function cell(name, text, className = "") {
  const cell = document.createElement(name);
  cell.textContent = text;
  cell.className = className;
  return cell;
}

function score(value, digits) {
  return isUntested(value) ? "not tested" : Number(value).toFixed(digits);
}

function efficiency(guide) {
  const accepting = Object.keys(METHODS).filter((method) => isYes(guide[method]));
  const names = accepting.map((method) => METHODS[method]).join(", ");
  const text = `${isUntested(guide.consensus) ? accepting.length : guide.consensus} / 3${names ? ` (${names})` : ""}`;
  return cell("td", text, accepting.length >= EFFICIENT ? "efficient" : "");
}

function row(guide) {
  const row = document.createElement("tr");
  const header = cell("th", guide.sequence);
  header.scope = "row";
  row.append(
    header,
    cell("td", guide.start),
    cell("td", guide.strand === "-" ? "−" : guide.strand),
    efficiency(guide),
    cell("td", score(guide.mit, 2)),
    cell("td", score(guide.cfd_specificity, 2)),
    cell("td", isUntested(guide.passed) ? "not tested" : isYes(guide.passed) ? "yes" : "no"),
  );
  return row;
}

export function hideGuides() {
  shown = { id: null, cursor: null };
  element("results").hidden = true;
  element("guides").hidden = true;
  element("guides").tBodies[0].replaceChildren();
  element("downloads").hidden = true;
  element("more").hidden = true;
  element("results-status").textContent = "";
}

export async function showGuides(id) {
  hideGuides();
  shown = { id, cursor: null };
  element("results").hidden = false;
  element("csv").href = `${api.results(id)}/targets.csv`;
  element("bed").href = `${api.results(id)}/targets.bed`;
  await showMoreGuides();
}

export async function showMoreGuides() {
  const { id, cursor } = shown;
  const more = element("more");
  more.disabled = true;
  element("results-status").textContent = "Loading the guides…";
  try {
    const page = await api.targets(id, cursor, PAGE);
    if (shown.id !== id) {
      return;
    }
    const rows = element("guides").tBodies[0];
    rows.append(...page.data.map(row));
    shown.cursor = page.cursor;
    element("guides").hidden = rows.rows.length === 0;
    element("downloads").hidden = rows.rows.length === 0;
    more.hidden = page.cursor === null;
    more.textContent = "Show more";
    element("results-status").textContent =
      rows.rows.length === 0 ? "The sequence has no guides." : `${rows.rows.length} of ${page.recordsTotal} guides.`;
  } catch (error) {
    if (shown.id === id) {
      element("results-status").textContent = `The guides could not be loaded: ${error.message}`;
      more.textContent = "Try again";
      more.hidden = false;
    }
  } finally {
    more.disabled = false;
  }
}
