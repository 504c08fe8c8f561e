import { describe, expect, test } from "vitest";
import paths from "../../../contract/paths.json" with { type: "json" };
import { pathWriter } from "../../src/low/pathWriter.js";

describe("the contract's paths", () => {
  test.each(paths.valid)("$what", ({ axes, samples, path }) => {
    const writer = pathWriter();
    for (const [ms, ...rest] of samples as [number, ...(number | boolean)[]][]) {
      writer.add([ms / 10, ...(rest.slice(0, axes) as number[])], rest.length > axes);
    }
    expect(writer.take()).toBe(path);
  });
});

test("a path that was taken is gone, and the next one stands for itself", () => {
  const writer = pathWriter();
  expect(writer.take()).toBe("");
  for (let round = 0; round < 2; round++) {
    writer.add([0, 640, 360]);
    expect(writer.length()).toBe(5);
    expect(writer.take()).toBe("goBwW");
  }
});
