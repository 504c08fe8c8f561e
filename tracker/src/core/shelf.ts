import { attempt } from "./attempt.js";
import type { Stored } from "./stored.js";

/**
 * Keeps events in localStorage, each under a key of its own, so that two tabs never overwrite each other's.
 * At once: it also takes what is recorded as the page goes, when IndexedDB has no time left.
 */
export const createShelf = (prefix: string) => ({
  _all: (): Stored[] =>
    attempt(() =>
      Object.keys(localStorage)
        .filter((key) => key.startsWith(prefix))
        .map((key) => JSON.parse(localStorage[key])),
    ) || [],
  /** True where all have room. */
  _add: (events: Stored[]) =>
    attempt(() =>
      events.every((one) => {
        localStorage[prefix + one.id] = JSON.stringify(one);
        return (one._kept = true);
      }),
    ),
  _remove: (events: Stored[]) => attempt(() => events.forEach((one) => localStorage.removeItem(prefix + one.id))),
});
