// A headless browser for tests of deployed pages: a command a line comes in, an answer a line goes out, both JSON.
//
// The page is opened at the URL of its distribution, and asks APIs and buckets at the URLs that they have on AWS: what the
// browser would send there goes to the local AWS. So the page has its real origin, and the browser holds it to the headers of
// the distribution, of the APIs and of the buckets.

import { writeFileSync } from "node:fs";
import { request as send } from "node:http";
import { createInterface } from "node:readline";

import { Page } from "../../../sites/genome/test/page.js";

const { endpoint, account, authorization, siteHost, routes } = JSON.parse(process.argv[2]);
const origin = `https://${siteHost}`;
const REGION = "us-east-1.amazonaws.com";
const AWS_HOST = new RegExp(`^([a-z0-9.-]+)\\.(execute-api|s3)\\.${REGION.replaceAll(".", "\\.")}$`);
// Hosts that the page asked, other than its own.
const asked = new Set();
// How long answers of APIs are held back, in milliseconds.
let delay = 0;

// The local AWS is on loopback, and says so where AWS would say a name of its own.
function asOnAws(text) {
  const { port } = new URL(endpoint);
  const api = new RegExp(`http://([a-z0-9]+)\\.execute-api\\.[a-z0-9.]+:${port}`, "g");
  const bucket = new RegExp(`http://127\\.0\\.0\\.1:${port}/([a-z0-9.-]+)/`, "g");
  return text.replace(api, `https://$1.execute-api.${REGION}`).replace(bucket, `https://$1.s3.${REGION}/`);
}

// Sends a request to the local AWS: status, headers, body.
function forward(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = send(`${endpoint}${path}`, { method, headers }, async (response) => {
      const parts = await response.toArray();
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    });
    request.on("error", reject).end(body);
  });
}

async function answerOfApi(id, { method, url, headers, postData }) {
  const { pathname, searchParams } = new URL(url);
  await new Promise((resolve) => setTimeout(resolve, delay));
  const sent = { ...headers, origin };
  // The local AWS wants to know whose API it is: from a header, or from the query where the page needs that header.
  if (Object.keys(headers).some((name) => name.toLowerCase() === "authorization")) {
    searchParams.set("AWSAccessKeyId", account);
  } else {
    sent.authorization = authorization;
  }
  return forward(method, `/_aws/execute-api/${id}/$default${pathname}?${searchParams}`, sent, postData);
}

// Whether a path is one of a behavior of the distribution, such as `/api/*`.
function isOf({ pattern }, path) {
  const parts = pattern.split("*").map((part) => part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("?", "."));
  return new RegExp(`^${parts.join(".*")}$`).test(path);
}

async function answer(request, host, [, name, service]) {
  const { pathname, search } = new URL(request.url);
  if (service === "execute-api") {
    return answerOfApi(name, request);
  }
  if (service === "s3") {
    return forward(request.method, `/${name}${pathname}${search}`, request.headers);
  }
  // The local AWS knows that a distribution has an API behind it, but does not ask it.
  const route = routes.find((behavior) => isOf(behavior, pathname));
  if (route !== undefined) {
    return route.methods.includes(request.method) ? answerOfApi(route.api, request) : { status: 403, headers: {}, body: Buffer.of() };
  }
  return forward(request.method, `${pathname}${search}`, { authorization, host, "x-forwarded-proto": "https" });
}

async function intercept(browser, { requestId, request }) {
  const { host, pathname, search } = new URL(request.url);
  const found = AWS_HOST.exec(host);
  if (host !== siteHost) {
    asked.add(host);
  }
  if (host !== siteHost && found === null) {
    return browser.call("Fetch.failRequest", { requestId, errorReason: "AddressUnreachable" });
  }
  // What is exchanged with a bucket may be large, and is no text: the browser itself does it, once it is allowed to.
  if (found?.[2] === "s3" && request.method !== "OPTIONS") {
    return browser.call("Fetch.continueRequest", { requestId, url: `${endpoint}/${found[1]}${pathname}${search}` });
  }
  try {
    const { status, headers, body } = await answer(request, host, found ?? []);
    const translated = { ...headers, ...(headers.location ? { location: asOnAws(headers.location) } : {}) };
    delete translated["content-length"];
    const responseHeaders = Object.entries(translated).map(([name, value]) => ({ name, value: String(value) }));
    const content = headers["content-type"]?.startsWith("application/json") ? Buffer.from(asOnAws(body.toString())) : body;
    return await browser.call("Fetch.fulfillRequest", { requestId, responseCode: status, responseHeaders, body: content.toString("base64") });
  } catch {
    // The page has gone on, or the local AWS has not answered.
    return browser.call("Fetch.failRequest", { requestId, errorReason: "Failed" }).catch(() => {});
  }
}

const page = await Page.open(origin);
const { browser } = page;
// Buckets are on loopback here, which pages of the internet may not ask without permission. Earlier versions know no such one.
await browser.call("Browser.setPermission", { permission: { name: "loopback-network" }, setting: "granted", origin }).catch(() => {});
browser.on("Fetch.requestPaused", (parameters) => intercept(browser, parameters));
await browser.call("Fetch.enable", { patterns: [{ urlPattern: "*" }] });

const commands = {
  goTo: async (path) => {
    // A change of what stands behind `#` alone would load nothing.
    await browser.goTo("about:blank");
    await browser.waitFor(`location.href === "about:blank"`);
    await browser.goTo(`${origin}${path}`);
  },
  evaluate: (expression) => browser.evaluate(expression),
  waitFor: ([expression, seconds]) => browser.waitFor(expression, seconds),
  press: ([key, code]) => browser.press(key, code),
  click: (selector) => page.click(selector),
  type: ([selector, text]) => page.type(selector, text),
  choose: ([selector, value]) => page.choose(selector, value),
  chooseFile: ([selector, path]) => page.giveFile(selector, path),
  download: (name) => page.download(name),
  size: ([width, height]) => browser.size(width, height),
  screenshot: async (path) => writeFileSync(path, await browser.screenshot()),
  delay: (milliseconds) => void (delay = milliseconds),
  complaints: () => browser.complaints,
  asked: () => [...asked],
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
await page.close();
