import { expect, test, vi } from "vitest";
import { copies } from "../../src/mid/copies.js";
import { over, show } from "./recordingCore.js";

const copy = (element: Element) => element.dispatchEvent(new Event("copy", { bubbles: true }));

test("a copy tells how much was copied and from where, not what", () => {
  const text = show('<p id="code">SAVE-20</p>', "p");
  vi.stubGlobal("getSelection", () => ({ toString: () => "SAVE-20" }));
  const core = over([copies()]);
  copy(text);
  expect(core.of("copy")).toEqual([{ length: 7, target: "p#code" }]);
});

test("of a field what is selected in it is counted", () => {
  const field = show('<input value="joe@mail.example">', "input") as HTMLInputElement;
  field.setSelectionRange(0, 3);
  const core = over([copies()]);
  copy(field);
  expect(core.of("copy")).toMatchObject([{ length: 3 }]);
});

test("what is ignored is not copied", () => {
  const core = over([copies()]);
  copy(show("<p data-ff-ignore>x</p>", "p"));
  expect(core.events).toEqual([]);
});
