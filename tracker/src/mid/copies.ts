import type { Module } from "../core/module.js";
import { listen } from "./listen.js";
import { subject } from "./subject.js";

/** That something was copied, and how many characters: `copy`. Never what. */
export const copies = (): Module => (core) => {
  listen(core, "copy", (event: ClipboardEvent) => {
    const at = subject(event);
    if (!at) return;
    // What is selected within a field is not part of the document's selection.
    const { selectionStart, selectionEnd } = at._element as HTMLInputElement;
    const length = (selectionEnd ?? 0) - (selectionStart ?? 0) || String(getSelection()).length;
    core.record("copy", "mid", { length, target: at.target });
  });
};
