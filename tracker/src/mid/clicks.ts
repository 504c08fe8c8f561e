import type { Module } from "../core/module.js";
import { attribute } from "./attribute.js";
import { documentSize } from "./documentSize.js";
import { listen } from "./listen.js";
import { subject, within } from "./subject.js";

/** Every click, with its place in the document: `click`, at the low level. */
export const clicks = (): Module => (core) => {
  listen(core, "click", (event: MouseEvent) => {
    const at = subject(event);
    if (!at) return;
    let { x, y } = at;
    if (!event.detail && !x && !y && at._element) {
      // A key pressed it: that has no place but the element's own.
      const box = at._element.getBoundingClientRect();
      x = box.left + box.width / 2 + scrollX;
      y = box.top + box.height / 2 + scrollY;
    }
    core.record("click", "low", {
      x: Math.round(x),
      y: Math.round(y),
      ...documentSize(),
      target: at.target,
      item: attribute(within(at._element, "[data-ff-item]"), "data-ff-item"),
    });
  });
};
