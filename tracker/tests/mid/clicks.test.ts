import { expect, test, vi } from "vitest";
import { clicks } from "../../src/mid/clicks.js";
import { click, over, show } from "./recordingCore.js";

const sizes = () => {
  const page = document.documentElement;
  Object.defineProperty(page, "scrollWidth", { configurable: true, value: 1_280 });
  Object.defineProperty(page, "scrollHeight", { configurable: true, value: 4_000 });
};

test("a click is its place in the document, what it hit, and the item around it", () => {
  sizes();
  const core = over([clicks()]);
  click(show('<li data-ff-item="sku-1"><a class="tile">x</a></li>', "a"), {
    clientX: 12.4,
    clientY: 33.6,
  });
  expect(core.events.map(({ name, level }) => [name, level])).toEqual([["click", "low"]]);
  expect(core.of("click")).toEqual([
    {
      x: 12,
      y: 34,
      width: 1_280,
      height: 4_000,
      target: "li>a.tile",
      item: "sku-1",
    },
  ]);
});

test("a key that presses a button clicks in its middle", () => {
  sizes();
  const button = show("<button>x</button>", "button");
  button.getBoundingClientRect = () => new DOMRect(100, 50, 40, 20);
  vi.stubGlobal("scrollY", 1_000);
  const core = over([clicks()]);
  click(button, { detail: 0 });
  expect(core.of("click")).toMatchObject([{ x: 120, y: 1_060 }]);
});

test("what is ignored is not clicked", () => {
  const core = over([clicks()]);
  click(show("<p data-ff-ignore><a>x</a></p>", "a"));
  expect(core.events).toEqual([]);
});
