// Requests to the API, which answers below the address of the page itself.

const TIMEOUT_MS = 30_000;

// A request that the API did not meet, with the field that it is about.
export class ApiError extends Error {
  constructor(message, field) {
    super(message);
    this.field = field;
  }
}

export async function request(path, { method = "GET", headers = {}, body } = {}) {
  const options = { method, headers: { ...headers }, signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  if (!response.ok) {
    const { error } = await response.json().catch(() => ({}));
    throw new ApiError(error?.message ?? `The service answered ${response.status}.`, error?.field);
  }
  return response.json();
}

export const submit = (job, key) =>
  request("/api/submit", { method: "POST", headers: { "Idempotency-Key": key }, body: job });

const path = (start, id) => `${start}/${encodeURIComponent(id)}`;

export const job = (id) => request(path("/api/jobs", id));
export const tasks = (id) => request(`${path("/api/jobs", id)}/tasks`);
export const results = (id) => path("/api/results", id);

export function targets(id, cursor, limit) {
  const query = new URLSearchParams({ limit });
  if (cursor !== null) {
    query.set("cursor", cursor);
  }
  return request(`${results(id)}/targets?${query}`);
}

export async function upload({ name, file, token }) {
  const { url } = await request("/api/uploads", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: { name, file: file.name, size: file.size },
  });
  const response = await fetch(url, { method: "PUT", body: file });
  if (!response.ok) {
    throw new ApiError(`The file was not taken: ${response.status}.`);
  }
}
