import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { autoPage } from "../../src/mid/autoPage.js";
import { over } from "./recordingCore.js";

const { pushState, replaceState } = history;

beforeEach(() => {
  vi.stubGlobal("navigation", undefined);
  pushState.call(history, null, "", "/");
});

afterEach(() => {
  history.pushState = pushState;
  history.replaceState = replaceState;
});

const step = (call: typeof pushState, address: string) => call.call(history, null, "", address);

test.each<[string, string, string, boolean, number]>([
  ["another path", "pushState", "/cart", false, 1],
  ["another path, replaced", "replaceState", "/login", false, 1],
  ["another query", "pushState", "/?page=2", false, 1],
  ["another query, replaced", "replaceState", "/?q=lam", false, 0],
  ["the same address", "pushState", "/", false, 0],
  ["another fragment", "pushState", "/#top", false, 0],
  ["another fragment, where routes stand in it", "pushState", "/#/cart", true, 1],
])("%s", (_, call, address, hash, pages) => {
  const core = over([autoPage()], { hash });
  step(history[call as "pushState"], address);
  expect(core.pages()).toBe(pages);
});

test("a step back and a change of the fragment by hand are pages too", () => {
  const core = over([autoPage()], { hash: true });
  pushState.call(history, null, "", "/cart");
  window.dispatchEvent(new PopStateEvent("popstate"));
  expect(core.pages()).toBe(1);
  pushState.call(history, null, "", "/cart#/pay");
  window.dispatchEvent(new Event("hashchange"));
  window.dispatchEvent(new Event("hashchange"));
  expect(core.pages()).toBe(2);
});

test("the page's history works as before, even if a page view fails", () => {
  const core = over([autoPage()]);
  core.page = () => {
    throw new Error("ours");
  };
  history.pushState({ a: 1 }, "", "/state");
  expect([location.pathname, history.state]).toEqual(["/state", { a: 1 }]);
});

test("where there is a Navigation API it is asked, and the history left as it is", () => {
  const navigation = new EventTarget();
  vi.stubGlobal("navigation", navigation);
  const core = over([autoPage()]);
  expect(history.pushState).toBe(pushState);
  const changed = (navigationType: string, address: string) => {
    pushState.call(history, null, "", address);
    navigation.dispatchEvent(Object.assign(new Event("currententrychange"), { navigationType }));
  };
  changed("push", "/cart");
  changed("replace", "/cart?open=1");
  changed("traverse", "/cart?open=2");
  expect(core.pages()).toBe(2);
});
