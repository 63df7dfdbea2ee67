// Bundles the browser side of motcua into the folder named on the command line.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const target = path.resolve(process.argv[2] ?? path.join(here, "../src/motcua/static/dist"));
const banner = { js: "/* motcua; licences of the parts used: see LICENSES.txt beside this file */" };

/** Compile one style sheet, then minify it. */
async function buildStyles(name) {
  const compiled = sass.compile(path.join(here, "src", `${name}.scss`), {
    loadPaths: [modules],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(compiled.css, { loader: "css", minify: true });
  await writeFile(path.join(target, `${name}.css`), code);
}

/** Put the icons named in icons.txt, and nothing else, into one sprite. */
async function buildIcons() {
  const names = (await readFile(path.join(here, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(names.map(readSymbol));
  const brand = (await readFile(path.join(here, "src/brand/mark.svg"), "utf8"))
    .replace("<svg ", '<symbol id="mark" ')
    .replace("</svg>", "</symbol>")
    .replace(' xmlns="http://www.w3.org/2000/svg"', "");
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}${brand}</svg>`;
  await writeFile(path.join(target, "icons.svg"), sprite.replace(/\s*\n\s*/g, " "));
}

async function readSymbol(name) {
  const file = path.join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`icons.txt names "${name}", which the package @tabler/icons does not have.`);
  });
  const shapes = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "");
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"` +
    ` stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
  );
}

/** Gather the licence texts of what ends up in the bundles. */
async function writeLicences() {
  const require = createRequire(path.join(here, "package.json"));
  const parts = ["@tabler/core", "@tabler/icons", "bpmn-js", "bpmn-moddle", "moddle", "diagram-js", "diagram-js-direct-editing", "min-dash", "min-dom", "tiny-svg", "preact", "echarts", "zrender", "tslib", "htmx.org"];
  const texts = await Promise.all(
    parts.map(async (part) => {
      const folder = path.join(modules, part);
      const { version } = require(path.join(folder, "package.json"));
      const text = await readFile(path.join(folder, "LICENSE"), "utf8").catch(() => "MIT\n");
      return `${part} ${version}\n${"=".repeat(60)}\n${text}`;
    }),
  );
  await writeFile(path.join(target, "LICENSES.txt"), texts.join("\n\n"));
}

await mkdir(target, { recursive: true });
await Promise.all([
  esbuild.build({
    entryPoints: ["app", "theme", "flowchart", "drawing", "charts", "offline", "offline-worker"].map((name) => path.join(here, "src", `${name}.ts`)),
    outdir: target,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    banner,
    logLevel: "warning",
  }),
  buildStyles("app"),
  buildStyles("flowchart"),
  buildStyles("drawing"),
  copyFile(path.join(modules, "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2"), path.join(target, "bpmn.woff2")),
  buildIcons(),
  writeLicences(),
  copyFile(path.join(here, "src/brand/mark.svg"), path.join(target, "favicon.svg")),
]);
