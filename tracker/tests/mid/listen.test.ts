import { expect, test } from "vitest";
import { listen } from "../../src/mid/listen.js";
import { over } from "./recordingCore.js";

test("what a listener throws goes to debug and not into the page", () => {
  const core = over([]);
  const said: unknown[] = [];
  core.debug = (_, detail) => said.push(detail);
  const error = new Error("ours");
  listen(core, "one two", () => {
    throw error;
  });
  expect(document.dispatchEvent(new Event("one"))).toBe(true);
  document.dispatchEvent(new Event("two"));
  expect(said).toEqual([error, error]);
});

test("a page that stops its events is heard all the same", () => {
  const core = over([]);
  let heard = 0;
  listen(core, "one", () => heard++);
  document.body.addEventListener("one", (event) => event.stopImmediatePropagation(), { capture: true });
  document.body.dispatchEvent(new Event("one", { bubbles: true }));
  expect(heard).toBe(1);
});
