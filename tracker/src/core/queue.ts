import { createDatabase } from "./database.js";
import { createShelf } from "./shelf.js";
import { overflow, type Stored } from "./stored.js";

/** Of localStorage, where there is no database, a fifth. */
const MOST_CHARACTERS = 1_000_000;

/**
 * The events that no server has acknowledged: in IndexedDB, else in localStorage; this page's in memory too, for as it
 * goes there is no time to ask a database.
 *
 * @param may Whether the browser's storage may be used.
 * @param dropped Is told of those that there is no room for.
 */
export const createQueue = (name: string, may: () => boolean, dropped: (events: Stored[]) => void) => {
  const database = createDatabase(name);
  const shelf = createShelf(`${name}_q_`);
  const mine = new Map<string, Stored>();
  let fresh: Stored[] = [];
  let saving: Promise<void> | undefined;

  const save = async () => {
    await undefined; // what one task records goes in one transaction
    while (fresh.length) {
      const events = fresh;
      fresh = [];
      try {
        await database((store) => events.forEach((one) => store.put(one)));
        events.forEach((one) => (one._saved = true));
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
    /** This page's events. */
    _mine: () => [...mine.values()],
    /** All of them, other pages' too, the oldest first. Those above the room there is are dropped. */
    async _all(): Promise<Stored[]> {
      const all = new Map<string, Stored>();
      const put = (events: Stored[]) => events.forEach((one) => all.set(one.id, one));
      if (may()) {
        await saving;
        const saved = queue._mine().filter((one) => one._saved);
        try {
          put(await database((store) => store.getAll()));
          // What was in the database and is not any more, another tab has sent.
          saved.forEach((one) => all.has(one.id) || mine.delete(one.id));
        } catch {}
        put(shelf._all());
      }
      put(queue._mine());
      const events = [...all.values()].sort((a, b) => a.time - b.time);
      const spilled = overflow(events, MOST_CHARACTERS);
      if (!spilled[0]) return events;
      dropped(spilled);
      await queue._remove(spilled);
      return events.filter((one) => !spilled.includes(one));
    },
    /** Forget what was acknowledged, or is not wanted. */
    async _remove(events: Stored[]): Promise<void> {
      events.forEach((one) => mine.delete(one.id));
      shelf._remove(events);
      try {
        if (may()) await database((store) => events.forEach((one) => store.delete(one.id)));
      } catch {}
    },
    /** Keep at once what no database has yet: the page goes. */
    _secure(): void {
      if (may()) shelf._add(queue._mine().filter((one) => !one._saved));
    },
  };
  return queue;
};
