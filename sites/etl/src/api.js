// Asks the API.

const TIMEOUT_MS = 15_000;

async function fetchJson(url) {
  let response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    const message = cause.name === "TimeoutError" ? "The server took too long to answer." : "The server cannot be reached.";
    throw new Error(message, { cause });
  }
  if (!response.ok) {
    throw new Error(`The server answered with status ${response.status}.`);
  }
  try {
    return await response.json();
  } catch (cause) {
    throw new Error("The server's answer cannot be read.", { cause });
  }
}

// Gives a function that asks for a path of the API.
export async function openApi() {
  const { apiUrl } = await fetchJson("/config.json");
  if (typeof apiUrl !== "string") {
    throw new Error("The page does not know where its figures are.");
  }
  return async (path) => {
    const answer = await fetchJson(`${apiUrl}${path}`);
    if (!Array.isArray(answer?.rows)) {
      throw new Error("The server's answer has no figures.");
    }
    return answer;
  };
}
