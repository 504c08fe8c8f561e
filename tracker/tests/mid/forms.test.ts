import { expect, test } from "vitest";
import { forms } from "../../src/mid/forms.js";
import { over, show } from "./recordingCore.js";

const html = `<form name="checkout"><input name="email"><input id="city" type="text"><button>Pay</button></form>`;
const type = (selector: string, value: string) => {
  const field = document.querySelector(selector) as HTMLInputElement;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
const submit = (form: HTMLElement) => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));

test("a form is begun once and submitted", () => {
  const form = show(html, "form");
  const core = over([forms()]);
  type("[name=email]", "joe@mail.example");
  type("#city", "Rome");
  submit(form);
  core.fire("leave");
  expect(core.of("form")).toEqual([
    { action: "start", form: "checkout" },
    { action: "submit", form: "checkout" },
  ]);
});

test("a form that is left is abandoned, at the field touched last, and no value is told", () => {
  show(html, "form");
  const core = over([forms()]);
  type("[name=email]", "joe@mail.example");
  type("#city", "Rome");
  core.fire("leave");
  core.fire("page");
  core.fire("leave");
  expect(core.of("form")).toEqual([
    { action: "start", form: "checkout" },
    { action: "abandon", form: "checkout", field: "city" },
  ]);
  expect(JSON.stringify(core.events)).not.toMatch(/joe|Rome/);
});

test("a field that loses the focus as the page goes begins no form; one of the next page does", () => {
  show(html, "form");
  const core = over([forms()]);
  type("#city", "Rome");
  core.fire("leave");
  type("#city", "Roma");
  expect(core.of("form").map(({ action }) => action)).toEqual(["start", "abandon"]);
  core.fire("page");
  type("#city", "Bonn");
  expect(core.of("form").map(({ action }) => action)).toEqual(["start", "abandon", "start"]);
});

test.each([
  ["its name in data-ff", '<form data-ff="pay" name="f"><input name="name"></form>', "pay"],
  ["its name, also where a field is called name", '<form name="pay"><input name="name"></form>', "pay"],
  ["its id", '<form id="pay"><input name="id"></form>', "pay"],
  ["its place", '<section id="cart"><form><input name="a"></form></section>', "section#cart>form>input"],
  ["nothing, where it is masked", '<form data-ff-mask name="joe"><input name="a"></form>', ""],
])("a form is known by %s", (_, text, name) => {
  show(text, "form");
  const core = over([forms()]);
  type("input", "x");
  expect(core.of("form")).toEqual([{ action: "start", form: name }]);
});

test("fields outside of forms, and forms that are ignored, are left alone", () => {
  show("<input>", "input");
  const core = over([forms()]);
  type("input", "x");
  show(`<div data-ff-ignore>${html}</div>`, "form");
  type("#city", "x");
  expect(core.events).toEqual([]);
});
