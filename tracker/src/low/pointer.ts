import type { Module } from "../core/module.js";
import { documentSize } from "../mid/documentSize.js";
import { listen } from "../mid/listen.js";
import { type PathOptions, recordPath } from "./recordPath.js";

/** Where the mouse or pen goes, in CSS pixels of the document: `pointer`. */
export const pointer =
  (options: PathOptions = {}): Module =>
  (core) => {
    const path = recordPath<PointerEvent>(
      core,
      "pointer",
      options,
      ({ pointerType, pageX, pageY }) => (pointerType === "touch" ? undefined : [pageX, pageY]),
      documentSize,
    );
    listen(core, "pointermove", (event: PointerEvent) => path._move(event.timeStamp, event));
  };
