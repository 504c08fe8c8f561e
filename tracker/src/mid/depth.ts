import type { Core } from "../core/module.js";
import { listen } from "./listen.js";

const known = new WeakMap<Core, () => number>();

/**
 * What tells how far down the page the visitor has seen: the lowest edge of the window so far, in percent of the
 * document's height (0 to 100). A page that fits into the window is seen whole.
 */
export const depth = (core: Core): (() => number) => {
  let read = known.get(core);
  if (!read) {
    let deepest = 0;
    read = () => {
      const seen = scrollY + innerHeight;
      const whole = document.documentElement.scrollHeight;
      deepest = Math.max(deepest, whole ? Math.min(100, Math.round((100 * seen) / whole)) : 0);
      return deepest;
    };
    known.set(core, read);
    listen(core, "scroll", read);
    core.on("page", () => {
      deepest = 0;
    });
  }
  return read;
};
