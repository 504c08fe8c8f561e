import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { engagement } from "../../src/mid/engagement.js";
import { over, type RecordingCore } from "./recordingCore.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  visibility("visible");
  vi.useRealTimers();
});

const visibility = (state: string) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
};
const pass = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);
const act = (type = "pointermove") => window.dispatchEvent(new Event(type));
const told = (core: RecordingCore) => core.events.map((event) => [event.name, event.properties.engaged_ms]);

test("a page that is left tells how long it was read", () => {
  const core = over([engagement()]);
  pass(7);
  core.fire("leave");
  expect(told(core)).toEqual([["page_leave", 7_000]]);
  expect(core.events[0]?.level).toBe("mid");
});

test("each fifteen seconds are told at once, and the rest at the end", () => {
  const core = over([engagement()]);
  for (let second = 0; second < 40; second += 5) {
    pass(5);
    act();
  }
  core.fire("leave");
  expect(told(core)).toEqual([
    ["engagement", 15_000],
    ["engagement", 15_000],
    ["page_leave", 10_000],
  ]);
});

test("who does nothing for half a minute is no longer engaged, until they do", () => {
  const core = over([engagement()]);
  pass(600);
  expect(told(core)).toEqual([
    ["engagement", 15_000],
    ["engagement", 15_000],
  ]);
  act("keydown");
  pass(10);
  core.fire("leave");
  expect(told(core).at(-1)).toEqual(["page_leave", 10_000]);
});

test("time in another tab does not count", () => {
  const core = over([engagement()]);
  pass(4);
  core.fire("hide");
  visibility("hidden");
  pass(100);
  act();
  pass(100);
  visibility("visible");
  core.fire("show");
  pass(3);
  core.fire("leave");
  core.fire("hide");
  expect(told(core)).toEqual([
    ["engagement", 4_000],
    ["page_leave", 3_000],
  ]);
});

test("a page opened in the background begins to count when it is seen", () => {
  visibility("hidden");
  const core = over([engagement()]);
  pass(50);
  visibility("visible");
  core.fire("show");
  pass(2);
  core.fire("leave");
  expect(told(core)).toEqual([["page_leave", 2_000]]);
});

test("a second call of show loses no time", () => {
  const core = over([engagement()]);
  pass(2);
  core.fire("show");
  pass(2);
  core.fire("leave");
  expect(told(core)).toEqual([["page_leave", 4_000]]);
});

test("the time of one page is not that of the next", () => {
  const core = over([engagement()]);
  pass(9);
  core.page();
  pass(8);
  core.fire("leave");
  expect(told(core)).toEqual([
    ["page_leave", 9_000],
    ["page_leave", 8_000],
  ]);
});

test("a machine that slept was not read", () => {
  const core = over([engagement()]);
  pass(5);
  vi.setSystemTime(Date.now() + 3_600_000);
  core.fire("leave");
  expect(told(core)).toEqual([["page_leave", 30_000]]);
});

test("the deepest place that was seen is told, anew for each page", () => {
  Object.defineProperty(document.documentElement, "scrollHeight", { configurable: true, value: 4 * innerHeight });
  const core = over([engagement()]);
  pass(1);
  vi.stubGlobal("scrollY", 2 * innerHeight);
  document.dispatchEvent(new Event("scroll"));
  vi.stubGlobal("scrollY", 0);
  document.dispatchEvent(new Event("scroll"));
  core.page();
  core.fire("leave");
  expect(core.events.map((event) => event.properties.scroll_depth)).toEqual([75, 25]);
});
