// Builds the tracker: `npm run build`. docs/tracker.md says what each file is for. With --check, a file above its budget
// is a failure.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const served = join(here, "..", "footfall", "local", "tracker");
const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));

/** Chrome 85, Firefox 79 and Safari 14 are the first with all of its syntax. */
const TARGET = "es2021";

/** What a page loads, and from what it is made; `most` is its budget in bytes after gzip -9. */
const TAGS = [
  { file: "footfall-core.js", entry: "core.ts", most: 4_096 },
  { file: "footfall-core-mid.js", entry: "core_mid.ts" },
  { file: "footfall.js", entry: "everything.ts", most: 9_216 },
];

const common = {
  absWorkingDir: here,
  bundle: true,
  write: false,
  target: TARGET,
  legalComments: "none",
  // A script of modules is written as strict code; the words that would say so again are bytes.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  define: { __VERSION__: JSON.stringify(version) },
};

/** web-vitals is a file of its own, found from where the classic script came from. */
const lazyWebVitals = {
  name: "lazy-web-vitals",
  setup({ onResolve }) {
    onResolve({ filter: /^web-vitals$/ }, () => ({ path: "./footfall-web-vitals.js", external: true }));
  },
};

/** A script and its source map, which the script does not name: that would be bytes of its budget. */
async function tag(file, entry) {
  const [map, script] = await outputs({
    entryPoints: [join("src/tag", entry)],
    outfile: join("dist", file),
    format: "iife",
    mangleProps: /^_[a-z]/,
    plugins: [lazyWebVitals],
    minifySyntax: true,
  });
  const minified = await minify(script.text, {
    sourceMap: { content: map.text, filename: file, includeSources: true },
    ecma: 2021,
    compress: { passes: 3, inline: 1, unsafe: true, unsafe_arrows: true, pure_getters: true, hoist_props: false },
    mangle: true,
    format: { comments: false, semicolons: true },
  });
  return { [file]: `${minified.code}\n`, [`${file}.map`]: minified.map };
}

/** A script's map, and the script. */
async function outputs(options) {
  const { outputFiles } = await build({ ...common, sourcemap: "external", ...options });
  return outputFiles;
}

async function library() {
  const files = await outputs({
    entryPoints: ["src/index.ts"],
    outfile: "dist/index.mjs",
    format: "esm",
    external: ["web-vitals"],
    sourcemap: true,
  });
  for (const { path, contents } of files) writeFileSync(path, contents);
}

/** As few functions as are used. */
async function webVitals(file) {
  const [map, script] = await outputs({
    outfile: join("dist", file),
    stdin: {
      contents: 'export { onCLS, onFCP, onINP, onLCP, onTTFB } from "web-vitals";',
      resolveDir: here,
    },
    format: "esm",
    minify: true,
  });
  return { [file]: script.text, [`${file}.map`]: map.text };
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const files = await webVitals("footfall-web-vitals.js");
for (const { file, entry } of TAGS) Object.assign(files, await tag(file, entry));
for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, name), text);
await library();
const tsc = createRequire(import.meta.url).resolve("typescript/package.json");
execFileSync(process.execPath, [join(dirname(tsc), "bin", "tsc"), "-p", join(here, "tsconfig.types.json")], {
  stdio: "inherit",
});

const integrity = Object.fromEntries(
  Object.keys(files)
    .filter((name) => name.endsWith(".js"))
    .sort()
    .map((name) => [name, `sha384-${createHash("sha384").update(files[name]).digest("base64")}`]),
);
writeFileSync(join(dist, "integrity.json"), `${JSON.stringify(integrity, null, 2)}\n`);

// The Python package serves them: `footfall up` has no Node.
rmSync(served, { recursive: true, force: true });
mkdirSync(served);
for (const name of readdirSync(dist)) {
  if (name in files || name === "integrity.json") cpSync(join(dist, name), join(served, name));
}

let over = false;
for (const name of Object.keys(integrity)) {
  // Node's own gzip is of another make, and says a few bytes less.
  const bytes = execFileSync("gzip", ["-9nc"], { input: files[name] }).length;
  const most = TAGS.find(({ file }) => file === name)?.most ?? Number.POSITIVE_INFINITY;
  over ||= bytes > most;
  console.log(`${name}: ${files[name].length} bytes, ${bytes} after gzip${bytes > most ? `, above its ${most}` : ""}`);
}
process.exitCode = over && process.argv.includes("--check") ? 1 : 0;
