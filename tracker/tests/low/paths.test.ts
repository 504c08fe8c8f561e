import { beforeEach, expect, test, vi } from "vitest";
import type { Module } from "../../src/core/module.js";
import { low } from "../../src/low/index.js";
import type { PathOptions } from "../../src/low/recordPath.js";
import { over as overCore, type RecordingCore } from "../mid/recordingCore.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What docs/tracker-events.md says of reading a path, for one or two axes. */
const decode = (path: string, axes = 2) => {
  let at = 0;
  const read = () => {
    let raw = 0;
    for (let digit = 0; ; digit++) {
      const value = ALPHABET.indexOf(path[at++] as string);
      raw += (value & 31) * 32 ** digit;
      if (value < 32) return raw;
    }
  };
  const signed = () => {
    const raw = read();
    return raw % 2 ? -(raw - 1) / 2 : raw / 2;
  };
  const found: number[][] = [];
  let before: number[] = [];
  let steps: number[] = [];
  let span = 1;
  while (at < path.length) {
    const raw = found.length ? read() : 1;
    const [time, fresh] = [Math.floor(raw / 2), raw % 2];
    const made = Array.from({ length: axes }, (_, axis) => {
      const foretold = fresh ? 0 : Math.round(((steps[axis] as number) * time) / span);
      return signed() + foretold;
    });
    before = [(before[0] ?? 0) + 10 * time, ...made.map((step, axis) => (before[axis + 1] ?? 0) + step)];
    steps = made.map((step) => (fresh ? 0 : step));
    span = time || 1;
    found.push(before);
  }
  return found;
};

let cores: RecordingCore[] = [];
const over = (modules: Module[], visitor?: string) => {
  const core = overCore(modules, {}, visitor);
  cores.push(core);
  return core;
};
const record = (options?: PathOptions, visitor?: string) => over(low(options), visitor);

const at = (event: Event, time: number, more: object = {}) => {
  Object.defineProperty(event, "timeStamp", { value: time });
  for (const [name, value] of Object.entries(more)) Object.defineProperty(event, name, { value });
  return event;
};
const move = (time: number, pageX: number, pageY: number, pointerType = "mouse") =>
  window.dispatchEvent(at(new Event("pointermove"), time, { pageX, pageY, pointerType }));
const finger = (type: string, time: number, ...touches: { pageX: number; pageY: number }[]) =>
  window.dispatchEvent(at(new Event(type), time, { touches }));
const pathOf = (core: RecordingCore, name: string) => core.of(name).map(({ path }) => decode(path as string));

beforeEach(() => {
  for (const core of cores) core.fire("leave");
  cores = [];
  const page = document.documentElement;
  Object.defineProperty(page, "scrollWidth", { configurable: true, value: 1_280 });
  Object.defineProperty(page, "scrollHeight", { configurable: true, value: 4_000 });
});

test("a pointer's way is sampled each 50 ms, and told with the document's size at the end of the page", () => {
  const core = record();
  const began = Date.now();
  for (let time = 0; time <= 160; time += 16) move(1_000 + time, (time / 16) ** 2, 200 - time);
  expect(core.events).toEqual([]);
  core.fire("leave");
  core.fire("hide");
  expect(core.of("pointer")).toMatchObject([{ width: 1_280, height: 4_000 }]);
  expect(core.events[0]).toMatchObject({ name: "pointer", level: "low" });
  expect(Math.abs((core.events[0]?.time ?? 0) - began)).toBeLessThan(1_000);
  expect(pathOf(core, "pointer")).toEqual([
    [
      [0, 0, 200],
      [60, 16, 136],
      [130, 64, 72],
      [160, 100, 40],
    ],
  ]);
});

test("where the pointer rests is told, though the samples missed it", () => {
  const core = record();
  move(0, 0, 0);
  move(50, 40, 0);
  move(70, 47, 3);
  move(2_000, 50, 4);
  core.fire("hide");
  expect(pathOf(core, "pointer")).toEqual([
    [
      [0, 0, 0],
      [50, 40, 0],
      [70, 47, 3],
      [2_000, 50, 4],
    ],
  ]);
});

