import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Core, Level } from "../../src/core/module.js";
import type { Batch } from "../../src/wire.js";
import { createWorld, settled, type World } from "./world.js";

let world: World;

beforeEach(async () => {
  await settled();
  world = createWorld();
  vi.spyOn(Math, "random").mockReturnValue(1);
});

const names = (batches: Batch[]) => batches.flatMap((batch) => batch.events).map((event) => event.name);
/** Let the timers of so many milliseconds come, and what they begin be done. */
const pass = async (milliseconds: number) => {
  vi.advanceTimersByTime(milliseconds);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
declare const setImmediate: (call: (value: unknown) => void) => void;

describe("sending", () => {
  test("waits for more events first", async () => {
    const tracker = world.track({ wait: 5_000 });
    await pass(4_999);
    expect(world.batches).toEqual([]);
    tracker.track("a");
    await pass(1);
    expect(names(world.batches)).toEqual(["page_view", "a"]);
  });

  test.each<[Level, number]>([
    ["high", 5_000],
    ["mid", 30_000],
    ["low", 30_000],
  ])("of an event of the %s level waits up to %d ms for others", async (level, longest) => {
    let core!: Core;
    world.track({ wait: 5_000, page: false, modules: [(given) => void (core = given)] });
    await pass(5_000); // what an earlier visit may have left
    core.record("a", level);
    await pass(longest - 1);
    expect(world.batches).toEqual([]);
    await pass(1);
    expect(names(world.batches)).toEqual(["a"]);
  });

  test("leaves what is recorded meanwhile to the next time, unless it is asked for", async () => {
    const tracker = world.track({ page: false });
    tracker.track("a");
    const first = tracker.flush();
    await pass(0);
    tracker.track("b");
    await first;
    tracker.on("sent", () => world.batches.length === 2 && tracker.track("d"));
    tracker.track("c");
    await tracker.flush();
    expect(world.batches.map((batch) => batch.events.map(({ name }) => name))).toEqual([["a"], ["b", "c"]]);
    tracker.track("e");
    const running = tracker.flush();
    tracker.track("f");
    tracker.flush();
    await running;
    expect(names(world.batches)).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  test("does not wait where there is half of what a page may send as it goes", async () => {
    const tracker = world.track();
    tracker.track("a", { text: "x".repeat(31_000) });
    await pass(0);
    expect(names(world.batches)).toEqual(["page_view", "a"]);
  });

  test("is split where it is too large", async () => {
    const tracker = world.track({ page: false });
    for (let n = 0; n < 4; n += 1) tracker.track(`${n}`, { text: "€".repeat(9_000) });
    await tracker.flush();
    expect(world.batches.map((batch) => batch.events.length)).toEqual([2, 2]);
  });

  test("tells the clock at the sending", async () => {
    vi.setSystemTime(1_000);
    const tracker = world.track();
    vi.setSystemTime(9_000);
    await tracker.flush();
    expect(world.batches[0]).toMatchObject({ sent_at: 9_000, events: [{ time: 1_000 }] });
  });

  test("reports what was taken", async () => {
    const tracker = world.track();
    const told = vi.fn();
    tracker.on("sent", told);
    await tracker.flush();
    expect(told).toHaveBeenCalledWith({ status: 200, events: 1 });
  });

  test("of an event of more than 60 KiB does not ask to outlive the page, which browsers refuse", async () => {
    const tracker = world.track({ page: false });
    tracker.track("a", { a: "x".repeat(40_000), b: "x".repeat(40_000) });
    await tracker.flush();
    expect(world.requests[0]!.keepalive).toBe(false);
  });
});

describe("a failure", () => {
  test.each([
    "no way" as const,
    408,
    429,
    500,
    503,
  ])("with %s keeps the events, and they are sent later", async (answer) => {
    world.answers = [answer];
    const tracker = world.track();
    await tracker.flush();
    await pass(1_000);
    expect(names(world.batches)).toEqual(answer === "no way" ? ["page_view"] : ["page_view", "page_view"]);
    expect(new Set(world.events().map(({ id }) => id)).size).toBe(1);
    await pass(3_600_000);
    await tracker.flush();
    expect(world.batches).toHaveLength(answer === "no way" ? 1 : 2);
  });

  test("is followed by longer and longer waits", async () => {
    world.answers = [503, 503, 503];
    const tracker = world.track();
    await tracker.flush();
    const seen: number[] = [];
    for (let second = 1; second <= 7; second += 1) {
      await pass(1_000);
      seen.push(world.batches.length);
    }
    expect(seen).toEqual([2, 2, 3, 3, 3, 3, 4]);
  });

  test("is followed by the wait that the collector asks for, whatever is recorded meanwhile", async () => {
    world.answers = [[503, { "retry-after": "30" }]];
    const tracker = world.track({ wait: 1_000 });
    await tracker.flush();
    tracker.track("a");
    await pass(29_000);
    expect(world.batches).toHaveLength(1);
    await pass(1_000);
    expect(names(world.batches)).toEqual(["page_view", "page_view", "a"]);
  });

  test("leaves localStorage to the site, however much is recorded meanwhile", async () => {
    world.answers = [[503, { "retry-after": "30" }]];
    const tracker = world.track();
    await tracker.flush();
    for (let number = 0; number < 7; number += 1) tracker.track("a", { text: "x".repeat(10_000) });
    await world.settle();
    expect(Object.keys(localStorage).filter((key) => key.startsWith("ff_q_"))).toHaveLength(3);
    await pass(30_000);
    expect(names(world.batches)).toEqual(["page_view", "page_view", ...Array(7).fill("a")]);
    await world.settle();
    world.reload();
    await world.track({ page: false }).flush();
    expect(world.batches).toHaveLength(3);
  });

  test("ends at once where the browser is online again", async () => {
    world.answers = ["no way"];
    const tracker = world.track();
    await tracker.flush();
    dispatchEvent(new Event("online"));
    await pass(0);
    expect(names(world.batches)).toEqual(["page_view"]);
  });

  test("does not lose what a next page finds", async () => {
    world.answers = ["no way"];
    await world.track().flush();
    await world.settle();
    world.reload();
    await world.track().flush();
    expect(names(world.batches)).toEqual(["page_view", "page_view"]);
    expect(new Set(world.events().map(({ id }) => id)).size).toBe(2);
  });
});

describe("a refusal", () => {
  test.each([400, 401, 403, 404])("with %i drops the events, and says so", async (status) => {
    world.answers = [status];
    const tracker = world.track();
    const told = vi.fn();
    tracker.on("refused", told);
    await tracker.flush();
    await tracker.flush();
    expect(told).toHaveBeenCalledWith({ status, events: 1 });
    expect(world.batches).toHaveLength(1);
  });

  test("because it is too large is followed by halves", async () => {
    world.answers = [413, 413];
    const tracker = world.track();
    for (const name of ["a", "b", "c"]) tracker.track(name);
    await tracker.flush();
    expect(world.batches.map((batch) => batch.events.length)).toEqual([4, 2, 1, 1, 1, 1]);
    expect(names(world.batches.slice(2))).toEqual(["page_view", "a", "b", "c"]);
  });

  test("of one event because it is too large drops it, and the others go on", async () => {
    world.answers = [413, 413];
    const tracker = world.track();
    tracker.track("a");
    await tracker.flush();
    expect(names(world.batches)).toEqual(["page_view", "a", "page_view", "a"]);
  });
});
