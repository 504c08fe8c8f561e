import { expect, test } from "vitest";
import { siteSearch } from "../../src/mid/siteSearch.js";
import { over } from "./recordingCore.js";

test.each<[string, string[] | undefined, string | undefined]>([
  ["/search?q=desk+lamp", undefined, "desk lamp"],
  ["/search?lang=en&keyword=%20lamp%20", undefined, "lamp"],
  ["/search?q=&s=lamp", undefined, "lamp"],
  ["/search?q=", undefined, undefined],
  ["/search?qq=lamp", undefined, undefined],
  ["/finden?suche=Lampe&q=x", ["suche"], "Lampe"],
])("%s", (address, parameters, query) => {
  history.replaceState(null, "", address);
  expect(over([siteSearch({ parameters })]).of("search")).toEqual(query ? [{ query }] : []);
});

test("each page of results is a search", () => {
  history.replaceState(null, "", "/search?q=a");
  const core = over([siteSearch()]);
  history.replaceState(null, "", "/search?q=b");
  core.page();
  history.replaceState(null, "", "/");
  core.page();
  expect(core.of("search")).toEqual([{ query: "a" }, { query: "b" }]);
});