test("every sample is within a pixel of the way that is told, whatever the movement", () => {
  const core = record();
  const made: number[][] = [];
  let [x, y] = [600, 400];
  for (let time = 0; time < 30_000; time += 50) {
    x += Math.round(40 * Math.sin(time / 700) * Math.cos(time / 130));
    y += Math.round(25 * Math.cos(time / 900) ** 3);
    move(time, x, y);
    made.push([time, x, y]);
  }
  core.fire("leave");
  const told = pathOf(core, "pointer").flat();
  expect(told.length).toBeLessThan(made.length);
  for (const [time, ...place] of made as [number, number, number][]) {
    const after = told.findIndex(([ms]) => (ms as number) >= time);
    const [to, from] = [told[after] as number[], told[Math.max(0, after - 1)] as number[]];
    const part = (time - from[0]!) / (to[0]! - from[0]! || 1);
    place.forEach((value, axis) => {
      expect(Math.abs(from[axis + 1]! + (to[axis + 1]! - from[axis + 1]!) * part - value)).toBeLessThanOrEqual(1.001);
    });
  }
});

test("a fine pointer's fractions are rounded, and a finger is no pointer", () => {
  const core = record();
  move(0, 10.6, 20.4);
  move(50, 12.5, 20.4);
  move(60, 900, 900, "touch");
  core.fire("leave");
  expect(pathOf(core, "pointer")).toEqual([
    [
      [0, 11, 20],
      [50, 13, 20],
    ],
  ]);
});

test("a minute of movement, or a long one, is told without waiting for the end", () => {
  const core = record();
  for (let time = 0; time <= 60_100; time += 50) move(time, time % 900, time % 700);
  expect(core.of("pointer").length).toBeGreaterThan(0);
});

test("a page view sends no more than its budget, and the next one has its own", () => {
  const core = record({ budget: 500 });
  let time = 0;
  const scribble = () => {
    for (const end = time + 60_000; time < end; time += 50) move(time, (time * 7) % 901, (time * 13) % 677);
    core.page();
  };
  scribble();
  const first = core.of("pointer").reduce((sum, { path }) => sum + (path as string).length, 0);
  expect(first).toBeGreaterThan(400);
  expect(first).toBeLessThan(600);
  scribble();
  expect(core.of("pointer").length).toBeGreaterThan(1);
});

test.each([
  ["the whole", 1, "v-1", 1],
  ["none", 0, "v-1", 0],
  ["a part, of a visitor without an id", 0.9, "", 0],
])("of a share of %s", (_, share, visitor, events) => {
  const core = record({ share }, visitor);
  move(0, 1, 1);
  move(50, 2, 2);
  core.fire("leave");
  expect(core.events).toHaveLength(events);
});

test("what no page can hold is left out", () => {
  const core = record();
  move(0, Number.NaN, 1);
  move(60, Number.POSITIVE_INFINITY, 1);
  move(120, 5, 6);
  move(180, 5, 7);
  core.fire("leave");
  expect(pathOf(core, "pointer")).toEqual([
    [
      [0, 5, 6],
      [60, 5, 7],
    ],
  ]);
});

test("a single place of a pointer is not told, that of a scroll is", () => {
  const core = record();
  move(0, 0, 0);
  vi.stubGlobal("scrollY", 700);
  document.dispatchEvent(at(new Event("scroll"), 0));
  core.fire("leave");
  expect(core.events.map(({ name }) => name)).toEqual(["scroll"]);
  expect(decode(core.of("scroll")[0]?.path as string, 1)).toEqual([[0, 700]]);
});

test("each stroke of a finger begins anew, and two fingers are none", () => {
  const core = record();
  finger("touchstart", 0, { pageX: 50, pageY: 700 });
  finger("touchmove", 50, { pageX: 50, pageY: 640 });
  finger("touchmove", 60, { pageX: 50, pageY: 620 });
  finger("touchend", 61);
  finger("touchstart", 90, { pageX: 200, pageY: 700 });
  finger("touchmove", 150, { pageX: 1, pageY: 1 }, { pageX: 2, pageY: 2 });
  finger("touchmove", 160, { pageX: 200, pageY: 600 });
  core.fire("leave");
  expect(pathOf(core, "touch")).toEqual([
    [
      [0, 50, 700],
      [50, 50, 640],
      [60, 50, 620],
      [90, 200, 700],
      [160, 200, 600],
    ],
  ]);
});

test("scrolling is told with the deepest place that was seen, of the document alone", () => {
  const core = record();
  const scrollTo = (time: number, y: number, target: EventTarget = document) => {
    vi.stubGlobal("scrollY", y);
    target.dispatchEvent(at(new Event("scroll"), time));
  };
  scrollTo(0, 0);
  scrollTo(50, 100);
  scrollTo(100, 4_000 - innerHeight);
  scrollTo(160, 3_999, document.body);
  scrollTo(170, 10);
  core.fire("leave");
  const [{ path, scroll_depth } = {}] = core.of("scroll");
  expect(scroll_depth).toBe(100);
  expect(decode(path as string, 1)).toEqual([
    [0, 0],
    [50, 100],
    [100, 4_000 - innerHeight],
    [170, 10],
  ]);
});
