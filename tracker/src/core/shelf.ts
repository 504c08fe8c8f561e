import { attempt } from "./attempt.js";
import type { Stored } from "./stored.js";

/**
 * Keeps events in localStorage, each under a key of its own, so that two tabs never overwrite each other's.
 * At once: it also takes what is recorded as the page goes, when IndexedDB has no time left.
 */
export const createShelf = (prefix: string) => {
  let used: unknown; // else there is nothing to remove: each look costs
  return {
    _all: (): Stored[] =>
      attempt(() => {
        const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
        used ||= keys[0];
        return keys.map((key) => JSON.parse(localStorage[key]));
      }) || [],
    _add: (events: Stored[]) =>
      attempt(() =>
        events.forEach((one) => {
          used = localStorage[prefix + one.id] = JSON.stringify(one);
        }),
      ),
    _remove: (events: Stored[]) =>
      used && attempt(() => events.forEach((one) => localStorage.removeItem(prefix + one.id))),
  };
};
