// Follows a job until it is finished.

import * as api from "/api.js";
import { byId, make, setText, showText } from "/dom.js";
import { count, duration, moment, percent } from "/format.js";
import { describe, failure, isFinal, stages } from "/states.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
const SIGNS = { done: "✓", now: "●", failed: "✕", open: "○" };
const MEANINGS = { done: "done", now: "now", failed: "failed", open: "to come" };

let wake = () => {};

// Waits, until `wake` is called at the latest. Nothing is asked for a page that nobody sees.
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      if (!document.hidden || signal.aborted) {
        clearTimeout(timer);
        document.removeEventListener("visibilitychange", end);
        resolve();
      }
    };
    const timer = setTimeout(end, milliseconds);
    document.addEventListener("visibilitychange", end);
    signal.addEventListener("abort", end, { once: true });
    wake = end;
  });
}

function showProgress(counts) {
  const all = counts?.NumGuides ?? null;
  byId("progress").hidden = all === null || all === 0;
  for (const [name, done] of [["on", counts?.NumScoredOntarget ?? 0], ["off", counts?.NumScoredOfftarget ?? 0]]) {
    const bar = byId(`progress-${name}`);
    bar.max = all || 1;
    bar.value = done;
    setText(`progress-${name}-text`, `${count(done)} of ${count(all)} (${percent(done, all)} %)`);
  }
}

function showFailure({ state, reason, message }) {
  byId("failure").hidden = state !== "FAILED";
  if (state === "FAILED") {
    const { title, advice } = failure(reason);
    setText("failure-title", title);
    setText("failure-advice", advice);
    showText("failure-detail", [reason, message].filter(Boolean).join(": "));
  }
}

function show(job, counts) {
  setText("job-facts", `On ${job.genome}, submitted ${moment(job.created)}.`);
  setText("job-state", job.state === "SUCCEEDED" ? `Done in ${duration(job.created, job.updated)}.` : describe(job));
  byId("job-panel").dataset.state = job.state;
  const step = ({ name, is }) =>
    make("li", { className: is, ...(is === "now" ? { "aria-current": "step" } : {}) },
      make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[is]), ` ${name}`, make("span", { className: "hidden-text" }, `: ${MEANINGS[is]}`));
  byId("steps").replaceChildren(...stages(job, counts).map(step));
  byId("steps").hidden = job.state === "SUCCEEDED";
  showProgress(job.state === "SCORING" || job.state === "FAILED" ? counts : null);
  showFailure(job);
}

function showTrouble(text, isWaiting) {
  showText("trouble-text", text);
  byId("trouble").hidden = text === "";
  byId("trouble-actions").hidden = !isWaiting;
}

// Clears what an earlier job left.
export function clear() {
  setText("job-facts", "");
  setText("job-state", "Loading…");
  byId("job-panel").dataset.state = "";
  byId("job-panel").hidden = false;
  byId("steps").hidden = true;
  byId("peek").hidden = true;
  showProgress(null);
  showFailure({});
  showTrouble("", false);
}

// Shows the job and what becomes of it, and tells `changed` of each answer. Ends when the job is finished, or cannot be known.
export async function follow(id, changed, signal) {
  let wait = FIRST_WAIT_MS;
  let failures = 0;
  let last = "";
  while (!signal.aborted) {
    try {
      const [job, counts] = await Promise.all([api.job(id, signal), api.tasks(id, signal)]);
      failures = 0;
      showTrouble("", false);
      show(job, counts);
      changed(job, counts);
      if (isFinal(job.state)) {
        return;
      }
      wait = last === job.state ? Math.min(wait * 1.5, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
      last = job.state;
      await pause(wait, signal);
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!error.isPassing) {
        byId("job-panel").hidden = true;
        showTrouble(error.status === 404 ? "There is no such job. Jobs are deleted after 30 days." : `The job cannot be shown: ${error.message}`, false);
        return;
      }
      failures += 1;
      const seconds = Math.min(2 ** failures, LONGEST_PAUSE_MS / 1_000);
      showTrouble(`${error.message} The job goes on without this page, which asks again in ${seconds} seconds.`, true);
      await pause(seconds * 1_000, signal);
    }
  }
}

byId("trouble-retry").addEventListener("click", () => wake());
