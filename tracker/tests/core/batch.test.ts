import { describe, expect, test } from "vitest";
import { bytes, MOST_BYTES, MOST_EVENTS, writeBatch } from "../../src/core/batch.js";
import type { Stored } from "../../src/core/stored.js";
import type { Batch } from "../../src/wire.js";

const stored = (id: string, more: Partial<Stored> = {}): Stored => ({
  id,
  time: 1,
  rank: 1,
  event: JSON.stringify({ id, name: "n", level: "mid", time: 1 }),
  page: '{"url":"https://shop.example/"}',
  envelope: '"visitor":"v-1"',
  ...more,
});

const read = (events: Stored[], most?: number): [Batch, Stored[]] => {
  const [body, taken] = writeBatch(events, "k1", 5, most);
  return [JSON.parse(body), taken];
};

describe("a batch", () => {
  test("has the key, the clock, the envelope, the page and the events", () => {
    expect(read([stored("a"), stored("b")])[0]).toEqual({
      write_key: "k1",
      sent_at: 5,
      visitor: "v-1",
      page: { url: "https://shop.example/" },
      events: [
        { id: "a", name: "n", level: "mid", time: 1 },
        { id: "b", name: "n", level: "mid", time: 1 },
      ],
    });
  });

  test("has the first event's page; an event of another page brings its own", () => {
    const [batch] = read([stored("a"), stored("b", { page: '{"url":"https://shop.example/b"}' })]);
    expect(batch.events.map((event) => event.page)).toEqual([undefined, { url: "https://shop.example/b" }]);
  });

  test("leaves events of another visitor, user or consent to the next one", () => {
    const [, taken] = read([stored("a"), stored("b", { envelope: '"visitor":"v-2"' }), stored("c")]);
    expect(taken.map((one) => one.id)).toEqual(["a", "c"]);
  });

  test("has at most 500 events", () => {
    const events = Array.from({ length: 600 }, (_, index) => stored(`${index}`));
    expect(read(events)[1]).toHaveLength(MOST_EVENTS);
  });

  test("has at most as many events as it is told", () => {
    expect(read([stored("a"), stored("b"), stored("c")], 2)[1]).toHaveLength(2);
  });

  test("is at most 60 KiB in bytes, not in characters", () => {
    const events = Array.from({ length: 40 }, (_, index) =>
      stored(`${index}`, { event: `{"a":"${"€".repeat(1_000)}"}` }),
    );
    const [body, taken] = writeBatch(events, "k", 5);
    expect(bytes(body)).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytes(body)).toBeGreaterThan(MOST_BYTES - 3_100);
    expect(taken.length).toBeLessThan(events.length);
  });

  test("takes one event that is larger alone, so that it does not stand in the way", () => {
    const large = stored("a", { event: `{"a":"${"x".repeat(70_000)}"}` });
    expect(read([large, stored("b")])[1]).toEqual([large]);
  });
});

test.each(["a~ ", "\u007f", "é", "ж", "€", "日", "😀"])("the bytes of %j are no fewer than UTF-8 has", (text) => {
  const encoded = new TextEncoder().encode(text).length;
  expect(bytes(text)).toBeGreaterThanOrEqual(encoded);
  expect(bytes(text)).toBeLessThanOrEqual(3 * text.length);
});

test("ASCII's bytes are counted exactly", () => {
  expect(bytes('{"name":"a~ b"}')).toBe(15);
});
