import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deadClicks } from "../../src/mid/deadClicks.js";
import { click, over, show } from "./recordingCore.js";

/** Requests that finish when the test says so. */
class Requests {
  static latest: Requests;
  constructor(readonly call: (list: { getEntries(): { name: string }[] }) => void) {
    Requests.latest = this;
  }
  observe() {}
  disconnect() {}
  finish(name: string) {
    this.call({ getEntries: () => [{ name }] });
  }
}

// Nothing is loaded where a link leads.
const { navigation } = (window as unknown as { happyDOM: { settings: { navigation: Record<string, boolean> } } })
  .happyDOM.settings;
navigation.disableMainFrameNavigation = true;
navigation.disableChildPageNavigation = true;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("PerformanceObserver", Requests);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a button that does nothing is dead after two and a half seconds", async () => {
  const button = show('<button id="buy">Buy</button>', "button");
  const core = over([deadClicks()]);
  const time = Date.now();
  click(button, { clientX: 7, clientY: 8 });
  await vi.advanceTimersByTimeAsync(2_499);
  expect(core.events).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(core.events).toMatchObject([
    { name: "dead_click", level: "mid", properties: { target: "button#buy", x: 7, y: 8 }, time },
  ]);
});

test("clicking it again and again is one dead click", async () => {
  const button = show("<button>Buy</button>", "button");
  const core = over([deadClicks()]);
  for (let number = 0; number < 4; number++) {
    click(button);
    await vi.advanceTimersByTimeAsync(200);
  }
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.of("dead_click")).toHaveLength(1);
});

const dead = [
  "<a href='#'>x</a>",
  "<a href='javascript:void(0)'>x</a>",
  "<div role='tab'>x</div>",
  "<i style='cursor:pointer'>x</i>",
];
test.each(dead)("%s looks as if it did something", async (html) => {
  const element = show(html, "body *");
  element.addEventListener("click", (event) => event.preventDefault());
  const core = over([deadClicks()]);
  click(element);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(core.of("dead_click")).toHaveLength(1);
});

const answers: [string, () => void][] = [
  ["an element that is added", () => document.body.append("x")],
  ["an attribute that changes", () => document.body.setAttribute("class", String(Math.random()))],
  ["scrolling", () => document.dispatchEvent(new Event("scroll"))],
  ["a change of focus", () => document.body.dispatchEvent(new Event("focus"))],
  ["a new route", () => window.dispatchEvent(new Event("popstate"))],
  ["a form that is sent", () => document.body.dispatchEvent(new Event("submit", { bubbles: true }))],
  ["a window in front", () => window.dispatchEvent(new Event("blur"))],
  ["a request", () => Requests.latest.finish("https://api.example/cart")],
];
test.each(answers)("%s answers a click", async (_, answer) => {
  const button = show("<button>Buy</button>", "button");
  const core = over([deadClicks()]);
  click(button);
  await vi.advanceTimersByTimeAsync(2_000);
  answer();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.events).toEqual([]);
});

test("a change within the shadow root that was clicked answers too", async () => {
  const host = show("<x-card></x-card>", "x-card");
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = "<button>Buy</button><p></p>";
  const core = over([deadClicks()]);
  click(root.querySelector("button") as Element);
  root.querySelector("p")?.append("Bought");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.events).toEqual([]);
});

test("the tracker's own request is no answer", async () => {
  const button = show("<button>Buy</button>", "button");
  const core = over([deadClicks()]);
  click(button);
  Requests.latest.finish("https://collect.example/v1/events");
  await vi.advanceTimersByTimeAsync(2_500);
  expect(core.of("dead_click")).toHaveLength(1);
});

test("the next page answers", async () => {
  const button = show("<button>Buy</button>", "button");
  const core = over([deadClicks()]);
  click(button);
  core.page();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.events).toEqual([]);
});

