import { describe, expect, test, vi } from "vitest";
import { toJson } from "../../src/core/text.js";
import { uuid } from "../../src/core/uuid.js";

describe("text for the collector", () => {
  test.each([
    ["shoes", "shoes"],
    ["a\0b", "a\ufffdb"],
    ["🥾", "🥾"],
    ["\ud83e", "\ufffd"],
    ["x".repeat(65_537), "x".repeat(65_536)],
  ])("of %j is %j, wherever it stands", (value, expected) => {
    expect(JSON.parse(toJson({ a: [value, { b: value }], n: Number.NaN, u: undefined }))).toEqual({
      a: [expected, { b: expected }],
      n: null,
    });
  });
});

describe("a UUID", () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

  test("is one, and never the same", () => {
    expect(uuid()).toMatch(shape);
    expect(uuid()).not.toBe(uuid());
  });

  test("is taken from a blob's address where the browser makes none", () => {
    vi.stubGlobal("crypto", {});
    const create = vi
      .spyOn(URL, "createObjectURL")
      .mockReturnValue("blob:https://shop.example/0190a1b2-0000-4000-8000-000000000001");
    const revoke = vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
    expect(uuid()).toBe("0190a1b2-0000-4000-8000-000000000001");
    expect(revoke).toHaveBeenCalledWith(create.mock.results[0]!.value);
  });
});
