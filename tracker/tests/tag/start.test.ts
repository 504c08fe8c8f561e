import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Core } from "../../src/core/module.js";
import { start, type TagConfig } from "../../src/tag/start.js";
import { createWorld, settled, type World } from "../core/world.js";

type Ff = ((...given: unknown[]) => unknown) & { q?: unknown[] };
const page = window as unknown as { ff?: Ff };

let world: World;

beforeEach(async () => {
  await settled();
  delete page.ff;
  world = createWorld();
});

/** What a page has inline, as docs/tracker.md gives it. */
const stub = () => {
  page.ff = (...given) => (page.ff!.q = page.ff!.q || []).push([Date.now(), ...given]);
};

const tag = (attributes: Record<string, string>) => {
  const script = document.createElement("script");
  Object.defineProperty(script, "src", { value: "https://collect.example/footfall.js" });
  Object.assign(script.dataset, attributes);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
};

const names = () => world.events().map((event) => event.name);
const flush = () => page.ff!("flush") as Promise<void>;

describe("a script tag", () => {
  test("with a key tracks at once, and sends to where it came from", async () => {
    tag({ key: "ffk_1" });
    start();
    page.ff!("track", "add_to_cart", { item: "s-1" });
    await flush();
    expect(world.batches[0]!.write_key).toBe("ffk_1");
    expect(names()).toEqual(["page_view", "add_to_cart"]);
  });

  test("takes its other settings as JSON", async () => {
    tag({ key: "ffk_1", settings: '{"consent":"hold"}' });
    start();
    await flush();
    expect(world.batches).toEqual([]);
    page.ff!("consent", "granted");
    await flush();
    expect(names()).toEqual(["page_view"]);
  });

  test("without a key waits for init, and then does what was called before, as of then", async () => {
    vi.setSystemTime(1_000);
    start();
    page.ff!("track", "early", {});
    vi.setSystemTime(5_000);
    page.ff!("init", { key: "ffk_2", url: "https://collect.example" });
    await flush();
    expect(world.batches[0]!.write_key).toBe("ffk_2");
    expect(world.events().find(({ name }) => name === "early")!.time).toBeLessThan(5_000);
  });

  test("that came late does what the page called before, as of then", async () => {
    stub();
    vi.setSystemTime(1_000);
    page.ff!("track", "before");
    page.ff!("init", { key: "ffk_1", url: "https://collect.example" });
    vi.setSystemTime(2_000);
    page.ff!("track", "after");
    page.ff!("identify", "customer-42");
    vi.setSystemTime(9_000);
    start();
    page.ff!("track", "now");
    await flush();
    const events = world.events().sort((a, b) => a.time - b.time);
    expect(events.map(({ name, time }) => [name, Math.floor(time / 1_000)])).toEqual([
      ["page_view", 1],
      ["before", 1],
      ["after", 2],
      ["identify", 2],
      ["now", 9],
    ]);
  });

  test("tracks once, though it is told to twice", async () => {
    tag({ key: "ffk_1" });
    stub();
    page.ff!("init", { key: "ffk_1", url: "https://collect.example" });
    start();
    page.ff!("init", { key: "ffk_1", url: "https://collect.example" });
    await flush();
    expect(names()).toEqual(["page_view"]);
  });

  test("gives its features the settings", () => {
    const features = vi.fn((config: TagConfig) => [
      (core: Core) => core.record("feature", "mid", { without: config.without }),
    ]);
    tag({ key: "ffk_1", settings: '{"without":["copies"]}' });
    start(features);
    expect(features).toHaveBeenCalledWith({ key: "ffk_1", without: ["copies"] });
  });

  test.each(["no_such_method", "", "init"])("throws nothing where the page calls %j wrongly", (method) => {
    tag({ key: "ffk_1" });
    start();
    expect(() => page.ff!(method)).not.toThrow();
  });

  test("throws nothing where its settings are no JSON", () => {
    tag({ key: "ffk_1", settings: "{" });
    expect(() => start()).not.toThrow();
  });
});
