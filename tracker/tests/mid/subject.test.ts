import { describe, expect, test } from "vitest";
import { type Subject, subject } from "../../src/mid/subject.js";
import { click, show } from "./recordingCore.js";

const of = (element: Element): Subject | undefined => {
  let found: Subject | undefined;
  const look = (event: Event) => {
    found = subject(event);
  };
  window.addEventListener("click", look, { once: true, capture: true });
  click(element);
  return found;
};

describe("the target of an event", () => {
  test.each([
    ["<button>", "<button>Buy</button>", "button", "button"],
    ["its name, where the site gives one", '<p><button data-ff="buy">Buy</button></p>', "button", '[data-ff="buy"]'],
    ["the name of what it stands in", '<nav data-ff="menu"><a>x</a></nav>', "a", '[data-ff="menu"]>a'],
    ["its id", '<p><button id="buy">Buy</button></p>', "button", "button#buy"],
    ["no id that was made up", '<p><b id="r17">x</b><b id=":r1:">x</b></p>', "b", "p>b"],
    ["its classes, but not its state", '<a class="tile is-new active css-1x2y39">x</a>', "a", "a.tile"],
    ["three steps at most", "<main><ul><li><span><b>x</b></span></li></ul></main>", "b", "li>span>b"],
    ["the mask, of what is masked", '<div data-ff-mask class="card"><i id="joe">x</i></div>', "i", "div.card"],
  ])("is %s", (_, html, selector, expected) => {
    expect(of(show(html, selector))?.target).toBe(expected);
  });

  test("is found through an open shadow root", () => {
    const host = show('<x-card id="card"></x-card>', "x-card");
    host.attachShadow({ mode: "open" }).innerHTML = '<p class="text"><button>Buy</button></p>';
    const button = host.shadowRoot?.querySelector("button") as Element;
    expect(of(button)?.target).toBe("x-card#card>>>p.text>button");
  });

  test("is no longer than 256 characters", () => {
    expect(of(show(`<i data-ff="${"x".repeat(999)}">x</i>`, "i"))?.target).toHaveLength(256);
  });

  test("is nothing within data-ff-ignore, also around a shadow root", () => {
    expect(of(show("<div data-ff-ignore><p><i>x</i></p></div>", "i"))).toBeUndefined();
    const host = show("<div data-ff-ignore><x-card></x-card></div>", "x-card");
    host.attachShadow({ mode: "open" }).innerHTML = "<i>x</i>";
    expect(of(host.shadowRoot?.querySelector("i") as Element)).toBeUndefined();
  });
});
