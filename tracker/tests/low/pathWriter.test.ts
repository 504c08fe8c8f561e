import { describe, expect, test } from "vitest";
import paths from "../../../contract/paths.json" with { type: "json" };
import { pathWriter } from "../../src/low/pathWriter.js";

describe("the contract's paths", () => {
  test.each(paths.valid)("$what", ({ axes, samples, path }) => {
    const writer = pathWriter();
    for (const [ms, ...rest] of samples as [number, ...(number | boolean)[]][]) {
      writer._add([ms / 10, ...(rest.slice(0, axes) as number[])], rest.length > axes);
    }
    expect(writer._end()).toBe(path);
  });
});

test("a path of nothing is empty, and its length is what is written for good", () => {
  const writer = pathWriter();
  expect(writer._end()).toBe("");
  writer._add([0, 640, 360], true);
  expect(writer._length()).toBe(5);
  writer._add([5, 640, 360], false);
  expect([writer._length(), writer._end()]).toEqual([5, "goBwWKAA"]);
});
