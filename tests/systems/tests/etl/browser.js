// A headless browser for the tests beside this file: a command a line comes in, an answer a line goes out, both JSON.
//
// The page is opened at the URL of its distribution, and asks the API at the URL that it has on AWS: what the browser would
// send there goes to the local AWS. So the page has its real origin, and the browser holds it to the headers of the
// distribution and of the API.

import { writeFileSync } from "node:fs";
import { request as send } from "node:http";
import { createInterface } from "node:readline";

import { Browser, findChromium } from "../../../../sites/etl/test/browser.js";

const { endpoint, authorization, siteHost, apiHost, apiId } = JSON.parse(process.argv[2]);
// Hosts that the page asked, other than its own and that of the API.
const strangers = [];
// How long answers of the API are held back, in milliseconds.
let delay = 0;

// Sends a request to the local AWS: status, headers, body.
function forward(method, path, headers) {
  return new Promise((resolve, reject) => {
    const request = send(`${endpoint}${path}`, { method, headers: { ...headers, authorization } }, async (response) => {
      const parts = await response.toArray();
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    });
    request.on("error", reject).end();
  });
}

async function answer({ method, url }) {
  const { host, pathname, search } = new URL(url);
  if (host === apiHost) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    return forward(method, `/_aws/execute-api/${apiId}/$default${pathname}${search}`, { origin: `https://${siteHost}` });
  }
  const found = await forward(method, `${pathname}${search}`, { host: siteHost, "x-forwarded-proto": "https" });
  if (pathname === "/config.json") {
    // The one thing that the local AWS says otherwise: its APIs are on loopback.
    found.body = Buffer.from(JSON.stringify({ ...JSON.parse(found.body), apiUrl: `https://${apiHost}` }));
    delete found.headers["content-length"];
  }
  return found;
}

async function intercept(browser, { requestId, request }) {
  const { host } = new URL(request.url);
  if (host !== apiHost && host !== siteHost) {
    strangers.push(host);
    return browser.call("Fetch.failRequest", { requestId, errorReason: "AddressUnreachable" });
  }
  try {
    const { status, headers, body } = await answer(request);
    const responseHeaders = Object.entries(headers).map(([name, value]) => ({ name, value: String(value) }));
    return await browser.call("Fetch.fulfillRequest", { requestId, responseCode: status, responseHeaders, body: body.toString("base64") });
  } catch {
    // The page has gone on, or the local AWS has not answered.
    return browser.call("Fetch.failRequest", { requestId, errorReason: "Failed" }).catch(() => {});
  }
}

const browser = await Browser.open(findChromium());
browser.on("Fetch.requestPaused", (parameters) => intercept(browser, parameters));
await browser.call("Fetch.enable", { patterns: [{ urlPattern: "*" }] });

const commands = {
  goTo: (path) => browser.goTo(`https://${siteHost}${path}`),
  evaluate: (expression) => browser.evaluate(expression),
  waitFor: (expression) => browser.waitFor(expression),
  press: ([key, code]) => browser.press(key, code),
  size: ([width, height]) => browser.size(width, height),
  screenshot: async (path) => writeFileSync(path, await browser.screenshot()),
  delay: (milliseconds) => void (delay = milliseconds),
  complaints: () => browser.complaints,
  strangers: () => strangers,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  let result;
  try {
    result = { value: (await commands[name](argument)) ?? null };
  } catch (error) {
    result = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
await browser.close();
