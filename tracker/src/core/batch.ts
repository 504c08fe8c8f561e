import type { Stored } from "./stored.js";

/** A body in bytes: what a browser sends after a page has gone is at most 64 KiB in all. */
export const MOST_BYTES = 61_440;
export const MOST_EVENTS = 500;

const bytes = (text: string) => new Blob([text]).size;

/** A body to send, and the events in it. */
export interface Written {
  _body: string;
  _events: Stored[];
}

/**
 * The next batch: as many events as fit of those that share the first one's envelope.
 *
 * @param time The clock at the sending, in epoch milliseconds.
 */
export const writeBatch = (events: Stored[], key: string, time: number, most = MOST_EVENTS): Written => {
  const { envelope, page } = events[0]!;
  const taken: Stored[] = [];
  let body = `{"write_key":${JSON.stringify(key)},"sent_at":${time},${envelope},"page":${page},"events":[`;
  let size = bytes(body) + 2;
  for (const one of events) {
    if (one.envelope !== envelope) continue;
    const event = one.page === page ? one.event : `${one.event.slice(0, -1)},"page":${one.page}}`;
    size += bytes(event) + 1;
    if (taken.length && (taken.length >= most || size > MOST_BYTES)) break;
    body += (taken.length ? "," : "") + event;
    taken.push(one);
  }
  return { _body: `${body}]}`, _events: taken };
};
