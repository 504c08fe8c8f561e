import { IDBDatabase, IDBFactory, IDBObjectStore } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createKeeper } from "../../src/core/keeper.js";
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
const open = (may = true) => {
  const mayKeep = () => may;
  return createQueue("ff", mayKeep, createKeeper("ff", mayKeep), debug);
};
/** Let the database do what it was told. */
const settled = async () => {
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

/** Have localStorage take nothing more. Returns what ends that. */
const fill = () => {
  const room = localStorage;
  const full = new Proxy(room, {
    get: (_, name) => {
      const found = Reflect.get(room, name);
      return typeof found === "function" ? found.bind(room) : found;
    },
    set: () => {
      throw new DOMException("", "QuotaExceededError");
    },
  });
  vi.stubGlobal("localStorage", full);
  return () => vi.stubGlobal("localStorage", room);
};

describe("the queue", () => {
  test.each<[string, (queue: ReturnType<typeof open>) => void]>([
    ["localStorage", () => {}],
    ["IndexedDB", (queue) => queue._save()],
  ])("lasts over page loads in %s, the oldest event first, until events are removed", async (_, prepare) => {
    const first = open();
    first._add(stored("b", { time: 2 }));
    first._add(stored("a", { time: 1 }));
    await prepare(first);
    expect(await ids(first)).toEqual(["a", "b"]);
    const second = open();
    const [a] = await second._all();
    await second._remove([a!]);
    expect(await ids(open())).toEqual(["b"]);
  });

  test("opens no database as long as nothing waits long", async () => {
    const opens = vi.spyOn(indexedDB, "open");
    const queue = open();
    queue._add(stored("a"));
    expect(Object.keys(localStorage)).toEqual(["ff_q_a"]);
    await queue._remove(await queue._all());
    expect(await ids(open())).toEqual([]);
    expect(opens).not.toHaveBeenCalled();
    expect(localStorage.length).toBe(0);
  });

  test("leaves localStorage to the site once a database has what waits", async () => {
    const queue = open();
    queue._add(stored("a"));
    await queue._save();
    expect(Object.keys(localStorage)).toEqual(["ff_db"]);
    queue._secure();
    expect(Object.keys(localStorage)).toEqual(["ff_db"]);
    expect(await ids(open())).toEqual(["a"]);
  });

  test("takes to the database what localStorage has no room for", async () => {
    const makeRoom = fill();
    open()._add(stored("a"));
    await settled();
    makeRoom();
    expect(localStorage.length).toBe(0);
    expect(await ids(open())).toEqual(["a"]);
  });

  test("writes what comes together in one transaction, and once", async () => {
    const queue = open();
    queue._add(stored("first"));
    await queue._save(); // opens it
    const writes = vi.spyOn(IDBDatabase.prototype, "transaction");
    for (const id of ["a", "b", "c"]) queue._add(stored(id));
    await queue._save();
    await queue._save();
    expect(writes).toHaveBeenCalledTimes(1);
  });

  test("keeps movements once it is told to, and not with what else there is", async () => {
    const queue = open();
    queue._add(stored("move", { rank: 0 }));
    expect(await ids(open())).toEqual([]);
    queue._add(stored("form", { time: 2 }));
    expect(await ids(open())).toEqual(["form"]);
    await queue._save();
    expect(await ids(open())).toEqual(["move", "form"]);
    queue._add(stored("another", { rank: 0, time: 3 }));
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
    noDatabase();
    const queue = open();
    queue._add(stored("a"));
    await queue._save();
    vi.stubGlobal("indexedDB", new IDBFactory());
    queue._add(stored("b", { rank: 0, time: 2 }));
    queue._secure();
    expect(await ids(queue)).toEqual(["a", "b"]);
    expect(Object.keys(localStorage).sort()).toEqual(["ff_db", "ff_q_a", "ff_q_b"]);
    await queue._remove(queue._mine());
    expect(await ids(open())).toEqual([]);
    expect(Object.keys(localStorage)).toEqual(["ff_db"]);
  });

  test("has what other pages left until it is removed, and then reads the database no more", async () => {
    const left = open();
    left._add(stored("a"));
    await left._save();
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
    await left._save();
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
    await here._save();
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase("ff");
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    here._add(stored("b"));
    await here._save();
    here._add(stored("c"));
    await here._save();
    expect(await ids(here)).toEqual(expect.arrayContaining(["b", "c"]));
    expect(await ids(open())).toEqual(expect.arrayContaining(["b", "c"]));
  });

  test("is held to a million characters: the low levels go first", async () => {
    const queue = open();
    const event = "x".repeat(300_000);
    queue._add(stored("low", { rank: 0, time: 9, event }));
    for (const id of ["a", "b", "c"]) queue._add(stored(id, { event }));
    await queue._save();
    expect(await ids(queue)).toEqual(["a", "b", "c"]);
    expect(debug).toHaveBeenCalled();
    expect(await ids(open())).toEqual(["a", "b", "c"]);
  });

  test("throws nothing where localStorage is full", async () => {
    noDatabase();
    const makeRoom = fill();
    const queue = open();
    queue._add(stored("a"));
    queue._secure();
    expect(await ids(queue)).toEqual(["a"]);
    makeRoom();
    expect(localStorage.length).toBe(0);
  });

  test("is not stopped by what somebody else left under its names", async () => {
    localStorage.setItem("ff_q_a", "not JSON");
    const queue = open();
    queue._add(stored("b"));
    expect(await ids(queue)).toEqual(["b"]);
  });
});
