// Which page is shown, and the page of a job. The address says so: `#submit`, `#results`, `#upload`, `#about`, `#job=ID`,
// `#job=ID&guide=NUMBER`.

import * as api from "/api.js";
import { jobFault } from "/check.js";
import { byId, setText, showFaults } from "/dom.js";
import { clear, follow } from "/follow.js";
import { count } from "/format.js";
import { showGuide, showOffTargets } from "/guide.js";
import { showGuides } from "/guides.js";
import { forget, showRecent } from "/recent.js";
import { guideOf } from "/selection.js";
import { offerGenomes, setLimit } from "/submit.js";
import { setUploads } from "/upload.js";

const PAGES = ["submit", "results", "job", "upload", "about"];
const TITLES = { submit: "Cas9 guides", results: "Results", job: "Job", upload: "Upload a genome", about: "About" };

// The job that is followed; `ended` stops what is done for it.
let current = { id: null, ended: new AbortController(), guides: null, isFinal: false };
let detail = new AbortController();
let isFirst = true;

function showPage(name, title = TITLES[name]) {
  for (const page of PAGES) {
    byId(`${page}-page`).hidden = page !== name;
  }
  for (const link of document.querySelectorAll("[data-page]")) {
    const isHere = link.dataset.page === name || (name === "job" && link.dataset.page === "results");
    link.toggleAttribute("aria-current", isHere);
    if (isHere) {
      link.setAttribute("aria-current", "page");
    }
  }
  document.title = name === "submit" ? title : `${title} – Cas9 guides`;
}

// A change of page is told to those who listen; the first page is told by the browser.
function goTo(id) {
  if (!isFirst) {
    window.scrollTo(0, 0);
    byId(id).focus({ preventScroll: true });
  }
}

// Loads the guides of the job and shows what the address asks for.
async function loadGuides() {
  const { id, ended: { signal } } = current;
  byId("guides-view").hidden = wantedGuide() !== null;
  byId("guides-retry").hidden = true;
  setText("guides-state", "Loading the guides…");
  try {
    const rows = await api.guides(id, (loaded, total) => setText("guides-state", `Loading the guides: ${count(loaded)} of ${count(total)}.`), signal);
    if (signal.aborted) {
      return;
    }
    current.guides = rows.map(guideOf);
    setText("guides-state", "");
    byId("downloads").hidden = !current.isFinal || rows.length === 0;
    showGuides(id, current.guides);
    showDetail();
  } catch (error) {
    if (!signal.aborted) {
      setText("guides-state", `The guides could not be loaded: ${error.message}`);
      byId("guides-retry").hidden = false;
      byId("guides-view").hidden = false;
    }
  }
}

const wanted = () => new URLSearchParams(location.hash.slice(1));

function wantedGuide() {
  const number = wanted().get("guide");
  return number === null ? null : Number(number);
}

// Shows the list of guides or one guide, as the address asks for.
function showDetail() {
  detail.abort();
  detail = new AbortController();
  const number = wantedGuide();
  byId("guide-view").hidden = number === null;
  byId("guides-view").hidden = number !== null || current.guides === null;
  if (number === null || current.guides === null) {
    return;
  }
  const guide = current.guides.find(({ target_id: id }) => id === number);
  byId("back").href = `#job=${encodeURIComponent(current.id)}`;
  byId("sites-view").hidden = true;
  if (guide === undefined) {
    setText("guide-title", "Guide");
    byId("guide-body").replaceChildren();
    setText("guide-state", "The job has no such guide.");
    return;
  }
  setText("guide-state", "");
  showGuide(guide);
  showOffTargets(current.id, number, detail.signal);
}

function changed(job, counts) {
  const isFound = typeof counts.NumGuides === "number" && counts.NumGuides > 0;
  byId("peek").hidden = !isFound || job.state === "SUCCEEDED" || current.guides !== null;
  if (job.state === "SUCCEEDED") {
    current.isFinal = true;
    loadGuides();
  }
}

// Follows a job, unless it is followed already.
function openJob(id) {
  if (current.id === id) {
    return;
  }
  current.ended.abort();
  current = { id, ended: new AbortController(), guides: null, isFinal: false };
  clear();
  for (const part of ["guides-view", "guide-view", "downloads", "guides-found", "guides-retry"]) {
    byId(part).hidden = true;
  }
  setText("guides-summary", "");
  setText("guides-state", "");
  setText("job-id", id);
  setText("copied", "");
  byId("csv").href = `${api.results(id)}/targets.csv`;
  byId("bed").href = `${api.results(id)}/targets.bed`;
  follow(id, changed, current.ended.signal);
}

function route() {
  const id = wanted().get("job");
  if (id !== null) {
    const wasHere = current.id === id && !byId("job-page").hidden;
    const left = wasHere && wantedGuide() === null ? byId("guide-view").dataset.number : undefined;
    showPage("job");
    openJob(id);
    showDetail();
    byId("guide-view").dataset.number = wantedGuide() ?? "";
    const link = left ? byId(`guide-${left}`) : null;
    if (link) {
      link.focus();
    } else {
      goTo(wantedGuide() === null || current.guides === null ? "job-title" : "guide-title");
    }
  } else {
    const hash = location.hash.slice(1);
    const name = TITLES[hash] && hash !== "job" ? hash : "submit";
    current.ended.abort();
    current.id = null;
    showPage(name);
    if (name === "results") {
      showRecent();
    } else if (name === "submit") {
      offerGenomes();
    }
    goTo(`${name}-title`);
  }
  isFirst = false;
}

function openById(event) {
  event.preventDefault();
  const field = byId("open-id");
  const id = field.value.trim().toLowerCase();
  if (showFaults([[field, jobFault(id)]])) {
    location.hash = `job=${id}`;
  }
}

async function copyId() {
  try {
    await navigator.clipboard.writeText(current.id);
    setText("copied", " Copied.");
  } catch {
    getSelection().selectAllChildren(byId("job-id"));
    setText("copied", " Selected: copy it with the keyboard.");
  }
}

// What this deployment takes. The page works without: the server has the last word.
async function configure() {
  try {
    const { maxSequence, uploads } = await api.request("/config.json");
    setLimit(maxSequence);
    setUploads(uploads);
  } catch (error) {
    console.error(error);
    setUploads(false);
  }
}

byId("open").addEventListener("submit", openById);
byId("forget").addEventListener("click", forget);
byId("copy").addEventListener("click", copyId);
byId("guides-retry").addEventListener("click", loadGuides);
byId("peek").addEventListener("click", () => {
  byId("peek").hidden = true;
  loadGuides();
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("main").focus();
});
window.addEventListener("hashchange", route);
await configure();
route();
