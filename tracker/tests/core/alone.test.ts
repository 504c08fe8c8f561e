import { beforeEach, describe, expect, test, vi } from "vitest";
import { alone } from "../../src/core/alone.js";
import { denyStorage } from "./denied.js";

/** A work that lasts until it is told to end. */
const begin = () => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = vi.fn(() => ended.then((): true => true));
  return { work, end };
};

beforeEach(() => localStorage.clear());

const locks = () => {
  const held = new Set<string>();
  const request = async (key: string, _: object, call: (lock: object | null) => unknown) => {
    if (held.has(key)) return call(null);
    held.add(key);
    try {
      return await call({});
    } finally {
      held.delete(key);
    }
  };
  Object.defineProperty(navigator, "locks", { configurable: true, value: { request } });
};

describe.each<[string, () => void]>([
  ["locks", locks],
  ["a lease", () => Reflect.deleteProperty(navigator, "locks")],
])("with %s", (_, prepare) => {
  beforeEach(prepare);

  test("one tab works at a time, and another may once it has done", async () => {
    const first = begin();
    const running = alone("ff_lock", true, first.work);
    const second = begin();
    expect(await alone("ff_lock", true, second.work)).toBe(undefined);
    expect(second.work).not.toHaveBeenCalled();
    first.end();
    expect(await running).toBe(true);
    const third = begin();
    third.end();
    expect(await alone("ff_lock", true, third.work)).toBe(true);
    expect(third.work).toHaveBeenCalledOnce();
  });
});

describe("a lease", () => {
  beforeEach(() => void Reflect.deleteProperty(navigator, "locks"));

  test("of a tab that was killed ends by itself", async () => {
    localStorage.setItem("ff_lock", `${Date.now() - 1}`);
    const { work, end } = begin();
    end();
    expect(await alone("ff_lock", true, work)).toBe(true);
  });

  test("is not asked for where storage may not be used", async () => {
    const { work, end } = begin();
    const running = alone("ff_lock", false, work);
    expect(localStorage.length).toBe(0);
    end();
    expect(await running).toBe(true);
  });

  test("is not needed where storage is denied", async () => {
    denyStorage();
    const { work, end } = begin();
    end();
    expect(await alone("ff_lock", true, work)).toBe(true);
  });
});
