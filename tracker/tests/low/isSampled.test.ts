import { expect, test } from "vitest";
import { isSampled } from "../../src/low/isSampled.js";

const visitors = Array.from({ length: 2_000 }, (_, number) => `0190a1b2-0000-7000-8000-${number}`);

test.each([0, 0.1, 0.5, 1])("a share of %d takes as many visitors, and always the same", (share) => {
  const taken = visitors.filter((visitor) => isSampled(visitor, share));
  expect(Math.abs(taken.length - share * visitors.length)).toBeLessThan(80);
  expect(visitors.filter((visitor) => isSampled(visitor, share))).toEqual(taken);
});

test("who is in a share is in every larger one", () => {
  expect(visitors.filter((visitor) => isSampled(visitor, 0.1) && !isSampled(visitor, 0.2))).toEqual([]);
});

test("a visitor without an id is in the whole only", () => {
  expect([isSampled("", 0.99), isSampled("", 1)]).toEqual([false, true]);
});
