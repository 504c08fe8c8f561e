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
 * @param shared The queue is one with other tabs: send only while none of them does.
 */
export const createSender = (
  config: Config,
  name: string,
  queue: ReturnType<typeof createQueue>,
  shared: () => boolean,
  fire: Fire,
  debug: (text: string, detail?: unknown) => void,
) => {
  const transport = createTransport(config);
  const wait = config.wait ?? 5_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let notBefore = 0;
  let under: Stored[] = []; // what is on its way now
  let size = 0; // characters since the last sending
  const last = new Set<string>(); // what was sent without an answer

  const wake = (delay: number) => {
    timer ||= setTimeout(
      () => {
        timer = undefined;
        sender._flush();
      },
      Math.max(delay, notBefore - Date.now()),
    );
  };

  const sendAll = async () => {
    let most = MOST_EVENTS;
    for (;;) {
      const events = await queue._all();
      if (!events.length) {
        transport._relax();
        return;
      }
      if (navigator.onLine === false) return debug("offline: kept", events.length);
      const { _body, _events } = writeBatch(events, config.key, Date.now(), most);
      under = _events;
      debug("sending", _body);
      const answer = await transport._send(_body);
      under = [];
      const status = answer?.status ?? 0;
      const told = { status, events: _events.length };
      if (status === 413 && _events.length > 1) {
        most = _events.length >> 1;
      } else if (!status || status === 408 || status === 429 || status > 499) {
        const delay = backoff(failures++, answer?.headers.get("retry-after") ?? null);
        notBefore = Date.now() + delay;
        debug(`not sent (${status}): kept, again in ${Math.round(delay)} ms`);
        return wake(delay);
      } else {
        failures = notBefore = 0;
        if (config.debug) debug(`answer ${status}`, await answer!.text().catch(() => ""));
        await queue._remove(_events);
        fire(answer!.ok ? "sent" : "refused", told);
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
      running ||= (async () => {
        try {
          if (!shared()) await sendAll();
          else if (!(await alone(name, sendAll))) wake(wait);
        } catch (error) {
          debug("flush", error);
          wake(wait);
        }
        running = undefined;
      })();
      return running;
    },
    /** The browser is online again: what failed may go now. */
    _again(): void {
      clearTimeout(timer);
      timer = undefined;
      failures = notBefore = 0;
      sender._flush();
    },
    /** The page may go: have all sent that is not on its way. The copies stay until a sending is acknowledged. */
    _last(): void {
      queue._secure();
      const sent = new Set(under);
      let events = queue._mine().filter((one) => !last.has(one.id) && !sent.has(one));
      while (events.length) {
        const { _body, _events } = writeBatch(events, config.key, Date.now());
        if (!transport._sendLast(_body)) return debug("not sent, the browser takes no more: kept");
        debug("sent as the page goes", _body);
        for (const one of _events) {
          last.add(one.id);
          sent.add(one);
        }
        events = events.filter((one) => !sent.has(one));
      }
      // What fetchLater does once the page has gone, this need not wait for; and it gets an answer.
      if (transport._insured() && !notBefore) sender._flush();
    },
    /** The page is seen again. */
    _back(): void {
      last.clear();
      transport._relax();
      if (queue._mine().length) wake(wait);
    },
  };
  return sender;
};
