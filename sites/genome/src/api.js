// Requests to the API, which answers below the address of the page itself.

const TIMEOUT_MS = 30_000;
// Guides of one answer, which stays far below what a function may answer.
const PAGE = 500;

// A request that was not met: with the status (0 when there was no answer), and the field that it is about.
export class ApiError extends Error {
  constructor(message, { status = 0, field = null } = {}) {
    super(message);
    this.status = status;
    this.field = field;
  }

  // Whether the same request may be met later.
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

// A message of the service, which stands alone here.
const sentence = (message) => `${message[0].toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;

async function answerTo(path, options) {
  const { signal, ...rest } = options;
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(path, { ...rest, signal: signal ? AbortSignal.any([signal, limit]) : limit });
    return [response, await response.text()];
  } catch (error) {
    if (signal?.aborted) {
      throw error;
    }
    throw new ApiError(limit.aborted ? "The service did not answer in time." : "The service cannot be reached.");
  }
}

export async function request(path, { method = "GET", headers = {}, body, signal } = {}) {
  const options = { method, headers: { ...headers }, signal };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const [response, text] = await answerTo(path, options);
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (!response.ok) {
    const { message, field } = answer?.error ?? {};
    const told = message ? sentence(message) : `The service answered with status ${response.status}.`;
    throw new ApiError(told, { status: response.status, field });
  }
  if (answer === undefined) {
    throw new ApiError("The answer of the service cannot be read.");
  }
  return answer;
}

const path = (start, id) => `${start}/${encodeURIComponent(id)}`;

export const submit = (job, key) =>
  request("/api/submit", { method: "POST", headers: { "Idempotency-Key": key }, body: job });

export const job = (id, signal) => request(path("/api/jobs", id), { signal });
export const tasks = (id, signal) => request(`${path("/api/jobs", id)}/tasks`, { signal });
export const results = (id) => path("/api/results", id);
export const offTargets = (id, target, signal) => request(`${results(id)}/targets/${target}/offtargets`, { signal });

// The names of the genomes that are ready.
export async function genomes() {
  const { genomes: ready } = await request("/api/genomes");
  return ready.map(({ genome }) => genome);
}

// All guides of a job, page by page; `tell` hears how many there are so far, and of how many.
export async function guides(id, tell, signal) {
  const rows = [];
  let cursor = null;
  do {
    const query = new URLSearchParams({ limit: PAGE });
    if (cursor !== null) {
      query.set("cursor", cursor);
    }
    const page = await request(`${results(id)}/targets?${query}`, { signal });
    if (page.cursor !== null && page.cursor === cursor) {
      throw new ApiError("The answer of the service cannot be read.");
    }
    rows.push(...page.data);
    tell(rows.length, page.recordsTotal);
    cursor = page.cursor ?? null;
  } while (cursor !== null);
  return rows;
}

export const uploadAddress = ({ name, file, size }, token, signal) =>
  request("/api/uploads", { method: "POST", headers: { Authorization: `Bearer ${token}` }, body: { name, file, size }, signal });

// Sends a file to a signed address; `tell` hears how many bytes are there. Requests of `fetch` cannot say so.
export function send(url, file, tell, signal) {
  return new Promise((resolve, reject) => {
    const transfer = new XMLHttpRequest();
    transfer.open("PUT", url);
    transfer.upload.addEventListener("progress", ({ loaded }) => tell(loaded));
    transfer.addEventListener("load", () =>
      transfer.status >= 200 && transfer.status < 300
        ? resolve()
        : reject(new ApiError(`The storage refused the file with status ${transfer.status}.`, { status: transfer.status })),
    );
    transfer.addEventListener("error", () => reject(new ApiError("The connection broke.")));
    transfer.addEventListener("abort", () => reject(signal.reason));
    signal.addEventListener("abort", () => transfer.abort(), { once: true });
    transfer.send(file);
  });
}
