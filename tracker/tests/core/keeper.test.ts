import { beforeEach, describe, expect, test } from "vitest";
import { createKeeper } from "../../src/core/keeper.js";
import { denyCookies, denyStorage } from "./denied.js";

const kept = createKeeper("ff", () => true);

beforeEach(() => {
  localStorage.clear();
  document.cookie = "ff_visitor=;max-age=0;path=/";
});

describe("what is kept", () => {
  test("lies in localStorage, and no cookie is set", () => {
    kept("visitor", "v-1");
    expect(kept("visitor")).toBe("v-1");
    expect(localStorage.getItem("ff_visitor")).toBe("v-1");
    expect(document.cookie).toBe("");
  });

  test("lies in a cookie where localStorage is denied, and is found and forgotten there", () => {
    denyStorage();
    kept("visitor", "v-1");
    expect(document.cookie).toContain("ff_visitor=v-1");
    expect(kept("visitor")).toBe("v-1");
    kept("visitor", "");
    expect(kept("visitor")).toBe("");
  });

  test("is nowhere where both are denied, and nothing is thrown", () => {
    denyStorage();
    denyCookies();
    expect(kept("visitor", "v-1")).toBe("v-1");
    expect(kept("visitor")).toBe("");
  });

  test("is neither written nor read where it may not be, but is forgotten", () => {
    const not = createKeeper("ff", () => false);
    not("visitor", "v-1");
    expect(localStorage.length).toBe(0);
    kept("visitor", "v-2");
    expect(not("visitor")).toBe("");
    not("visitor", "");
    expect(localStorage.length).toBe(0);
  });

  test("of another tracker on the site is left alone", () => {
    createKeeper("other", () => true)("visitor", "v-1");
    expect(kept("visitor")).toBe("");
  });
});
