import { expect, test } from "vitest";
import { overflow, type Stored } from "../../src/core/stored.js";

const stored = (id: string, rank: number, time: number): Stored => ({
  id,
  rank,
  time,
  event: "x".repeat(10),
  page: "",
  envelope: "",
});

test("where room is short, low levels go first, and of a level the oldest", () => {
  const events = [stored("high", 2, 1), stored("old", 1, 2), stored("new", 1, 3), stored("low", 0, 4)];
  const gone = (most: number) => overflow(events, most).map((one) => one.id);
  expect(gone(40)).toEqual([]);
  expect(gone(39)).toEqual(["low"]);
  expect(gone(25)).toEqual(["old", "low"]);
  expect(gone(10)).toEqual(["new", "old", "low"]);
});
