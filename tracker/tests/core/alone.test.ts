import { beforeEach, describe, expect, test, vi } from "vitest";
import { alone } from "../../src/core/alone.js";

/** A work that lasts until it is told to end. */
const begin = () => {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = vi.fn(() => ended.then((): true => true));
  return { work, end };
};

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

describe("with locks", () => {
  beforeEach(locks);

  test("one tab works at a time, and another may once it has done", async () => {
    const first = begin();
    const running = alone("ff_lock", first.work);
    const second = begin();
    expect(await alone("ff_lock", second.work)).toBe(null);
    expect(second.work).not.toHaveBeenCalled();
    first.end();
    expect(await running).toBe(true);
    const third = begin();
    third.end();
    expect(await alone("ff_lock", third.work)).toBe(true);
    expect(third.work).toHaveBeenCalledOnce();
  });
});

test("without locks a tab works all the same", async () => {
  Reflect.deleteProperty(navigator, "locks");
  const { work, end } = begin();
  end();
  expect(await alone("ff_lock", work)).toBe(true);
  expect(work).toHaveBeenCalledOnce();
});
