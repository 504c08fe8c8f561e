import { createDatabase } from "./database.js";
import { createShelf } from "./shelf.js";
import { overflow, type Stored } from "./stored.js";

/** Of localStorage, where there is no database, a fifth. */
const MOST_CHARACTERS = 1_000_000;
/** What a killed tab may lose, movements and clicks aside; a page that goes by itself loses nothing. */
const SAVE_AFTER_MS = 250;

/**
 * The events that no server has acknowledged: in IndexedDB, else in localStorage; this page's in memory too, for as it
 * goes there is no time to ask a database.
 *
 * @param may Whether the browser's storage may be used.
 */
export const createQueue = (name: string, may: () => boolean, debug: (text: string, detail: unknown) => void) => {
  const database = createDatabase(name);
  const shelf = createShelf(`${name}_q_`);
  const mine = new Map<string, Stored>();
  // Other pages may have left some. Once they are sent, there is no need to read: each page that is open sends its own.
  let foreign = true;

  // All in one transaction, which costs a main thread a millisecond or more.
  const save = async (all?: boolean, old: Stored[] = []) => {
    const fresh = queue._mine().filter((one) => may() && !one._saved && (all || one.rank));
    const mark = (saved: number) => fresh.forEach((one) => (one._saved = saved));
    mark(1);
    // None where they were sent already.
    if (fresh[0] || old[0])
      await database((store) => {
        old.forEach((one) => store.delete(one.id));
        fresh.forEach((one) => store.put(one));
      }).then(
        () => mark(2),
        () => shelf._add(fresh),
      );
  };

  const queue = {
    _add(one: Stored): void {
      mine.set(one.id, one);
      // Movements and clicks are many, and soon sent: they are saved once a sending has failed, or as the page goes.
      if (one.rank) setTimeout(save, SAVE_AFTER_MS);
    },
    /** Save what is not; the low levels too, if told so. */
    _save: save,
    /** This page's events. */
    _mine: () => [...mine.values()],
    /** All of them, those that other pages left too, the oldest first. Those above the room there is are dropped. */
    async _all(): Promise<Stored[]> {
      const all = new Map<string, Stored>();
      const put = (events: Stored[]) => events.forEach((one) => all.set(one.id, one));
      if (may() && foreign) {
        put(shelf._all());
        try {
          const found: Stored[] = await database((store) => store.getAll());
          found.forEach((one) => (one._saved = 2));
          put(found);
          foreign = [...all.keys()].some((id) => !mine.has(id));
        } catch {}
      }
      put(queue._mine());
      const events = [...all.values()].sort((a, b) => a.time - b.time);
      const spilled = overflow(events, MOST_CHARACTERS);
      if (spilled[0]) {
        debug("full", spilled);
        await queue._remove(spilled);
      }
      return events.filter((one) => !spilled.includes(one));
    },
    /** Forget what was acknowledged, or is not wanted. */
    async _remove(events: Stored[]): Promise<void> {
      events.forEach((one) => mine.delete(one.id));
      shelf._remove(events);
      const saved = events.filter((one) => one._saved);
      await save(false, saved);
    },
    /** Keep at once what no database has yet: the page goes. */
    _secure(): void {
      if (may()) shelf._add(queue._mine().filter((one) => one._saved !== 2));
    },
  };
  return queue;
};
