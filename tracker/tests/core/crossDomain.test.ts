import { beforeEach, describe, expect, test, vi } from "vitest";
import { crossDomain } from "../../src/core/crossDomain.js";
import { createWorld, settled, type World } from "./world.js";

let world: World;
const domains = ["shop.example", "pay.example"];

beforeEach(async () => {
  await settled();
  history.replaceState(null, "", "/");
  document.body.innerHTML = "";
  world = createWorld();
});

const open = (more = {}) => world.track({ modules: [crossDomain()], domains, ...more });

const click = (href: string, type = "click") => {
  document.body.innerHTML = `<a href="${href}"><b>Go</b></a>`;
  const link = document.querySelector("a")!;
  link.addEventListener(type, (event) => event.preventDefault());
  document.querySelector("b")!.dispatchEvent(new Event(type, { bubbles: true, composed: true, cancelable: true }));
  return link.href;
};

const arrive = (age: number, referrer: string, token = "v-elsewhere") => {
  vi.spyOn(document, "referrer", "get").mockReturnValue(referrer);
  history.replaceState({ kept: 1 }, "", `/cart?_ff=${token}.${(Date.now() - age).toString(36)}&page=2#top`);
};

describe("a link", () => {
  test.each([
    "https://pay.example/start?a=1",
    "https://secure.pay.example/",
    "http://pay.example/",
  ])("to the site's domain carries the visitor: %s", (href) => {
    const tracker = open();
    for (const type of ["click", "auxclick"]) {
      const url = new URL(click(href, type));
      const [visitor, time] = url.searchParams.get("_ff")!.split(".");
      expect(visitor).toBe(tracker.visitor());
      expect(Math.abs(Number.parseInt(time!, 36) - Date.now())).toBeLessThan(1_000);
    }
  });

  test.each([
    "https://other.example/",
    "https://notpay.example/",
    "https://pay.example.evil.example/",
    "https://shop.example/cart",
    "mailto:a@pay.example",
  ])("elsewhere is left as it is: %s", (href) => {
    open();
    expect(click(href)).toBe(href);
  });

  test("carries one visitor only, however often it is clicked", () => {
    open();
    expect(new URL(click("https://pay.example/?_ff=old.1")).searchParams.getAll("_ff")).toHaveLength(1);
  });

  test("carries nobody where consent forbids an id", () => {
    open({ consent: "hold" });
    expect(click("https://pay.example/")).toBe("https://pay.example/");
  });
});

describe("a page that is come to", () => {
  test("takes the visitor over, and takes it out of the address", async () => {
    arrive(1_000, "https://pay.example/start");
    const tracker = open();
    expect(tracker.visitor()).toBe("v-elsewhere");
    expect([location.href, history.state]).toEqual(["https://shop.example/cart?page=2#top", { kept: 1 }]);
    await tracker.flush();
    expect(world.batches[0]).toMatchObject({
      visitor: "v-elsewhere",
      page: { url: "https://shop.example/cart?page=2" },
    });
  });

  test("says that the visitor it knew is the same", async () => {
    const known = open().visitor();
    world.reload();
    arrive(1_000, "https://pay.example/start");
    const tracker = open();
    await tracker.flush();
    const alias = world.events().find((event) => event.name === "alias");
    expect(alias!.properties).toEqual({ previous: known });
  });

  test("takes it over once consent is given", () => {
    arrive(1_000, "https://pay.example/start");
    const tracker = open({ consent: "hold" });
    expect([tracker.visitor(), location.search]).toEqual(["", "?page=2"]);
    tracker.consent("granted");
    expect(tracker.visitor()).toBe("v-elsewhere");
  });

  test.each<[string, number, string, string]>([
    ["two minutes ago", 120_001, "https://pay.example/", "v-elsewhere"],
    ["from a time to come", -120_001, "https://pay.example/", "v-elsewhere"],
    ["from another site", 1_000, "https://evil.example/", "v-elsewhere"],
    ["from nowhere", 1_000, "", "v-elsewhere"],
    ["of nobody", 1_000, "https://pay.example/", ""],
  ])("takes nobody over %s, and cleans the address all the same", (_, age, referrer, visitor) => {
    arrive(age, referrer, visitor);
    expect(open().visitor()).not.toBe("v-elsewhere");
    expect(location.search).toBe("?page=2");
  });

  test("leaves the address alone where the site has named no domains", () => {
    arrive(1_000, "https://pay.example/");
    world.track({ modules: [crossDomain()] });
    expect(location.search).toContain("_ff=");
  });
});
