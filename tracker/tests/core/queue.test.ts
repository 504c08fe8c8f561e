import { IDBDatabase, IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createQueue } from "../../src/core/queue.js";
import type { Stored } from "../../src/core/stored.js";
import { denyStorage } from "./denied.js";

const stored = (id: string, more: Partial<Stored> = {}): Stored => ({
  id,
  time: 1,
  rank: 1,
  event: "{}",
  page: "{}",
  envelope: "",
  ...more,
});
const debug = vi.fn();
const open = (may = true) => createQueue("ff", () => may, debug);
/** Let what is fresh be saved. */
const saved = async () => {
  vi.advanceTimersByTime(250);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
declare const setImmediate: (call: (value: unknown) => void) => void;
const ids = async (queue: ReturnType<typeof open>) => (await queue._all()).map((one) => one.id);

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  localStorage.clear();
  debug.mockReset();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return () => vi.useRealTimers();
});

const noDatabase = () => vi.stubGlobal("indexedDB", undefined);

describe("the queue", () => {
  test.each<[string, () => void]>([
    ["IndexedDB", () => {}],
    ["localStorage", noDatabase],
  ])("lasts over page loads in %s, the oldest event first, until events are removed", async (_, prepare) => {
    prepare();
    const first = open();
    first._add(stored("b", { time: 2 }));
    first._add(stored("a", { time: 1 }));
    expect(await ids(first)).toEqual(["a", "b"]);
    await saved();
    const second = open();
    const [a] = await second._all();
    await second._remove([a!]);
    expect(await ids(open())).toEqual(["b"]);
  });

  test("uses no localStorage where there is a database", async () => {
    const queue = open();
    queue._add(stored("a"));
    await saved();
    expect(localStorage.length).toBe(0);
    expect(await ids(open())).toEqual(["a"]);
  });

  test("writes what comes together at once, and not at all what was sent before", async () => {
    const writes = vi.spyOn(IDBDatabase.prototype, "transaction");
    const queue = open();
    await queue._all();
    const before = writes.mock.calls.length;
    for (const id of ["a", "b", "c"]) queue._add(stored(id));
    await saved();
    expect(writes.mock.calls.length - before).toBe(1);
    queue._add(stored("d"));
    await queue._remove([queue._mine().at(-1)!]);
    vi.advanceTimersByTime(250);
    expect(await ids(queue)).toEqual(["a", "b", "c"]);
    expect(writes.mock.calls.length - before).toBe(1);
  });

  test("saves movements once it is told to, and not with what else there is", async () => {
    const queue = open();
    queue._add(stored("move", { rank: 0 }));
    await saved();
    expect(await ids(open())).toEqual([]);
    queue._add(stored("form", { time: 2 }));
    await saved();
    expect(await ids(open())).toEqual(["form"]);
    await queue._save(true);
    expect(await ids(open())).toEqual(["move", "form"]);
    queue._add(stored("another", { rank: 0, time: 3 }));
    await saved();
    expect(await ids(open())).toEqual(["move", "form"]);
  });

  test("goes on in memory where storage is denied", async () => {
    denyStorage();
    const queue = open();
    queue._add(stored("a"));
    expect(await ids(queue)).toEqual(["a"]);
    await queue._remove(queue._mine());
    expect(await ids(queue)).toEqual([]);
  });

  test("touches no storage where it may not", async () => {
    const queue = open(false);
    queue._add(stored("a"));
    queue._secure();
    expect(await ids(queue)).toEqual(["a"]);
    await queue._remove(queue._mine());
    expect([localStorage.length, await indexedDB.databases()]).toEqual([0, []]);
  });

  test("has each event once, though it lies in two places", async () => {
    const queue = open();
    queue._add(stored("a"));
    queue._secure();
    await saved();
    expect(await ids(queue)).toEqual(["a"]);
    expect(Object.keys(localStorage)).toEqual(["ff_q_a"]);
    await queue._remove(queue._mine());
    expect([await ids(open()), localStorage.length]).toEqual([[], 0]);
  });

  test("has what other pages left until it is removed, and then reads the database no more", async () => {
    const left = open();
    left._add(stored("a"));
    await saved();
    const queue = open();
    queue._add(stored("b", { time: 2 }));
    expect(await ids(queue)).toEqual(["a", "b"]);
    expect(await ids(queue)).toEqual(["a", "b"]);
    await queue._remove((await queue._all()).slice(0, 1));
    expect(await ids(queue)).toEqual(["b"]);
    const reads = vi.spyOn(IDBObjectStore.prototype, "getAll");
    expect(await ids(queue)).toEqual(["b"]);
    expect(reads).not.toHaveBeenCalled();
  });

  test("finds what other pages left though its database could not be read at first", async () => {
    const left = open();
    left._add(stored("a"));
    await saved();
    const factory = indexedDB;
    vi.stubGlobal("indexedDB", undefined);
    const queue = open();
    expect(await ids(queue)).toEqual([]);
    vi.stubGlobal("indexedDB", factory);
    expect(await ids(queue)).toEqual(["a"]);
  });

  test("takes a database up again that was closed under it", async () => {
    const here = open();
    here._add(stored("a"));
    await saved();
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase("ff");
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    here._add(stored("b"));
    await saved();
    here._add(stored("c"));
    await saved();
    expect(await ids(here)).toEqual(expect.arrayContaining(["b", "c"]));
    expect(await ids(open())).toEqual(expect.arrayContaining(["b", "c"]));
  });

  test("is held to a million characters: the low levels go first", async () => {
    const queue = open();
    const event = "x".repeat(300_000);
    queue._add(stored("low", { rank: 0, time: 9, event }));
    for (const id of ["a", "b", "c"]) queue._add(stored(id, { event }));
    await saved();
    expect(await ids(queue)).toEqual(["a", "b", "c"]);
    expect(debug).toHaveBeenCalled();
    await saved();
    expect(await ids(open())).toEqual(["a", "b", "c"]);
  });

  test("throws nothing where localStorage is full", async () => {
    noDatabase();
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("", "QuotaExceededError");
    });
    const queue = open();
    queue._add(stored("a"));
    expect(await ids(queue)).toEqual(["a"]);
  });

  test("is not stopped by what somebody else left under its names", async () => {
    localStorage.setItem("ff_q_a", "not JSON");
    const queue = open();
    queue._add(stored("b"));
    expect(await ids(queue)).toEqual(["b"]);
  });
});
