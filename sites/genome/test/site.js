// Serves the page as its distribution does: its files, what tells it of its stack, and the API under its own address.

import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { files } from "./stub.js";

const FOLDER = fileURLToPath(new URL("../src", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };

const listen = (server) =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// The headers that the distribution sends with each file; uploads go to the storage.
const headers = (path, storage) => ({
  "content-type": TYPES[extname(path)] ?? "text/plain",
  "content-security-policy":
    `default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; connect-src 'self' ${storage}`,
  "x-content-type-options": "nosniff",
});

function sendFile(path, response, storage) {
  const file = join(FOLDER, path === "/" ? "index.html" : path);
  const isThere = file.startsWith(FOLDER) && existsSync(file) && statSync(file).isFile();
  response.writeHead(isThere ? 200 : 404, headers(file, storage));
  response.end(isThere ? readFileSync(file) : "");
}

// What stands in for S3: takes what is sent after asking whether it may, and gives the files of a job.
async function serveStorage(stub) {
  const server = createServer(async (request, response) => {
    const allowed = { "access-control-allow-origin": "*", "access-control-allow-methods": "PUT", "access-control-allow-headers": "content-type" };
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (request.method === "PUT") {
      const forced = await stub.takes?.(pathname, request);
      // No status: the connection was cut.
      if (forced === null) {
        return;
      }
      if (forced !== undefined) {
        response.writeHead(forced, allowed).end();
        return;
      }
      const body = await bodyOf(request);
      const isWhole = body.length === Number(searchParams.get("size"));
      stub.uploads.push({ key: pathname.slice(1), body: body.toString() });
      response.writeHead(isWhole ? 200 : 403, allowed).end();
    } else if (request.method === "OPTIONS") {
      response.writeHead(204, allowed).end();
    } else {
      const name = pathname.split("/").at(-1);
      response.writeHead(200, { "content-type": "text/plain", "content-disposition": `attachment; filename="${name}"` }).end(files[name.split(".").at(-1)]);
    }
  });
  return { url: await listen(server), server };
}

async function serve(config, storage, answerApi) {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname.startsWith("/api/")) {
      await answerApi(request, url, response);
    } else if (url.pathname === "/config.json") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(config));
    } else {
      sendFile(url.pathname, response, storage);
    }
  });
  return { url: `${await listen(server)}/`, server };
}

// The page before the stub of the API.
export async function serveStub(stub, config = { maxSequence: 20_000, uploads: true }) {
  const storage = await serveStorage(stub);
  const page = await serve(config, storage.url, async (request, { pathname, searchParams }, response) => {
    const body = (await bodyOf(request)).toString();
    const answer = await stub.answer(request.method, pathname, { headers: request.headers, query: searchParams, body, storage: storage.url });
    if (answer.location !== undefined) {
      response.writeHead(answer.status, { location: answer.location }).end();
    } else {
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
    }
  });
  const close = () => [page.server, storage.server].forEach((server) => server.close() && server.closeAllConnections());
  return { url: page.url, config, close };
}
