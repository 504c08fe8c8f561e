/// <reference types="vite/client" />
import Ajv from "ajv/dist/2020.js";
import { beforeEach, describe, expect, test, vi } from "vitest";
import schema from "../../../contract/batch.schema.json";
import type { Core } from "../../src/core/module.js";
import type { Batch } from "../../src/wire.js";
import { denyCookies, denyStorage } from "./denied.js";
import { createWorld, settled, type World } from "./world.js";

const isBatch = new Ajv({ strict: false }).compile<Batch>(schema);
const examples = import.meta.glob<Batch>("../../../contract/examples/valid/*.json", { eager: true, import: "default" });

let world: World;

beforeEach(async () => {
  await settled();
  history.replaceState(null, "", "/");
  document.title = "Shop";
  world = createWorld();
});

const names = (batches: Batch[]) => batches.flatMap((batch) => batch.events).map((event) => event.name);

describe("what is sent", () => {
  test("is a batch by the contract, of the page as it is", async () => {
    history.replaceState(null, "", "/shoes?utm_source=news&token=1#top");
    const tracker = world.track({ consent: "granted" });
    tracker.track("purchase", { items: [{ item: "s-1", quantity: 2, value: 20 }], value: 40, currency: "EUR" });
    await tracker.flush();
    expect(world.batches).toHaveLength(1);
    const [batch] = world.batches as [Batch];
    expect(isBatch(batch), JSON.stringify(isBatch.errors)).toBe(true);
    expect(batch).toMatchObject({
      write_key: "ffk_1",
      visitor: tracker.visitor(),
      consent: "granted",
      library: { name: "footfall-tracker", version: "1.2.3" },
      page: { url: "https://shop.example/shoes?utm_source=news", referrer: "", title: "Shop" },
      events: [
        { name: "page_view", level: "mid" },
        { name: "purchase", level: "high", properties: { value: 40 } },
      ],
    });
  });

  test("is a batch by the contract whatever the page gives", async () => {
    document.title = `\0${"\ud83e".repeat(3_000)}`;
    history.replaceState(null, "", `/${"x".repeat(9_000)}`);
    const tracker = world.track();
    tracker.identify("u".repeat(300));
    tracker.track("n".repeat(200), { at: Number.POSITIVE_INFINITY, when: new Date(0), nothing: undefined });
    await tracker.flush();
    expect(isBatch(world.batches[0]), JSON.stringify(isBatch.errors)).toBe(true);
  });

  test.each(Object.entries(examples))("could be the contract's example %s", (_, example) => {
    expect(isBatch(example)).toBe(true);
    // What the types promise, and no others.
    const fields: (keyof Batch)[] = [
      "write_key",
      "sent_at",
      "visitor",
      "events",
      "user",
      "library",
      "consent",
      "page",
      "screen",
    ];
    expect(fields).toEqual(expect.arrayContaining(Object.keys(example)));
  });

  test("is text/plain, outlives the page, and brings no cookies unless the site says so", async () => {
    await world.track().flush();
    world.reload();
    await world.track({ cookies: true }).flush();
    expect(world.requests.map(({ keepalive, credentials, headers }) => [keepalive, credentials, headers])).toEqual([
      [true, "same-origin", undefined],
      [true, "include", undefined],
    ]);
    expect(typeof world.requests[0]!.body).toBe("string");
  });

  test("tells a robot's page views, and only these", async () => {
    vi.spyOn(navigator, "webdriver", "get").mockReturnValue(true);
    const tracker = world.track();
    tracker.track("add_to_cart");
    await tracker.flush();
    expect(world.events().map((event) => event.properties)).toEqual([{ webdriver: true }, {}]);
  });

  test("is what the properties were when the page gave them", async () => {
    const tracker = world.track();
    const cart = { count: 1 };
    tracker.track("add_to_cart", cart);
    cart.count = 2;
    await tracker.flush();
    expect(world.events()[1]!.properties).toEqual({ count: 1 });
  });

  test("has a time of its own for each event, so that their order is known", async () => {
    vi.spyOn(Date, "now").mockReturnValue(1_767_225_600_000);
    const tracker = world.track();
    tracker.track("a");
    tracker.track("b");
    await tracker.flush();
    expect(world.events().map((event) => event.time - 1_767_225_600_000)).toEqual([0, 1, 2]);
  });
});

