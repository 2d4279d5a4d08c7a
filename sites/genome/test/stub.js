// The API as the contract has it, with jobs that a test moves on, and a storage that takes uploads and gives files.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

const { rows, lists } = JSON.parse(readFileSync(new URL("fixtures/sample.json", import.meta.url), "utf8"));

// The fields of the CSV that are told before a guide is scored.
const FOUND = ["target_id", "record", "start", "end", "strand", "sequence", "count", "unique"];
export const TOKEN = "let-me-in";
export const sample = rows;

// The files of a job, as their names end.
export const files = {
  csv: `${Object.keys(rows[0]).join(",")}\n`,
  bed: rows.map(({ record, start, end, sequence, cfd_specificity: specificity, strand }) => [record, start, end, sequence, Math.round(10 * specificity), strand].join("\t")).join("\n"),
};

const error = (status, code, message, field = null) => ({ status, body: { error: { code, message, field } } });

export class Stub {
  genomes = ["GCA_000482205.1", "my-yeast"];
  jobs = new Map();
  uploads = [];
  // Answers before all else, when it gives something: `(method, path, request) => answer`.
  override = () => undefined;
  // What was asked: method and path.
  calls = [];
  #keys = new Map();

  // Adds a job, with `change` of what is usual.
  add(change = {}, guides = rows) {
    const now = new Date().toISOString();
    const id = randomUUID();
    const answer = { job_id: id, state: "SUBMITTED", genome_state: null, reason: null, message: null, genome: "GCA_000482205.1", created: now, updated: now };
    this.jobs.set(id, { answer: { ...answer, ...change }, tasks: { NumGuides: null, NumScoredOntarget: 0, NumScoredOfftarget: 0 }, guides });
    return id;
  }

  move(id, change, tasks = {}) {
    const job = this.jobs.get(id);
    Object.assign(job.answer, change, { updated: new Date().toISOString() });
    Object.assign(job.tasks, tasks);
  }

  finish(id) {
    const { length } = this.jobs.get(id).guides;
    this.move(id, { state: "SUCCEEDED", genome_state: "READY" }, { NumGuides: length, NumScoredOntarget: length, NumScoredOfftarget: length });
  }

  // Answers `{ status, body }`, or `{ status, location }`.
  answer(method, path, { headers, query, body, storage }) {
    this.calls.push(`${method} ${path}`);
    const forced = this.override(method, path, { headers, query, body });
    if (forced !== undefined) {
      return forced;
    }
    const [, area, id, part, number, list] = path.split("/").slice(1);
    if (method === "POST" && path === "/api/submit") {
      return this.#submit(headers["idempotency-key"], JSON.parse(body));
    }
    if (method === "POST" && path === "/api/uploads") {
      return this.#upload(headers.authorization, JSON.parse(body), storage);
    }
    if (path === "/api/genomes") {
      return { status: 200, body: { genomes: this.genomes.map((genome) => ({ genome, sites: 5_802, index_bytes: 387_904 })) } };
    }
    const job = this.jobs.get(id);
    if (job === undefined) {
      return error(404, "not_found", "there is no such job");
    }
    if (area === "jobs") {
      return { status: 200, body: part === "tasks" ? job.tasks : job.answer };
    }
    if (list === "offtargets") {
      return number in lists ? { status: 200, body: lists[number] } : error(404, "not_found", "there is no such guide");
    }
    if (part === "targets") {
      return this.#targets(job, query);
    }
    const isDone = job.answer.state === "SUCCEEDED" && /^targets\.(csv|bed)$/.test(part ?? "");
    return isDone ? { status: 303, location: `${storage}/results/${id}/${part}` } : error(404, "not_found", "there is no such file");
  }

  #submit(key, { sequence, genome, options }) {
    if (sequence.startsWith("AAAA")) {
      return error(400, "bad_sequence", "this sequence is not taken today", "other");
    }
    if (options.threshold === 99) {
      return error(400, "bad_option", "`threshold` is 99: give a number from 0 to 90", "options.threshold");
    }
    if (options.max_distance === 0) {
      return error(400, "bad_option", "`max_distance` is 0: give a whole number from 1 to 4", "options.max_distance");
    }
    if (genome === "not-uploaded") {
      return error(400, "unknown_genome", "there is no genome of this name", "genome");
    }
    if (!this.#keys.has(key)) {
      this.#keys.set(key, this.add({ genome, sequence: undefined }));
    }
    this.last = { sequence, genome, options };
    return { status: 202, body: { job_id: this.#keys.get(key), state: "SUBMITTED" } };
  }

  #upload(authorization, { name, file, size }, storage) {
    if (authorization !== `Bearer ${TOKEN}`) {
      return error(401, "bad_token", "the token is wrong");
    }
    if (name === "my-yeast") {
      return error(409, "name_taken", "a genome of this name is in use", "name");
    }
    const key = `custom/${name}/fasta/${file}`;
    return { status: 200, body: { url: `${storage}/${key}?size=${size}`, key, expires: new Date(Date.now() + 3_600_000).toISOString() } };
  }

  #targets({ answer, tasks, guides }, query) {
    const start = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit") ?? 100);
    const isDone = answer.state === "SUCCEEDED";
    const found = isDone ? guides : guides.map((guide) => ({ ...Object.fromEntries(Object.keys(guide).map((key) => [key, FOUND.includes(key) ? guide[key] : null])), passed: false }));
    const page = tasks.NumGuides === null ? [] : found.slice(start, start + limit);
    const isLast = start + limit >= found.length || page.length === 0;
    return { status: 200, body: { recordsTotal: tasks.NumGuides ?? 0, data: page, cursor: isLast ? null : String(start + limit) } };
  }
}

// Many guides, always the same ones, with values as real ones have them.
export function manyGuides(number) {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const guides = Array.from({ length: number }, (_, index) => {
    const bases = Array.from({ length: 21 }, () => "ACGT"[Math.floor(random() * 4)]).join("");
    const [chopchop, mm10db, sgrnascorer2] = [random() < 0.3, random() < 0.4, random() < 0.4];
    const consensus = chopchop + mm10db + sgrnascorer2;
    const specificity = random() < 0.8 ? 100 : 60 + 40 * random();
    const unique = random() < 0.97;
    const isAccepted = specificity >= 65;
    return {
      ...{ target_id: index, record: "NC_045512.2", start: 15 * index, end: 15 * index + 23, strand: random() < 0.5 ? "+" : "-" },
      ...{ sequence: `${bases}GG`, count: unique ? 1 : 2, unique, passed: unique && isAccepted && consensus >= 2, consensus, chopchop, mm10db, sgrnascorer2 },
      ...{ sgrnascorer2_score: random() * 4 - 2, at_percent: 50, mfe: -22.4, structure: null, scaffold_intact: true, mit: specificity + (100 - specificity) / 2 },
      ...{ cfd: 99.009901, cfd_specificity: specificity, perfect_sites: 1, in_genome: true, d0: 1, d1: 0, d2: 0, d3: random() < 0.1 ? 1 : 0, d4: random() < 0.2 ? 3 : 0 },
      off_target_accepted: isAccepted,
    };
  });
  guides.sort((first, second) => second.passed - first.passed || second.consensus - first.consensus || second.cfd_specificity - first.cfd_specificity);
  return guides.map((guide, index) => ({ rank: index + 1, ...guide }));
}
