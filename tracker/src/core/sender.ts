import { alone } from "./alone.js";
import { backoff } from "./backoff.js";
import { MOST_BYTES, MOST_EVENTS, writeBatch } from "./batch.js";
import type { Config } from "./config.js";
import type { createQueue } from "./queue.js";
import type { Stored } from "./stored.js";
import { createTransport } from "./transport.js";

/** Told of what is sent, and of what the collector does not want. */
export type Fire = (hook: "sent" | "refused", detail: { status: number; events: number }) => void;

/**
 * Sends what is in the queue, and takes it out once it is acknowledged or refused for good.
 *
 * @param name Begins that of the lock: one tab sends at a time.
 */
export const createSender = (
  config: Config,
  name: string,
  queue: ReturnType<typeof createQueue>,
  fire: Fire,
  debug: (text: string, detail?: unknown) => void,
) => {
  const transport = createTransport(config);
  const wait = config.wait ?? 5_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0; // when it comes; 0 where there is none
  let running: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;
  let size = 0; // characters since the last sending
  let asked = false; // to send what there is now

  const wake = (delay: number) => {
    const at = Math.max(Date.now() + delay, notBefore);
    if (!due || at < due) {
      clearTimeout(timer);
      due = at;
      timer = setTimeout(sender._flush, at - Date.now());
    }
  };

  const sendAll = async (): Promise<true> => {
    let most = MOST_EVENTS;
    let events: Stored[] = [];
    for (;;) {
      if (!events[0] && asked) {
        asked = false;
        events = await queue._all();
      }
      // What was recorded meanwhile waits for others, as ever.
      if (!events[0]) break;
      const [body, taken] = writeBatch(events, config.key, Date.now(), most);
      const mark = (sent: boolean) => taken.forEach((one) => (one._sent = sent));
      mark(true);
      debug("sending", body);
      const answer = await transport._send(body).catch(() => undefined);
      mark(false);
      const status = answer ? answer.status : 0;
      if (status === 413 && taken[1]) {
        most = taken.length >> 1;
      } else if (/^0|408|429|5../.test(`${status}`)) {
        const delay = backoff(failures++, answer?.headers.get("retry-after"));
        notBefore = Date.now() + delay;
        queue._save();
        debug("wait", delay);
        due = 0; // what was to come earlier no longer does
        wake(0);
        return true;
      } else {
        failures = notBefore = 0;
        debug(`${status}`, config.debug && (await answer!.text().catch(() => 0)));
        await queue._remove(taken);
        fire(answer!.ok ? "sent" : "refused", { status, events: taken.length });
        events = events.filter((one) => !taken.includes(one));
      }
    }
    if (!queue._mine()[0]) transport._relax();
    return true;
  };

  const sender = {
    /**
     * Something was recorded: send it before long. A request costs a main thread the same, whatever is in it:
     * the lower an event's rank, the longer it waits for others.
     */
    _soon(characters: number, rank: number): void {
      size += characters;
      // Half of what a page may send as it goes.
      if (size < MOST_BYTES / 2) wake(wait * (rank > 1 ? 1 : 6));
      else if (notBefore) {
        size = 0;
        queue._save();
      } else sender._flush();
    },
    /** Send now. Resolves once all is sent, or kept for later. */
    _flush(): Promise<void> {
      clearTimeout(timer);
      due = size = 0;
      asked = true;
      running ||= alone(name, sendAll)
        .catch((error) => debug("error", error))
        .then((done) => {
          running = undefined;
          if (!done || asked) wake(wait);
        });
      return running;
    },
    /** The browser is online again: what failed may go now. */
    _again(): void {
      failures = notBefore = 0;
      sender._flush();
    },
    /** The page may go: have all sent that is not on its way. The copies stay until a sending is acknowledged. */
    _last(): void {
      queue._secure();
      for (;;) {
        const events = queue._mine().filter((one) => !one._sent);
        if (!events[0]) break;
        const [body, taken] = writeBatch(events, config.key, Date.now());
        if (!transport._sendLast(body)) break;
        debug("sending", body);
        taken.forEach((one) => (one._sent = true));
      }
      // What fetchLater does once the page has gone, this need not wait for; and it gets an answer.
      if (!notBefore && window.fetchLater) sender._flush();
    },
    /** The page is seen again. */
    _back(): void {
      transport._relax();
      queue._mine().forEach((one) => {
        one._sent = false;
        wake(wait);
      });
    },
  };
  return sender;
};
