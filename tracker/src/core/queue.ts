import { createDatabase } from "./database.js";
import { createShelf } from "./shelf.js";
import { overflow, type Stored } from "./stored.js";

const MOST_CHARACTERS = 2_097_152;

/**
 * The events that no server has acknowledged: in IndexedDB, else in localStorage; this page's in memory too, for as it
 * goes there is no time to ask a database.
 *
 * @param may Whether the browser's storage may be used.
 */
export const createQueue = (name: string, may: () => boolean, dropped: (events: Stored[]) => void) => {
  const database = createDatabase(name);
  const shelf = createShelf(`${name}_q_`);
  const mine = new Map<string, Stored>();
  const saved = new Set<string>();
  let fresh: Stored[] = [];
  let saving: Promise<unknown> | undefined;

  const save = async () => {
    await undefined; // what one task records goes in one transaction
    while (fresh.length) {
      const events = fresh;
      fresh = [];
      try {
        await database._add(events);
        for (const one of events) saved.add(one.id);
      } catch {
        shelf._add(events);
      }
    }
    saving = undefined;
  };

  const queue = {
    _add(one: Stored): void {
      mine.set(one.id, one);
      if (may()) {
        fresh.push(one);
        saving ||= save();
      }
    },
    /** This page's events, the high levels first. */
    _mine: () => [...mine.values()].sort((a, b) => b.rank - a.rank || a.time - b.time),
    /** All of them, other pages' too, the oldest first. Those above the room there is are dropped. */
    async _all(): Promise<Stored[]> {
      const all = new Map<string, Stored>();
      const put = (events: Stored[]) => {
        for (const one of events) all.set(one.id, one);
      };
      if (may()) {
        await saving;
        const before = new Set(saved);
        try {
          put(await database._all());
          // What was in the database and is not any more, another tab has sent.
          for (const id of before) {
            if (!all.has(id)) {
              mine.delete(id);
              saved.delete(id);
            }
          }
        } catch {}
        put(shelf._all());
      }
      put([...mine.values()]);
      const events = [...all.values()];
      const spilled = overflow(events, MOST_CHARACTERS);
      if (!spilled.length) return events.sort((a, b) => a.time - b.time);
      dropped(spilled);
      await queue._remove(spilled);
      return queue._all();
    },
    /** Forget what was acknowledged, or is not wanted. */
    async _remove(events: Stored[]): Promise<void> {
      shelf._remove(events);
      const ids = new Set(events.map((one) => one.id));
      fresh = fresh.filter((one) => !ids.has(one.id));
      for (const id of ids) {
        mine.delete(id);
        saved.delete(id);
      }
      if (may()) {
        try {
          await database._remove(events);
        } catch {}
      }
    },
    /** Keep at once what no database has yet: the page goes. */
    _secure(): void {
      if (may()) shelf._add([...mine.values()].filter((one) => !saved.has(one.id)));
    },
  };
  return queue;
};
