import { createDatabase } from "./database.js";
import type { Keeper } from "./keeper.js";
import { createShelf } from "./shelf.js";
import { overflow, type Stored } from "./stored.js";

/** Of localStorage, where there is no database, a fifth. */
const MOST_CHARACTERS = 1_000_000;
/**
 * The events that no server has acknowledged: this page's in memory, and in localStorage, which takes them at
 * once; in IndexedDB those that wait for a server that is away.
 *
 * @param may Whether the browser's storage may be used.
 * @param kept Remembers that the database was ever written to.
 */
export const createQueue = (
  name: string,
  may: () => boolean,
  kept: Keeper,
  debug: (text: string, detail: unknown) => void,
) => {
  const database = createDatabase(name);
  const shelf = createShelf(`${name}_q_`);
  const mine = new Map<string, Stored>();
  // Other pages may have left some. Once they are sent, there is no need to read: each page that is open sends its own.
  let foreign = true;

  const queue = {
    _add(one: Stored): void {
      mine.set(one.id, one);
      // Movements and clicks are many, and soon sent: they are kept once a sending has failed, or as the page goes.
      if (one.rank && may() && !shelf._add([one])) queue._save();
    },
    /** Take what is not in the database there: what waits long, or has no room in localStorage, which is the site's. */
    async _save(): Promise<void> {
      const fresh = queue._mine().filter((one) => may() && !one._saved);
      fresh.forEach((one) => (one._saved = true));
      // All in one transaction, which costs a main thread a millisecond or more.
      if (fresh[0]) {
        kept("db", "1");
        await database((store) => fresh.forEach((one) => store.put(one))).then(
          () => {
            fresh.forEach((one) => (one._kept = true));
            shelf._remove(fresh);
          },
          () => shelf._add(fresh),
        );
      }
    },
    /** This page's events. */
    _mine: () => [...mine.values()],
    /** All of them, those that other pages left too, the oldest first. Those above the room there is are dropped. */
    async _all(): Promise<Stored[]> {
      const all = new Map<string, Stored>();
      const put = (events: Stored[]) => events.forEach((one) => all.set(one.id, one));
      if (may() && foreign) {
        put(shelf._all());
        try {
          // Few visitors have ever had anything in there: to open it costs a page more than to send all it has to say.
          const found: Stored[] = kept("db") ? await database((store) => store.getAll()) : [];
          found.forEach((one) => (one._saved = true));
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
      if (saved[0]) await database((store) => saved.forEach((one) => store.delete(one.id))).catch(() => {});
    },
    /** Keep at once what is not: the page goes. */
    _secure(): void {
      if (may()) shelf._add(queue._mine().filter((one) => !one._kept));
    },
  };
  return queue;
};
