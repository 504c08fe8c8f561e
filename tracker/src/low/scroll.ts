import type { Module } from "../core/module.js";
import { depth } from "../mid/depth.js";
import { listen } from "../mid/listen.js";
import { type PathOptions, recordPath } from "./recordPath.js";

/** How the document is scrolled, in CSS pixels from its top: `scroll`. */
export const scroll =
  (options: PathOptions = {}): Module =>
  (core) => {
    const seenDepth = depth(core);
    const path = recordPath<number>(
      core,
      "scroll",
      options,
      (y) => [y],
      () => ({ scroll_depth: seenDepth() }),
    );
    listen(core, "scroll", ({ target, timeStamp }: Event) => {
      if (target === document) path._move(timeStamp, scrollY);
    });
  };
