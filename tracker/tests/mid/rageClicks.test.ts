import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rageClicks } from "../../src/mid/rageClicks.js";
import { click, over, show } from "./recordingCore.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const burst = (element: Element, clicks: number, apart = 150, given: MouseEventInit = {}) => {
  for (let number = 0; number < clicks; number++) {
    click(element, { clientX: 50 + (number % 3), clientY: 60, ...given });
    vi.advanceTimersByTime(apart);
  }
};

test("four clicks within 750 ms are rage, told once with all of its clicks", () => {
  const button = show('<button class="buy">Buy</button>', "button");
  const core = over([rageClicks()]);
  const begins = Date.now();
  burst(button, 7);
  expect(core.events).toEqual([]);
  vi.advanceTimersByTime(750);
  expect(core.of("rage_click")).toMatchObject([{ target: "button.buy", x: 50, y: 60, clicks: 7 }]);
  expect(core.events[0]?.time).toBe(begins);
});

test("a burst that the end of the page cuts off is told", () => {
  const button = show("<button>Buy</button>", "button");
  const core = over([rageClicks()]);
  burst(button, 4, 100);
  core.fire("leave");
  core.fire("hide");
  expect(core.of("rage_click")).toHaveLength(1);
});

test.each([
  ["three clicks", 3, 100],
  ["four clicks in more than 750 ms", 4, 260],
  ["clicks a second apart", 9, 1_000],
])("%s are none", (_, clicks, apart) => {
  const button = show("<button>Buy</button>", "button");
  const core = over([rageClicks()]);
  burst(button, clicks, apart);
  vi.advanceTimersByTime(5_000);
  expect(core.events).toEqual([]);
});

test("clicks all over the page are none", () => {
  const text = show("<p>x</p>", "p");
  const core = over([rageClicks()]);
  for (let number = 0; number < 6; number++) click(text, { clientX: number * 40, clientY: 5 });
  vi.advanceTimersByTime(5_000);
  expect(core.events).toEqual([]);
});

test.each([
  ["a stepper's sign", "<button><span>+</span></button>", "span"],
  ["a stepper's label", '<button aria-label="Increase quantity"><i></i></button>', "i"],
  ["a carousel's arrow", "<button>›</button>", "button"],
  ["a sign with a name for machines", '<button id="zoom_in"><svg></svg></button>', "svg"],
  ["a carousel's class", '<a class="slick-next">x</a>', "a"],
  ["a field of numbers", '<input type="number">', "input"],
  ["a label", "<label>x</label>", "label"],
  ["a slider", '<div role="slider"><i></i></div>', "i"],
  ["a drawing or game", "<canvas></canvas>", "canvas"],
  ["a video", "<video></video>", "video"],
  ["a map", '<div class="leaflet-container"><div></div></div>', ".leaflet-container div"],
  ["an editor", "<div contenteditable><b>x</b></div>", "b"],
  ["what the site says", "<div data-ff-no-rage><b>x</b></div>", "b"],
  ["what is ignored", "<div data-ff-ignore><b>x</b></div>", "b"],
])("%s is clicked again and again on purpose", (_, html, selector) => {
  const element = show(html, selector);
  const core = over([rageClicks()]);
  burst(element, 8);
  vi.advanceTimersByTime(5_000);
  expect(core.events).toEqual([]);
});

test("selecting a paragraph is no rage", () => {
  const text = show("<p>Some text</p>", "p");
  const core = over([rageClicks()]);
  vi.stubGlobal("getSelection", () => ({ type: "Range" }));
  burst(text, 5);
  vi.advanceTimersByTime(5_000);
  expect(core.events).toEqual([]);
});
