import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { impressions } from "../../src/mid/impressions.js";
import { over, show } from "./recordingCore.js";

/** A window whose elements come into view when the test says so. */
class Eyes {
  static latest: Eyes;
  readonly watched = new Set<Element>();
  constructor(readonly call: (entries: unknown[]) => void) {
    Eyes.latest = this;
  }
  observe(element: Element) {
    this.watched.add(element);
  }
  unobserve(element: Element) {
    this.watched.delete(element);
  }
  disconnect() {
    this.watched.clear();
  }
}

const see = (element: Element, intersectionRatio: number, height = 100) => {
  if (!Eyes.latest.watched.has(element)) return;
  const entry = { target: element, intersectionRatio, intersectionRect: { height }, rootBounds: { height: 800 } };
  Eyes.latest.call([entry]);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IntersectionObserver", Eyes);
});

afterEach(() => {
  vi.useRealTimers();
});

const item = '<ul data-ff-list="home"><li data-ff-item="sku-1" data-ff-position="3">Lamp</li></ul>';

test("an item that is half in view for a second was seen, with its list and position", () => {
  const lamp = show(item, "li");
  const core = over([impressions()]);
  see(lamp, 0.5);
  vi.advanceTimersByTime(999);
  expect(core.events).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(core.of("impression")).toEqual([{ item: "sku-1", list: "home", position: 3 }]);
});

test("what is scrolled past was not seen", () => {
  const lamp = show(item, "li");
  const core = over([impressions()]);
  see(lamp, 0.6);
  vi.advanceTimersByTime(500);
  see(lamp, 0.2);
  vi.advanceTimersByTime(5_000);
  expect(core.events).toEqual([]);
});

test("an item taller than the window is seen where it fills half of it", () => {
  const lamp = show(item, "li");
  const core = over([impressions()]);
  see(lamp, 0.2, 399);
  vi.advanceTimersByTime(1_000);
  expect(core.events).toEqual([]);
  see(lamp, 0.2, 400);
  vi.advanceTimersByTime(1_000);
  expect(core.of("impression")).toHaveLength(1);
});

test("an item is seen once a page view, wherever it stands, and again in the next", () => {
  const list = show('<ul><li data-ff-item="sku-1">a</li><li data-ff-item="sku-1">b</li></ul>', "ul");
  const core = over([impressions()]);
  for (const child of list.children) see(child, 1);
  vi.advanceTimersByTime(1_000);
  expect(core.of("impression")).toEqual([{ item: "sku-1" }]);
  core.page();
  for (const child of list.children) see(child, 1);
  vi.advanceTimersByTime(1_000);
  expect(core.of("impression")).toHaveLength(2);
});

test("the time in another tab does not count", () => {
  const lamp = show(item, "li");
  const core = over([impressions()]);
  see(lamp, 1);
  vi.advanceTimersByTime(900);
  core.fire("hide");
  vi.advanceTimersByTime(60_000);
  core.fire("show");
  see(lamp, 1);
  vi.advanceTimersByTime(999);
  expect(core.events).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(core.of("impression")).toHaveLength(1);
});

test("items that come later are seen, and those that go are forgotten", async () => {
  document.body.innerHTML = "";
  const core = over([impressions()]);
  document.body.innerHTML = item;
  await vi.advanceTimersByTimeAsync(250);
  const lamp = document.querySelector("li") as Element;
  see(lamp, 1);
  document.body.innerHTML = "";
  see(lamp, 0); // as the observer tells of what was taken away
  await vi.advanceTimersByTimeAsync(2_000);
  expect(core.events).toEqual([]);
  document.body.innerHTML = item.replace("sku-1", "sku-2");
  await vi.advanceTimersByTimeAsync(250);
  see(document.querySelector("li") as Element, 1);
  vi.advanceTimersByTime(1_000);
  expect(core.of("impression")).toEqual([{ item: "sku-2", list: "home", position: 3 }]);
});

test("nothing is seen of what is ignored", () => {
  const lamp = show(`<div data-ff-ignore>${item}</div>`, "li");
  const core = over([impressions()]);
  see(lamp, 1);
  vi.advanceTimersByTime(1_000);
  expect(core.events).toEqual([]);
});

test("an element that becomes an item is seen", async () => {
  const lamp = show("<p>Lamp</p>", "p");
  const core = over([impressions()]);
  lamp.setAttribute("data-ff-item", "sku-1");
  await vi.advanceTimersByTimeAsync(250);
  see(lamp, 1);
  vi.advanceTimersByTime(1_000);
  expect(core.of("impression")).toEqual([{ item: "sku-1" }]);
});

test("a text that changes is no reason to look for items", async () => {
  const clock = show("<p>12:00</p>", "p");
  const look = vi.spyOn(document, "querySelectorAll");
  over([impressions()]);
  await vi.advanceTimersByTimeAsync(1_000);
  look.mockClear();
  clock.textContent = "12:01";
  await vi.advanceTimersByTimeAsync(1_000);
  expect(look).not.toHaveBeenCalled();
});
