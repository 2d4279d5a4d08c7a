// Fills dist: one script and one style sheet with a hash of their content in their names, and the pages that name them.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";

const OUTPUT = "dist";

await rm(OUTPUT, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["src/main.js", "src/style.css"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  outdir: `${OUTPUT}/assets`,
  entryNames: "[name]-[hash]",
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});

const outputs = Object.entries(metafile.outputs);
function built(source) {
  const [path] = outputs.find(([, output]) => output.entryPoint === source);
  return `/assets/${basename(path)}`;
}

await mkdir(OUTPUT, { recursive: true });
for (const page of ["index.html", "404.html"]) {
  const text = await readFile(`src/${page}`, "utf8");
  const named = text.replace("/main.js", built("src/main.js")).replace("/style.css", built("src/style.css"));
  await writeFile(`${OUTPUT}/${page}`, named);
}