describe("a page view", () => {
  test("of a single-page application has the page before as its referrer, and later events are its own", async () => {
    const tracker = world.track();
    history.pushState(null, "", "/boots");
    document.title = "Boots";
    tracker.page();
    tracker.track("add_to_cart");
    await tracker.flush();
    const boots = { url: "https://shop.example/boots", referrer: "https://shop.example/", title: "Boots" };
    expect(world.events().map((event) => event.page)).toEqual([undefined, boots, boots]);
  });

  test("is left to the site where it says so", async () => {
    const tracker = world.track({ page: false });
    tracker.track("add_to_cart");
    await tracker.flush();
    expect(names(world.batches)).toEqual(["add_to_cart"]);
    expect(world.batches[0]!.page!.url).toBe("https://shop.example/");
  });
});

describe("modules", () => {
  const module = (log: string[]) => (core: Core) => {
    for (const hook of ["page", "leave", "hide", "show", "reset"] as const) core.on(hook, () => log.push(hook));
    core.on("leave", () => core.record("page_leave", "mid"));
  };

  test("are called at each hook, in order", () => {
    const log: string[] = [];
    const tracker = world.track({ modules: [module(log)] });
    tracker.page();
    world.turn("hidden");
    world.turn("visible");
    tracker.reset();
    dispatchEvent(new Event("pagehide"));
    world.turn("hidden");
    expect(log).toEqual(["page", "leave", "page", "hide", "show", "reset", "leave", "hide"]);
  });

  test("begin a page view anew after the back-forward cache", async () => {
    const log: string[] = [];
    const tracker = world.track({ modules: [module(log)] });
    dispatchEvent(new Event("pagehide"));
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await tracker.flush();
    expect(log).toEqual(["page", "leave", "hide", "show", "page"]);
    expect(names(world.batches)).toEqual(["page_view", "page_leave", "page_view"]);
  });

  test("record on the page that is left, not on the one that comes", async () => {
    const tracker = world.track({ modules: [module([])] });
    history.pushState(null, "", "/boots");
    tracker.page();
    await tracker.flush();
    expect(world.events().map((event) => [event.name, event.page?.url])).toEqual([
      ["page_view", undefined],
      ["page_leave", undefined],
      ["page_view", "https://shop.example/boots"],
    ]);
  });

  test("that throw harm nobody", async () => {
    const broken = () => {
      throw new Error("broken");
    };
    const tracker = world.track({
      modules: [
        broken,
        (core) => void core.on("page", broken),
        (core) => core.on("page", () => core.record("a", "mid")),
      ],
    });
    await tracker.flush();
    expect(names(world.batches)).toEqual(["page_view", "a"]);
  });

  test("no longer hear what they have ended", () => {
    const log: string[] = [];
    const tracker = world.track();
    const stop = tracker.on("page", () => log.push("page"));
    stop();
    tracker.page();
    expect(log).toEqual([]);
  });
});

describe("a page that goes", () => {
  test("sends by a beacon, and keeps its copies until a later page's sending is acknowledged", async () => {
    const tracker = world.track();
    tracker.track("a");
    world.turn("hidden");
    expect(names(world.beacons)).toEqual(["page_view", "a"]);
    world.reload();
    await world.track({ page: false }).flush();
    expect(names(world.batches)).toEqual(["page_view", "a"]);
    expect(world.events().map(({ id }) => id)).toEqual(
      world.beacons.flatMap(({ events }) => events).map(({ id }) => id),
    );
    world.reload();
    await world.track({ page: false }).flush();
    expect(world.batches).toHaveLength(1);
  });

  test("keeps what is recorded in its last moment, when a database has no time left", async () => {
    world.takesBeacons = false;
    const tracker = world.track();
    await tracker.flush();
    vi.stubGlobal("indexedDB", { open: () => ({}) });
    const modules = [(core: Core) => void core.on("leave", () => core.record("page_leave", "mid"))];
    world.reload();
    world.track({ modules });
    dispatchEvent(new Event("pagehide"));
    const kept = Object.keys(localStorage).filter((key) => key.startsWith("ff_q_"));
    expect(kept.map((key) => JSON.parse(JSON.parse(localStorage[key]).event).name).sort()).toEqual([
      "page_leave",
      "page_view",
    ]);
  });

  test("sends an event once as it hides, and again only if it comes back and no answer came", () => {
    const tracker = world.track();
    world.turn("hidden");
    dispatchEvent(new Event("pagehide"));
    expect(names(world.beacons)).toEqual(["page_view"]);
    world.turn("visible");
    tracker.track("a");
    world.turn("hidden");
    expect(names(world.beacons)).toEqual(["page_view", "page_view", "a"]);
  });

  test("has the browser send it later where it can, and asks for an answer meanwhile", async () => {
    const later: { body: string; signal: AbortSignal }[] = [];
    vi.stubGlobal("fetchLater", (_: string, request: { body: string; signal: AbortSignal }) => later.push(request));
    const tracker = world.track();
    world.turn("hidden");
    expect(later.map(({ body }) => names([JSON.parse(body)]))).toEqual([["page_view"]]);
    expect(world.beacons).toEqual([]);
    await tracker.flush();
    expect(names(world.batches)).toEqual(["page_view"]);
    expect(later[0]!.signal.aborted).toBe(true);
  });

  test("falls back on a beacon where fetchLater has no room", async () => {
    vi.stubGlobal("fetchLater", () => {
      throw new DOMException("", "QuotaExceededError");
    });
    const tracker = world.track();
    world.turn("hidden");
    expect(names(world.beacons)).toEqual(["page_view"]);
    await tracker.flush();
  });
});

