import { overflow, type Stored } from "./stored.js";

const MOST_CHARACTERS = 262_144; // of some 5 million that the site itself has

/**
 * Keeps events in localStorage, each under a key of its own, so that two tabs never overwrite each other's.
 * At once: it also takes what is recorded as the page goes, when IndexedDB has no time left.
 */
export const createShelf = (prefix: string) => {
  const shelf = {
    _all(): Stored[] {
      const found: Stored[] = [];
      try {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith(prefix)) found.push(JSON.parse(localStorage.getItem(key)!));
        }
      } catch {}
      return found;
    },
    _add(events: Stored[]): void {
      const spilled = new Set(overflow([...shelf._all(), ...events], MOST_CHARACTERS));
      shelf._remove([...spilled]);
      try {
        for (const one of events) {
          if (!spilled.has(one)) localStorage.setItem(prefix + one.id, JSON.stringify(one));
        }
      } catch {}
    },
    _remove(events: Stored[]): void {
      try {
        for (const one of events) localStorage.removeItem(prefix + one.id);
      } catch {}
    },
  };
  return shelf;
};
