import type { Core } from "../core/module.js";

/** The function, made safe: what it throws goes to `debug`, never into the page. */
export const guard =
  <Given>(core: Core, call: (given: Given) => void) =>
  (given: Given): void => {
    try {
      call(given);
    } catch (error) {
      core.debug("a listener failed", error);
    }
  };

/**
 * Call on events, before the page's own listeners and without a way to stop them.
 *
 * @param types The events' names, a space between them.
 */
export const listen = <Kind extends Event>(
  core: Core,
  target: EventTarget,
  types: string,
  call: (event: Kind) => void,
): void => {
  const safe = guard(core, call) as EventListener;
  for (const type of types.split(" ")) target.addEventListener(type, safe, { capture: true, passive: true });
};
