import type { Core } from "../core/module.js";

/** The function, made safe: what it throws goes to `debug`, never into the page. */
export const guard =
  <Arguments extends unknown[]>(core: Core, call: (...given: Arguments) => void) =>
  (...given: Arguments): void => {
    try {
      call(...given);
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
  for (const type of types.split(" ")) {
    target.addEventListener(type, guard(core, call) as EventListener, { capture: true, passive: true });
  }
};
