import type { Core } from "../core/module.js";

/** Call. What it throws goes to `debug`, never into the page. */
const safely = <Given>(core: Core, call: (given: Given) => void, given: Given): void => {
  try {
    call(given);
  } catch (error) {
    core.debug("a listener failed", error);
  }
};

/** The function, made safe. */
export const guard =
  <Given>(core: Core, call: (given: Given) => void) =>
  (given: Given): void =>
    safely(core, call, given);

type Calls = Record<string, ((event: never) => void)[]>;
const known = new WeakMap<Core, Calls>();

/**
 * Call on the window's events, before the page's own listeners and without a way to stop them. The browser calls once
 * for all that listen to a type: for a pointer's many moves, its call costs more than ours.
 *
 * @param types The events' names, a space between them.
 */
export const listen = <Kind extends Event>(core: Core, types: string, call: (event: Kind) => void): void => {
  const calls: Calls = known.get(core) || {};
  known.set(core, calls);
  for (const type of types.split(" ")) {
    if (calls[type]?.push(call)) continue;
    const all = [call];
    calls[type] = all;
    const hear = (event: Event) => {
      for (const one of all) safely(core, one, event as Kind);
    };
    addEventListener(type, hear, { capture: true, passive: true });
  }
};
