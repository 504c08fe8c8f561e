import type { Module } from "../core/module.js";
import { documentSize } from "../mid/documentSize.js";
import { listen } from "../mid/listen.js";
import { type PathOptions, recordPath } from "./recordPath.js";

/** Where a finger goes, in CSS pixels of the document: `touch`. Of several fingers at once nothing is recorded. */
export const touch =
  (options: PathOptions = {}): Module =>
  (core) => {
    const path = recordPath<Touch>(core, "touch", options, ({ pageX, pageY }) => [pageX, pageY], documentSize);
    listen(core, "touchstart touchmove touchend touchcancel", ({ type, touches, timeStamp }: TouchEvent) => {
      if (type !== "touchmove") path._lift();
      const finger = touches[0];
      if (finger && touches.length === 1) path._move(timeStamp, finger);
    });
  };
