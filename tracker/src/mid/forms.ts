import type { Module } from "../core/module.js";
import { listen } from "./listen.js";
import { subject, within } from "./subject.js";

const nameOf = (element: Element): string =>
  ["data-ff", "name", "id"].map((name) => element.getAttribute(name)).find(Boolean) ?? "";

/**
 * What becomes of forms: `form` with `start` at the first change of a field, `submit`, or `abandon` where the page is
 * left before. Names of forms and fields are recorded, values never.
 */
export const forms = (): Module => (core) => {
  /** The forms begun, each with its name and the field touched last. */
  const begun = new Map<Element, { form: string; field: string }>();
  const note = (action: string, form: string, field?: string) => core.record("form", "mid", { action, form, field });

  listen(core, window, "input change submit", (event: Event) => {
    const at = subject(event);
    const form = at && within(at.path, "form");
    const field = at?.path[0];
    if (!form || !field) return;
    const name = at.masked ? "" : nameOf(form) || at.target;
    if (event.type === "submit") {
      begun.delete(form);
      note("submit", name);
      return;
    }
    if (!begun.has(form)) note("start", name);
    begun.set(form, { form: name, field: at.masked ? "" : nameOf(field) });
  });
  core.on("leave", () => {
    begun.forEach(({ form, field }) => {
      note("abandon", form, field);
    });
    begun.clear();
  });
};
