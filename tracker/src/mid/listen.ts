import type { Core } from "../core/module.js";

const calls: Record<string, ((event: never) => void)[]> = {};

/**
 * Call on the window's events, before the page's own listeners and without a way to stop them. The browser calls once
 * for all that listen to a type: for a pointer's many moves, its call costs more than ours.
 *
 * @param types The events' names, a space between them.
 */
export const listen = <Kind extends Event>(core: Core, types: string, call: (event: Kind) => void): void => {
  const safe = core.guard(call);
  for (const type of types.split(" ")) {
    const all = (calls[type] ||= []);
    const hear = (event: Event) => {
      for (const one of all) one(event as never);
    };
    if (all.push(safe) < 2) addEventListener(type, hear, { capture: true, passive: true });
  }
};
