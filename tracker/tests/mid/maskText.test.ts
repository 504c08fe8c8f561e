import { expect, test } from "vitest";
import { maskText } from "../../src/mid/maskText.js";

test.each([
  ["x is not a function", "x is not a function"],
  ["no user joe.doe+shop@mail.example here", "no user (mail) here"],
  ["GET /users/joe%40mail.example failed", "GET /users/(mail) failed"],
  ["card 4111111111111111, order 123", "card #, order 123"],
  [undefined, "undefined"],
])("%j is masked as %j", (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

test("a long text is cut", () => {
  expect(maskText("x".repeat(9_999))).toHaveLength(500);
});
