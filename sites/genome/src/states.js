// What states and reasons mean, in words.

const FINAL = ["SUCCEEDED", "FAILED"];

const STATES = {
  SUBMITTED: "Taken; it begins in a moment.",
  PREPARING: "The genome is being prepared.",
  SCANNING: "Looking for guides.",
  SCORING: "Scoring the guides.",
  SUCCEEDED: "Done.",
  FAILED: "Failed.",
};
const GENOME_STATES = {
  DOWNLOADING: "The genome is being downloaded. This happens once; the next job on it begins at once.",
  INDEXING: "The genome is being indexed. This happens once; the next job on it begins at once.",
};
const STAGES = [
  ["SUBMITTED", "Job taken"],
  ["PREPARING", "Genome ready"],
  ["SCANNING", "Guides found"],
  ["SCORING", "Guides scored"],
];
const REASONS = {
  genome_not_found: ["There is no such genome", "Check the accession and its version; NCBI may have replaced it by a newer one."],
  download_failed: ["The genome could not be downloaded", "NCBI may be busy. Submit the job again in a while."],
  checksum_mismatch: ["The genome's files were damaged on their way", "Submit the job again; the files are then downloaded anew."],
  bad_fasta: ["The genome's file is no FASTA", "When you uploaded it: look at the line that is named here, and upload a corrected file under a new name."],
  index_failed: ["The genome could not be indexed", "Submit the job again. When it fails again, tell whoever runs this service."],
  no_worker_image: ["This service cannot work on so large a genome yet", "The image of its large machines is missing: tell whoever runs this service."],
  timeout: ["It took too long", "Submit the job again: work on the genome that was done is kept."],
  internal: ["Something went wrong in the service", "Submit the job again. When it fails again, tell whoever runs this service, with the id of the job."],
};

export const isFinal = (state) => FINAL.includes(state);

// What a job does now.
export function describe(job) {
  return (job.state === "PREPARING" && GENOME_STATES[job.genome_state]) || STATES[job.state] || job.state;
}

// Why a job failed, and what helps.
export function failure(reason) {
  const [title, advice] = REASONS[reason] ?? REASONS.internal;
  return { title, advice };
}

// The stages of a job, each `done`, `now`, `failed` or `open`. A failed job does not say where it failed; its genome and its
// guides tell.
export function stages(job, counts) {
  let reached = STAGES.findIndex(([state]) => state === job.state);
  if (job.state === "SUCCEEDED") {
    reached = STAGES.length;
  } else if (job.state === "FAILED") {
    reached = job.genome_state !== "READY" ? 1 : typeof counts?.NumGuides === "number" ? 3 : 2;
  }
  const at = job.state === "FAILED" ? "failed" : "now";
  return STAGES.map(([, name], index) => ({ name, is: index < reached ? "done" : index === reached ? at : "open" }));
}
