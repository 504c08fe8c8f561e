import type { Module } from "../core/module.js";
import { listen } from "../mid/listen.js";
import { documentSize, type PathOptions, recordPath } from "./recordPath.js";

/** Where the mouse or pen goes, in CSS pixels of the document: `pointer`. */
export const pointer =
  (options: PathOptions = {}): Module =>
  (core) => {
    const { move } = recordPath(core, "pointer", options, documentSize);
    listen(core, window, "pointermove", (event: PointerEvent) => {
      if (event.pointerType !== "touch") move(event.timeStamp, event.pageX, event.pageY);
    });
  };
