// The jobs that were submitted from this browser. They are kept in it, not at the service.

import { byId, make } from "/dom.js";
import { count, moment } from "/format.js";

const KEY = "jobs";
const MOST = 20;

// Storage may be switched off, or hold what an older page wrote.
function read() {
  try {
    const jobs = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(jobs) ? jobs.filter((job) => typeof job?.id === "string") : [];
  } catch {
    return [];
  }
}

function write(jobs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(jobs));
  } catch {
    // The list is a comfort; the address of a job works without.
  }
}

export function remember(job) {
  write([job, ...read().filter(({ id }) => id !== job.id)].slice(0, MOST));
}

export function showRecent() {
  const jobs = read();
  const item = ({ id, genome, letters, submitted }) =>
    make(
      "li",
      {},
      make("a", { href: `#job=${encodeURIComponent(id)}` }, `${count(letters)} letters on ${genome}`),
      make("span", { className: "help" }, ` ${moment(submitted)}`),
    );
  byId("recent").replaceChildren(...jobs.map(item));
  byId("recent-none").hidden = jobs.length > 0;
  byId("forget").hidden = jobs.length === 0;
}

export function forget() {
  write([]);
  showRecent();
  byId("results-title").focus();
}
