import { expect, test } from "vitest";
import { errors } from "../../src/mid/errors.js";
import { over } from "./recordingCore.js";

const fail = (message: string, lineno = 3, filename = "https://shop.example/app.js?v=2#x") =>
  window.dispatchEvent(new ErrorEvent("error", { message, filename, lineno, colno: 7 }));
const reject = (reason: unknown) => window.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason }));

test("an error tells its message, masked, and its place, without parameters", () => {
  const core = over([errors()]);
  fail("no user joe@mail.example with card 4111111111111111");
  expect(core.of("error")).toEqual([
    { message: "no user (mail) with card #", source: "https://shop.example/app.js", line: 3, column: 7 },
  ]);
});

test.each([
  [new TypeError("x is undefined"), "x is undefined"],
  ["late", "late"],
  [undefined, "undefined"],
  [{ code: 7 }, "[object Object]"],
])("a promise rejected with %j is told as %j", (reason, message) => {
  const core = over([errors()]);
  reject(reason);
  expect(core.of("error")).toEqual([{ message, source: "", line: 0, column: 0 }]);
});

test("the same error is told once a page view, and no more than ten are", () => {
  const core = over([errors()]);
  fail("one");
  fail("one");
  expect(core.of("error")).toHaveLength(1);
  for (let line = 0; line < 30; line++) fail("many", line);
  expect(core.of("error")).toHaveLength(10);
  core.page();
  fail("one");
  expect(core.of("error")).toHaveLength(11);
});

test("pictures that do not load and the browser's warning about layout are left out", () => {
  const core = over([errors()]);
  window.dispatchEvent(new Event("error"));
  fail("ResizeObserver loop completed with undelivered notifications.");
  expect(core.events).toEqual([]);
});
