import type { Stored } from "./stored.js";

/** What a browser sends after a page has gone is at most 64 KiB in all. */
export const MOST_BYTES = 61_440;
export const MOST_EVENTS = 500;

/** A text's length as UTF-8, or a little more where it is not ASCII: to encode it costs ten times as much. */
export const bytes = (text: string): number => text.replace(/[^ -~]/g, "...").length;

/**
 * The next batch's body: as many events as fit of those that share the first one's envelope.
 *
 * @param time The clock at the sending, in epoch milliseconds.
 * @returns The body, and the events in it.
 */
export const writeBatch = (
  events: Stored[],
  key: string,
  time: number,
  most = MOST_EVENTS,
): [body: string, taken: Stored[]] => {
  const { envelope, page } = events[0]!;
  const taken: Stored[] = [];
  const written: string[] = [];
  const head = `{"write_key":"${key}","sent_at":${time},${envelope},"page":${page},"events":[`;
  let size = bytes(head) + 2;
  for (const one of events) {
    if (one.envelope === envelope) {
      const event = one.page === page ? one.event : `${one.event.slice(0, -1)},"page":${one.page}}`;
      size += bytes(event) + 1;
      if (taken[0] && (taken.length >= most || size > MOST_BYTES)) break;
      written.push(event);
      taken.push(one);
    }
  }
  return [`${head}${written}]}`, taken];
};
