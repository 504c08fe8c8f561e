import { expect, test } from "vitest";
import { links } from "../../src/mid/links.js";
import { click, over, show } from "./recordingCore.js";

test.each<[string, string, object | undefined]>([
  [
    "another site",
    '<a href="https://other.example/a?token=1">x</a>',
    { kind: "outbound", href: "https://other.example/a" },
  ],
  ["a page of this site", '<a href="/cart">x</a>', undefined],
  ["another domain of this site", '<a href="https://www.shop2.example/">x</a>', undefined],
  [
    "a domain that only ends like it",
    '<a href="https://myshop2.example/">x</a>',
    { kind: "outbound", href: "https://myshop2.example/" },
  ],
  ["a file", '<a href="/list.PDF?v=2">x</a>', { kind: "download", href: "https://shop.example/list.PDF" }],
  ["a page that is called like an ending", '<a href="/pdf">x</a>', undefined],
  ["a download by name", '<a href="/report" download>x</a>', { kind: "download", href: "https://shop.example/report" }],
  ["a download made by the page", '<a href="data:text/plain,joe" download>x</a>', { kind: "download", href: "" }],
  ["a letter", '<a href="mailto:joe@mail.example">x</a>', undefined],
  ["a call", '<a href="tel:123">x</a>', undefined],
  ["a script", '<a href="javascript:void 0">x</a>', undefined],
  ["an address that is none", '<a href="http://[">x</a>', undefined],
  ["a link without an address", "<a>x</a>", undefined],
  ["what is masked", '<p data-ff-mask><a href="https://other.example/joe">x</a></p>', { kind: "outbound", href: "" }],
  ["what is ignored", '<p data-ff-ignore><a href="https://other.example/">x</a></p>', undefined],
])("a click on %s", (_, html, expected) => {
  const link = show(html, "a");
  link.addEventListener("click", (event) => event.preventDefault());
  const core = over([links()], { domains: ["shop2.example"] });
  click(link);
  expect(core.of("link").map(({ kind, href }) => ({ kind, href }))).toEqual(expected ? [expected] : []);
});

test("a link is found from what stands in it, and opened by the middle button, not by the right one", () => {
  const inner = show('<a data-ff="out" href="https://other.example/"><b>x</b></a>', "b");
  const core = over([links()]);
  const press = (button: number) => inner.dispatchEvent(new MouseEvent("auxclick", { bubbles: true, button }));
  press(2);
  expect(core.events).toEqual([]);
  press(1);
  expect(core.of("link")).toEqual([{ kind: "outbound", href: "https://other.example/", target: '[data-ff="out"]>b' }]);
});

test("a site names its own kinds of files", () => {
  const link = show('<a href="/model.stl">x</a>', "a");
  link.addEventListener("click", (event) => event.preventDefault());
  const core = over([links({ downloads: ["stl"] })]);
  click(link);
  expect(core.of("link")).toHaveLength(1);
});
