// A headless Chromium, driven through a pipe, and a server of the built page with an API of the test's own.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };
// What the distribution sends; the API is on the page's own server here.
const POLICY = "default-src 'self'; connect-src 'self'";

// The program of `CHROMIUM`, or the one that the system has.
export function findChromium() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = folders.flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path));
}

// Serves the folder, and lets `answer(path, query)` answer what is no file: an object as JSON, a number as a status.
export async function serve(folder, answer) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const path = join(folder, url.pathname === "/" ? "index.html" : url.pathname);
    if (existsSync(path)) {
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain", "content-security-policy": POLICY });
      response.end(readFileSync(path));
      return;
    }
    const body = await answer(url.pathname, url.searchParams);
    const isStatus = typeof body === "number";
    response.writeHead(isStatus ? body : 200, { "content-type": "application/json" });
    response.end(isStatus ? "{}" : typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

export class Browser {
  #process;
  #profile;
  #calls = new Map();
  #next = 1;
  #session;
  #listeners = new Map();
  // What the page wrote to its console as errors or warnings, and what it threw.
  complaints = [];

  static async open(program) {
    const browser = new Browser();
    browser.#profile = mkdtempSync(join(tmpdir(), "page-"));
    const switches = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"];
    browser.#process = spawn(program, [...switches, `--user-data-dir=${browser.#profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    browser.#listen();
    const { targetInfos } = await browser.#send("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }) => type === "page");
    const { sessionId } = await browser.#send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = sessionId;
    for (const domain of ["Page", "Runtime", "Log"]) {
      await browser.call(`${domain}.enable`);
    }
    return browser;
  }

  call(method, parameters = {}) {
    return this.#send(method, parameters, this.#session);
  }

  // Calls `listener` with the parameters of each event of this name.
  on(method, listener) {
    this.#listeners.set(method, listener);
  }

  async size(width, height) {
    await this.call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 500 });
  }

  async goTo(url) {
    this.complaints = [];
    await this.call("Page.navigate", { url });
  }

  // The value of an expression in the page.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) {
      throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    }
    return result.value;
  }

  async waitFor(expression, seconds = 20) {
    const end = Date.now() + seconds * 1_000;
    while (!(await this.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > end) {
        throw new Error(`${expression} did not come true within ${seconds} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async press(key, code = 0) {
    for (const type of ["keyDown", "keyUp"]) {
      await this.call("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code, text: key === "Enter" && type === "keyDown" ? "\r" : undefined });
    }
  }

  async screenshot() {
    const { data } = await this.call("Page.captureScreenshot", { format: "png", captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    // Asked to, it ends its other processes first; killed, they outlive it, and write to the profile.
    this.#send("Browser.close").catch(() => {});
    await ended;
    // Processes of the browser may outlive it for a moment.
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  #send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject, method }));
  }

  #listen() {
    let rest = "";
    this.#process.stdio[4].setEncoding("utf8").on("data", (text) => {
      const messages = (rest + text).split("\0");
      rest = messages.pop();
      messages.map((message) => JSON.parse(message)).forEach((message) => this.#receive(message));
    });
    this.#process.once("exit", () => {
      this.#calls.forEach(({ reject, method }) => reject(new Error(`the browser ended during ${method}`)));
    });
  }

  #receive({ id, result, error, method, params }) {
    if (id !== undefined) {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) {
        call.reject(new Error(`${call.method}: ${error.message}`));
      } else {
        call.resolve(result);
      }
    } else if (method === "Runtime.exceptionThrown") {
      this.complaints.push(params.exceptionDetails.text);
    } else if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) {
      this.complaints.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    } else {
      this.#listeners.get(method)?.(params);
    }
  }
}