describe("identity", () => {
  test("is one visitor over page loads, and another after a reset", async () => {
    const first = world.track();
    const visitor = first.visitor();
    first.identify("customer-42", { plan: "gold" });
    await first.flush();
    world.reload();
    const second = world.track();
    expect(second.visitor()).toBe(visitor);
    await second.flush();
    second.reset();
    second.page();
    await second.flush();
    expect(second.visitor()).not.toBe(visitor);
    expect(world.batches.map((batch) => [names([batch]).at(-1), batch.user])).toEqual([
      ["page_view", undefined],
      ["identify", "customer-42"],
      ["page_view", "customer-42"],
      ["page_view", undefined],
    ]);
    expect(world.events()[1]!.properties).toEqual({ plan: "gold" });
  });

  test("has an id of its own for each event, and no two visitors' ids begin alike", async () => {
    const tracker = world.track();
    tracker.track("a");
    tracker.reset();
    tracker.track("b");
    await tracker.flush();
    const ids = world.events().map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const [first, , second] = ids.map((id) => id.slice(0, 24));
    expect(second).not.toBe(first);
  });

  test("has aliases and groups", async () => {
    const tracker = world.track({ page: false });
    tracker.alias("old-1");
    tracker.group("acme", { size: 3 });
    await tracker.flush();
    expect(world.events().map(({ name, level, properties }) => [name, level, properties])).toEqual([
      ["alias", "high", { previous: "old-1" }],
      ["group", "high", { group: "acme", size: 3 }],
    ]);
  });

  test("is nowhere kept in the anonymous mode, nor is an event", async () => {
    world.answers = ["no way"];
    const tracker = world.track({ anonymous: true });
    tracker.identify("customer-42");
    await tracker.flush();
    world.turn("hidden");
    expect(localStorage.length).toBe(0);
    expect(await indexedDB.databases()).toEqual([]);
    expect(document.cookie).toBe("");
    expect(world.beacons[0]).toMatchObject({ visitor: tracker.visitor() });
    expect(world.beacons[0]!.user).toBeUndefined();
    world.reload();
    expect(world.track({ anonymous: true }).visitor()).not.toBe(tracker.visitor());
  });

  test("lasts the page where storage and cookies are denied; events are sent all the same", async () => {
    denyStorage();
    denyCookies();
    const tracker = world.track();
    tracker.track("a");
    await tracker.flush();
    tracker.track("b");
    await tracker.flush();
    expect(names(world.batches)).toEqual(["page_view", "a", "b"]);
    expect(new Set(world.batches.map((batch) => batch.visitor)).size).toBe(1);
  });
});

