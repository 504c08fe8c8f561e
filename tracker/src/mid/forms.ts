import type { Module } from "../core/module.js";
import { attribute } from "./attribute.js";
import { listen } from "./listen.js";
import { subject, within } from "./subject.js";

const nameOf = (element: Element): string =>
  attribute(element, "data-ff") || attribute(element, "name") || attribute(element, "id") || "";

/**
 * What becomes of forms: `form` with `start` at the first change of a field, `submit`, or `abandon` where the page is
 * left before. Names of forms and fields are recorded, values never.
 */
export const forms = (): Module => (core) => {
  /** The forms begun, each with the field touched last. */
  const begun = new Map<string, string>();
  const note = (action: string, form: string, field?: string) => core.record("form", "mid", { action, form, field });

  listen(core, "input change submit", (event: Event) => {
    const at = subject(event);
    const form = at && within(at._element, "form");
    const field = at?._element;
    if (!form || !field) return;
    const name = at._masked ? "" : nameOf(form) || at.target;
    if (event.type === "submit") {
      begun.delete(name);
      note("submit", name);
      return;
    }
    if (!begun.has(name)) note("start", name);
    begun.set(name, at._masked ? "" : nameOf(field));
  });
  core.on("leave", () => {
    begun.forEach((field, form) => {
      note("abandon", form, field);
    });
  });
  // A page that goes takes the focus from its field, which may tell of a change then: that begins no form.
  core.on("page", () => begun.clear());
};
