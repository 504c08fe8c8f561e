import { describe, expect, test } from "vitest";
import { backoff } from "../../src/core/backoff.js";

describe("the wait after a failure", () => {
  test.each([
    [0, null, 0, 500],
    [0, null, 1, 1_000],
    [3, null, 1, 8_000],
    [50, null, 1, 300_000],
    [0, "120", 1, 120_000],
    [8, "1", 1, 256_000],
    [0, "999999", 1, 3_600_000],
    [0, "soon", 1, 1_000],
    [0, "-5", 1, 1_000],
    [0, undefined, 1, 1_000],
  ])("after %i others, told to wait for %s, and the die at %d, is %i ms", (failures, after, random, expected) => {
    expect(backoff(failures, after, random)).toBe(expected);
  });
});
