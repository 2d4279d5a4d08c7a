import * as api from "/api.js";
import { genomeFault, optionsFault, sequenceFault, uploadFault } from "/check.js";
import { showGuides, showMoreGuides, hideGuides } from "/guides.js";

const POLL_MS = 5_000;
const EXAMPLE = {
  sequence: "ATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG",
  genome: "GCA_000482205.1",
};
const STATES = {
  SUBMITTED: "Taken; it begins in a moment.",
  PREPARING: "The genome is prepared. The first job on a genome waits for its download and index.",
  SCANNING: "Guides are searched.",
  SCORING: "Guides are scored.",
  SUCCEEDED: "Done.",
  FAILED: "Failed.",
};
const GENOME_STATES = { DOWNLOADING: "It is downloaded.", INDEXING: "It is indexed." };

const element = (id) => document.getElementById(id);
const form = element("submit");
let limit = 20_000;
// One key a submission: when an answer is lost, the same job is found again.
let pending = { body: "", key: "" };
let watched = { id: null, timer: 0 };

function showFault(field, message) {
  const shown = field === "options" ? "options-error" : `${field}-error`;
  element(shown).textContent = message;
  form.elements[field]?.setAttribute("aria-invalid", String(message !== ""));
}

function readJob() {
  const { sequence, genome, method, threshold, max_distance: distance } = form.elements;
  return {
    sequence: sequence.value,
    genome: genome.value.trim(),
    options: {
      method: method.value,
      threshold: threshold.value === "" ? NaN : Number(threshold.value),
      max_distance: distance.value === "" ? NaN : Number(distance.value),
    },
  };
}

// Shows what is wrong with a job, goes to the first such field, and says whether nothing is.
function isGood(job) {
  const faults = {
    sequence: sequenceFault(job.sequence, limit),
    genome: genomeFault(job.genome),
    options: optionsFault(job.options),
  };
  for (const [field, fault] of Object.entries(faults)) {
    showFault(field, fault);
  }
  const first = Object.keys(faults).find((field) => faults[field] !== "");
  (first === "options" ? form.elements.threshold : form.elements[first])?.focus();
  return first === undefined;
}

async function submitJob(event) {
  event.preventDefault();
  element("submit-error").textContent = "";
  const job = readJob();
  if (!isGood(job)) {
    return;
  }
  const body = JSON.stringify(job);
  if (pending.body !== body) {
    pending = { body, key: crypto.randomUUID() };
  }
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  element("submit-status").textContent = "Submitting…";
  try {
    const { job_id: id } = await api.submit(job, pending.key);
    pending = { body: "", key: "" };
    location.hash = `job=${id}`;
  } catch (error) {
    showSubmitError(error);
  } finally {
    button.disabled = false;
    element("submit-status").textContent = "";
  }
}

function showSubmitError({ field, message }) {
  const known = ["sequence", "genome"].includes(field) ? field : field?.startsWith("options") ? "options" : null;
  if (known) {
    showFault(known, message);
    form.elements[known]?.focus();
  } else {
    element("submit-error").textContent = `The job was not taken: ${message}`;
  }
}

async function uploadGenome(event) {
  event.preventDefault();
  const upload = event.currentTarget;
  const { name, file, token } = upload.elements;
  const chosen = file.files[0];
  const fault = uploadFault({ name: name.value, file: chosen?.name ?? "", size: chosen?.size ?? 0 });
  element("upload-error").textContent = fault;
  if (fault !== "") {
    return;
  }
  const button = upload.querySelector("[type=submit]");
  button.disabled = true;
  element("upload-status").textContent = "Uploading…";
  try {
    await api.upload({ name: name.value, file: chosen, token: token.value });
    element("upload-status").textContent = `The genome can be used as ${name.value}.`;
  } catch (error) {
    element("upload-status").textContent = "";
    element("upload-error").textContent = `The genome was not uploaded: ${error.message}`;
  } finally {
    button.disabled = false;
  }
}

function describe(job, counts) {
  const state = [STATES[job.state] ?? job.state];
  if (job.state === "PREPARING") {
    state.push(GENOME_STATES[job.genome_state] ?? "");
  }
  if (job.state === "SCORING" && counts.NumGuides !== null) {
    const { NumGuides: all, NumScoredOntarget: on, NumScoredOfftarget: off } = counts;
    state.push(`Efficiency of ${on} of ${all} guides, off-target risk of ${off} of ${all}.`);
  }
  return state.filter(Boolean).join(" ");
}

// Sets a text only when it changes, so that readers of the screen do not hear it every few seconds.
function setText(id, text) {
  if (element(id).textContent !== text) {
    element(id).textContent = text;
  }
}

async function poll(id) {
  try {
    const [job, counts] = await Promise.all([api.job(id), api.tasks(id)]);
    if (watched.id !== id) {
      return;
    }
    setText("job-genome", `on ${job.genome}`);
    setText("job-state", describe(job, counts));
    setText("job-error", job.state === "FAILED" ? [job.reason, job.message].filter(Boolean).join(": ") : "");
    element("job-retry").hidden = true;
    if (job.state === "SUCCEEDED") {
      await showGuides(id);
    } else if (job.state !== "FAILED") {
      watched.timer = setTimeout(poll, POLL_MS, id);
    }
  } catch (error) {
    if (watched.id === id) {
      setText("job-error", `The state of the job is not known: ${error.message}`);
      element("job-retry").hidden = false;
    }
  }
}

// Watches the job that the address of the page names.
function watch() {
  const id = new URLSearchParams(location.hash.slice(1)).get("job");
  clearTimeout(watched.timer);
  watched = { id, timer: 0 };
  element("job").hidden = id === null;
  hideGuides();
  if (id !== null) {
    element("job-id").textContent = id;
    element("job-genome").textContent = "";
    setText("job-error", "");
    setText("job-state", "Loading…");
    element("job-title").focus();
    poll(id);
  }
}

async function configure() {
  try {
    const { maxSequence, uploads } = await api.request("/config.json");
    limit = maxSequence;
    element("limit").textContent = limit.toLocaleString("en-US");
    element("upload-section").hidden = !uploads;
  } catch (error) {
    // The page works without: the server has the last word on the limit.
    console.error(error);
  }
}

form.addEventListener("submit", submitJob);
element("example").addEventListener("click", () => {
  form.elements.sequence.value = EXAMPLE.sequence;
  form.elements.genome.value = EXAMPLE.genome;
});
element("upload").addEventListener("submit", uploadGenome);
element("job-retry").addEventListener("click", () => poll(watched.id));
element("more").addEventListener("click", showMoreGuides);
window.addEventListener("hashchange", watch);
configure();
watch();
