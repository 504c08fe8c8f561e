// @vitest-environment node
import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { expect, test } from "vitest";

const read = (name) => readFileSync(new URL(`../../dist/${name}`, import.meta.url), "utf8");

// What a minifier leaves as it is, and where it was written.
const written = [
  ["footfall-core.js", '"page_view"', /src\/core\/tracker\.ts$/],
  ["footfall-core-mid.js", '"dead_click"', /src\/mid\/deadClicks\.ts$/],
  ["footfall.js", '"pointermove"', /src\/low\/pointer\.ts$/],
];
test.each(written)("the map of %s finds %s in its source", (file, text, source) => {
  const lines = read(file).split("\n");
  const line = lines.findIndex((one) => one.includes(text));
  const map = JSON.parse(read(`${file}.map`));
  const { originalSource, originalLine } = new SourceMap(map).findEntry(line, lines[line].indexOf(text));
  expect(originalSource).toMatch(source);
  const content = map.sourcesContent[map.sources.indexOf(originalSource)];
  expect(content.split("\n")[originalLine]).toContain(text);
});

test("the map of web-vitals has the package's own modules", () => {
  const { sources, sourcesContent } = JSON.parse(read("footfall-web-vitals.js.map"));
  const own = sources.findIndex((source) => /\/web-vitals\/.*\/onLCP\.\w+$/.test(source));
  expect(sourcesContent[own]).toContain("largest-contentful-paint");
});

test("no script names its map, which would be bytes of its budget", () => {
  for (const file of [...written.map(([file]) => file), "footfall-web-vitals.js"])
    expect(read(file)).not.toContain("sourceMappingURL");
});
