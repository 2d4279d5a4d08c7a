// The form that takes jobs.

import * as api from "/api.js";
import { countGuides, DEFAULT_MAX_SEQUENCE, genomeFault, lettersOf, sequenceFault, thresholdFault } from "/check.js";
import { byId, make, setText, showFault, showFaults, showText } from "/dom.js";
import { count, things } from "/format.js";
import { remember } from "/recent.js";

const EXAMPLE = {
  sequence: ">example\nATCGATCGATCGATCGATCGAGGATCGATCGATCGATCGATCGTGGCCAATCGATCGATCGATCGATCG",
  genome: "GCA_000482205.1",
};
// Genomes that are offered as buttons; all are offered while typing.
const OFFERED = 12;
// A file with more bytes than this has more letters than any job takes, even with line ends.
const MAX_FILE_BYTES = 1_000_000;

const form = byId("submit");
const fields = form.elements;
let limit = DEFAULT_MAX_SEQUENCE;
// One key a submission: when an answer is lost, the same job is found again.
let pending = { body: "", key: "" };

export function setLimit(letters) {
  limit = letters;
  setText("limit", count(limit));
}

export function useGenome(name) {
  fields.genome.value = name;
  showFault(fields.genome, "");
}

function readJob() {
  const { sequence, genome, method, threshold, max_distance: distance } = fields;
  const low = threshold.value.trim() === "" ? NaN : Number(threshold.value);
  return {
    sequence: sequence.value,
    genome: genome.value.trim(),
    options: { method: method.value, threshold: low, max_distance: Number(distance.value) },
  };
}

function faultsOf({ sequence, genome, options }) {
  return [
    [fields.sequence, sequenceFault(sequence, limit)],
    [fields.genome, genomeFault(genome)],
    [fields.threshold, thresholdFault(options.threshold)],
  ];
}

function showCount() {
  const letters = lettersOf(fields.sequence.value);
  byId("sequence-count").classList.toggle("fault", letters.length > limit);
  if (letters === "") {
    setText("sequence-count", "No letters yet.");
    return;
  }
  // Counting in what is far too long would hold up typing.
  const guides = letters.length > 10 * limit ? "" : `, ${things(countGuides(letters), "guide")}`;
  setText("sequence-count", `${count(letters.length)} of ${count(limit)} letters${guides}.`);
}

async function takeFile({ target }) {
  const [file] = target.files;
  if (file === undefined) {
    return;
  }
  if (file.size > MAX_FILE_BYTES) {
    showFault(fields.sequence, `${file.name} is too large: ${count(limit)} letters are the most.`);
  } else {
    fields.sequence.value = await file.text();
    showFault(fields.sequence, sequenceFault(fields.sequence.value, limit));
    showCount();
  }
  // The same file can be taken again, when it was changed.
  target.value = "";
}

// A fault is told when a field is left, and taken back as soon as it is mended.
function check(field, isLeft) {
  const [, message] = faultsOf(readJob()).find(([faulty]) => faulty === field) ?? [field, ""];
  const isTold = field.hasAttribute("aria-invalid");
  const isTooEarly = isLeft && field.value.trim() === "";
  if (isTold || (isLeft && !isTooEarly)) {
    showFault(field, message);
  }
}

async function submit(event) {
  event.preventDefault();
  showText("submit-error", "");
  const job = readJob();
  if (!showFaults(faultsOf(job))) {
    return;
  }
  const body = JSON.stringify(job);
  if (pending.body !== body) {
    pending = { body, key: crypto.randomUUID() };
  }
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  setText("submit-status", "Submitting…");
  try {
    const { job_id: id } = await api.submit(job, pending.key);
    pending = { body: "", key: "" };
    remember({ id, genome: job.genome, letters: lettersOf(job.sequence).length, submitted: new Date().toISOString() });
    location.hash = `job=${id}`;
  } catch (error) {
    showRefusal(error);
  } finally {
    button.disabled = false;
    setText("submit-status", "");
  }
}

function showRefusal({ field, message }) {
  // Options have their names below `options`.
  const known = field ? fields.namedItem(field.replace(/^options\./, "")) : null;
  if (known) {
    showFaults([[known, message]]);
  } else {
    showText("submit-error", `The job was not taken. ${message}`);
  }
}

// Offers the genomes that are ready. The form works without them.
export async function offerGenomes() {
  try {
    const names = (await api.genomes()).sort();
    byId("genomes").replaceChildren(...names.map((value) => make("option", { value })));
    const offer = (name) =>
      make("li", {}, make("button", { type: "button", className: "chip", onclick: () => useGenome(name) }, name));
    byId("ready-list").replaceChildren(...names.slice(0, OFFERED).map(offer));
    byId("ready-list").hidden = names.length === 0;
    const more = names.length > OFFERED ? ` (${names.length} in all; type to find the others)` : "";
    setText("ready-title", names.length === 0 ? "No genome is ready yet: the first job waits for its genome." : `Ready, without waiting${more}:`);
  } catch (error) {
    byId("ready-list").hidden = true;
    setText("ready-title", `Which genomes are ready is not known: ${error.message}`);
  }
}

form.addEventListener("submit", submit);
fields.sequence.addEventListener("input", showCount);
for (const field of [fields.sequence, fields.genome, fields.method, fields.threshold, fields.max_distance]) {
  field.addEventListener("input", () => check(field, false));
  field.addEventListener("blur", () => check(field, true));
}
byId("sequence-file").addEventListener("change", takeFile);
byId("example").addEventListener("click", () => {
  fields.sequence.value = EXAMPLE.sequence;
  showFault(fields.sequence, "");
  useGenome(EXAMPLE.genome);
  showCount();
});