describe("consent", () => {
  test("that is waited for holds all in memory, with no id; given, all goes out as of then", async () => {
    const tracker = world.track({ consent: "hold" });
    tracker.track("a");
    tracker.identify("customer-42");
    await tracker.flush();
    world.turn("hidden");
    world.turn("visible");
    expect([world.batches, world.beacons, tracker.visitor(), localStorage.length]).toEqual([[], [], "", 0]);
    expect(await indexedDB.databases()).toEqual([]);
    tracker.consent("granted");
    await tracker.flush();
    expect(world.batches.map((batch) => [names([batch]), batch.consent, batch.user])).toEqual([
      [["page_view", "a"], "granted", undefined],
      [["identify"], "granted", "customer-42"],
    ]);
    expect(new Set(world.batches.map((batch) => batch.visitor))).toEqual(new Set([tracker.visitor()]));
  });

  test("that is denied drops what was held, and is remembered", async () => {
    const tracker = world.track({ consent: "hold" });
    tracker.consent("denied");
    tracker.track("a");
    await tracker.flush();
    world.reload();
    const next = world.track();
    next.track("b");
    await next.flush();
    expect(world.batches).toEqual([]);
    expect([tracker.visitor(), next.visitor()]).toEqual(["", ""]);
    expect(Object.keys(localStorage)).toEqual(["ff_consent"]);
  });

  test("that is taken back forgets the visitor, and loses nothing that was recorded before", async () => {
    const tracker = world.track({ consent: "hold" });
    tracker.consent("granted");
    tracker.track("a");
    tracker.consent("denied");
    tracker.track("b");
    await tracker.flush();
    expect(names(world.batches)).toEqual(["page_view", "a"]);
    expect(localStorage.getItem("ff_visitor")).toBe(null);
  });

  test("that is denied may go on without ids, where the site says so", async () => {
    const tracker = world.track({ denied: "anonymous" });
    const known = tracker.visitor();
    tracker.identify("customer-42");
    await tracker.flush();
    tracker.consent("denied");
    tracker.track("a");
    await tracker.flush();
    const [, , last] = world.batches;
    expect([last!.consent, last!.user]).toEqual(["denied", undefined]);
    expect(last!.visitor).not.toBe(known);
    tracker.consent("granted");
    expect([known, last!.visitor]).not.toContain(tracker.visitor());
  });

  test("that the browser denies is denied", async () => {
    Object.defineProperty(navigator, "globalPrivacyControl", { configurable: true, value: true });
    const tracker = world.track({ consent: "granted" });
    tracker.consent("granted");
    await tracker.flush();
    Reflect.deleteProperty(navigator, "globalPrivacyControl");
    expect(world.batches).toEqual([]);
  });
});

describe("a tracker", () => {
  test("in a prerendered page waits until the page is seen", async () => {
    const seen = { prerendering: true };
    Object.defineProperty(document, "prerendering", { configurable: true, get: () => seen.prerendering });
    const tracker = world.track();
    tracker.track("a");
    await tracker.flush();
    world.turn("hidden");
    expect([world.batches, world.beacons]).toEqual([[], []]);
    world.turn("visible");
    seen.prerendering = false;
    document.dispatchEvent(new Event("prerenderingchange"));
    await tracker.flush();
    Reflect.deleteProperty(document, "prerendering");
    expect(names(world.batches)).toEqual(["page_view", "a"]);
  });

  test.each<[string, (tracker: ReturnType<World["track"]>) => unknown]>([
    ["no name", (tracker) => tracker.track(undefined as never)],
    [
      "a circle",
      (tracker) => {
        const circle: Record<string, unknown> = {};
        circle.self = circle;
        tracker.track("a", circle);
      },
    ],
    ["a BigInt", (tracker) => tracker.track("a", { n: 1n })],
    ["a symbol", (tracker) => tracker.track(Symbol("a") as never)],
    ["no user", (tracker) => tracker.identify("")],
    ["a consent that is none", (tracker) => tracker.consent("maybe" as never)],
    [
      "a getter that throws",
      (tracker) =>
        tracker.track("a", {
          get n() {
            throw new Error("no");
          },
        }),
    ],
  ])("that is given %s throws nothing, and goes on", async (_, act) => {
    const tracker = world.track();
    expect(() => act(tracker)).not.toThrow();
    tracker.track("after");
    await tracker.flush();
    expect(names(world.batches)).toContain("after");
  });

  test("says on the console what it does, only where it is told to", async () => {
    const said = vi.spyOn(console, "debug").mockReturnValue();
    await world.track().flush();
    expect(said).not.toHaveBeenCalled();
    world.reload();
    await world.track({ debug: true }).flush();
    expect(said.mock.calls.map(([, text]) => text)).toEqual(expect.arrayContaining(["page_view", "sending", "200"]));
  });

  test("takes a site's own events, by their types", () => {
    interface Shop {
      purchase: { value: number };
      newsletter: Record<never, never>;
    }
    const tracker = world.track<Shop>();
    tracker.track("purchase", { value: 1 });
    tracker.track("newsletter");
    // @ts-expect-error a purchase has a value
    tracker.track("purchase");
    // @ts-expect-error there is no such event
    tracker.track("sale");
  });
});
