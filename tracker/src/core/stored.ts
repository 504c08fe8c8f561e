/** An event that waits to be sent, as it lies in the browser: its parts are JSON already, as they were then. */
export interface Stored {
  id: string;
  /** Epoch milliseconds of the event. */
  time: number;
  /** 0 low, 1 mid, 2 high: what goes last where room is short. */
  rank: number;
  event: string;
  page: string;
  /** The batch's fields that say who: events go together where it is the same. JSON without its braces. */
  envelope: string;
  /** In memory: the page can go without it. */
  _kept?: boolean;
  /** In memory: the database was told of it. */
  _saved?: boolean;
  /** In memory: it is on its way, or was sent without an answer. */
  _sent?: boolean;
}

/** Which of the events are too many: the low levels go first, and of a level the oldest. `most` is in characters. */
export const overflow = (events: Stored[], most: number): Stored[] =>
  [...events]
    .sort((a, b) => b.rank - a.rank || b.time - a.time)
    .filter((one) => (most -= (one.event + one.page + one.envelope).length) < 0);
