import { alone } from "./alone.js";
import { backoff } from "./backoff.js";
import { MOST_BYTES, MOST_EVENTS, writeBatch } from "./batch.js";
import type { Config } from "./config.js";
import type { createQueue } from "./queue.js";
import { createTransport } from "./transport.js";

/** Told of what is sent, and of what the collector does not want. */
export type Fire = (hook: "sent" | "refused", detail: { status: number; events: number }) => void;

/**
 * Sends what is in the queue, and takes it out once it is acknowledged or refused for good.
 *
 * @param name Begins that of the lock: one tab sends at a time.
 * @param may Whether the browser's storage may be used.
 */
export const createSender = (
  config: Config,
  name: string,
  queue: ReturnType<typeof createQueue>,
  may: () => boolean,
  fire: Fire,
  debug: (text: string, detail?: unknown) => void,
) => {
  const transport = createTransport(config);
  const wait = config.wait ?? 5_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;
  let size = 0; // characters since the last sending

  const wake = (delay: number) => {
    timer ||= setTimeout(
      () => {
        timer = undefined;
        if (notBefore > Date.now()) wake(0);
        else sender._flush();
      },
      Math.max(delay, notBefore - Date.now()),
    );
  };

  const sendAll = async (): Promise<true> => {
    let most = MOST_EVENTS;
    for (;;) {
      const events = await queue._all();
      if (!events[0]) {
        transport._relax();
        return true;
      }
      const [body, taken] = writeBatch(events, config.key, Date.now(), most);
      const mark = (sent: boolean) => taken.forEach((one) => (one._sent = sent));
      mark(true);
      debug("sending", body);
      const answer = await transport._send(body).catch(() => undefined);
      mark(false);
      const status = answer ? answer.status : 0;
      if (status === 413 && taken[1]) {
        most = taken.length >> 1;
      } else if (!status || status === 408 || status === 429 || status > 499) {
        const delay = backoff(failures++, answer?.headers.get("retry-after"));
        notBefore = Date.now() + delay;
        debug(`failed: ${status}, again in ${delay} ms`);
        wake(0);
        return true;
      } else {
        failures = notBefore = 0;
        debug(`answer: ${status}`, config.debug && (await answer!.text().catch(() => 0)));
        await queue._remove(taken);
        fire(answer!.ok ? "sent" : "refused", { status, events: taken.length });
      }
    }
  };

  const sender = {
    /** Something was recorded: send it before long. */
    _soon(characters: number): void {
      size += characters;
      // Half of what a page may send as it goes.
      if (size > MOST_BYTES / 2 && !notBefore) sender._flush();
      else wake(wait);
    },
    /** Send now. Resolves once all is sent, or kept for later. */
    _flush(): Promise<void> {
      size = 0;
      running ||= alone(`${name}_lock`, may(), sendAll)
        .catch((error) => debug("error", error))
        .then((done) => {
          running = undefined;
          if (!done) wake(wait);
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
        debug("sent at the end", body);
        taken.forEach((one) => (one._sent = true));
      }
      // What fetchLater does once the page has gone, this need not wait for; and it gets an answer.
      if (!notBefore && "fetchLater" in window) sender._flush();
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