test("a link that the page stopped, and did nothing about, is dead", async () => {
  const link = show('<a href="/cart">Cart</a>', "a");
  link.addEventListener("click", (event) => event.preventDefault());
  const core = over([deadClicks()]);
  click(link);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(core.of("dead_click")).toHaveLength(1);
});

test.each<[string, string, string, MouseEventInit]>([
  ["text", "<p>x</p>", "p", {}],
  ["a link to another page, however slow", '<a href="/slow">x</a>', "a", {}],
  ["a download", '<a href="#" download>x</a>', "a", {}],
  ["a new tab", '<a href="/a" target="_blank">x</a>', "a", {}],
  ["a letter", '<a href="mailto:a@b.example">x</a>', "a", {}],
  ["a call", '<a href="tel:1">x</a>', "a", {}],
  ["a field", '<button><input type="checkbox"></button>', "input", {}],
  ["a label", '<label role="button">x</label>', "label", {}],
  ["a list of choices", "<select><option>x</option></select>", "select", {}],
  ["a click with a key held", "<button>x</button>", "button", { ctrlKey: true }],
  ["another button of the mouse", "<button>x</button>", "button", { button: 1 }],
  ["what the site says", "<button data-ff-no-dead>x</button>", "button", {}],
  ["what is ignored", "<button data-ff-ignore>x</button>", "button", {}],
])("a click on %s is not judged", async (_, html, selector, given) => {
  const element = show(html, selector);
  const core = over([deadClicks()]);
  click(element, given);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.events).toEqual([]);
});

test("selecting text is not judged", async () => {
  const button = show("<a href='#'>Some text</a>", "a");
  button.addEventListener("click", (event) => event.preventDefault());
  const core = over([deadClicks()]);
  click(button);
  vi.stubGlobal("getSelection", () => ({ type: "Range" }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.events).toEqual([]);
});

test("a link that leads nowhere does not end it", async () => {
  const core = over([deadClicks()]);
  const link = show("<a href='http://['>x</a>", "a");
  link.addEventListener("click", (event) => event.preventDefault());
  click(link);
  await vi.advanceTimersByTimeAsync(2_500);
  click(show("<button>Buy</button>", "button"));
  await vi.advanceTimersByTimeAsync(2_500);
  expect(core.of("dead_click")).toHaveLength(1);
});

test("a click is answered within the shadow root of what is around it", async () => {
  const host = show("<x-tabs><button>Next</button></x-tabs>", "x-tabs");
  const shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = "<slot></slot><p>1</p>";
  const core = over([deadClicks()]);
  click(host.querySelector("button") as Element);
  (shadow.querySelector("p") as Element).textContent = "2";
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.of("dead_click")).toEqual([]);
});

test("each of many clicks is heard to be answered, or not, by one timer", async () => {
  const button = show("<button>Buy</button>", "button");
  const core = over([deadClicks()]);
  const answer = async () => {
    button.textContent += "!";
    await vi.advanceTimersByTimeAsync(10);
  };
  click(button);
  const timers = vi.getTimerCount();
  for (let number = 0; number < 10; number++) {
    await answer();
    click(button);
  }
  expect(vi.getTimerCount()).toBe(timers);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.of("dead_click")).toHaveLength(1);
  await answer(); // to none
  await answer();
  click(button);
  await answer();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(core.of("dead_click")).toHaveLength(1);
});

test("a page that changes without a click is heard no further", async () => {
  const { MutationObserver: Changes } = window;
  let ended = 0;
  vi.stubGlobal(
    "MutationObserver",
    class extends Changes {
      override disconnect() {
        ended++;
        super.disconnect();
      }
    },
  );
  const button = show("<button>Buy</button>", "button");
  over([deadClicks()]);
  click(button);
  for (const expected of [0, 1, 1]) {
    button.textContent += "!";
    await vi.advanceTimersByTimeAsync(10);
    expect(ended).toBe(expected);
  }
});
