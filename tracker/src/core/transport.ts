import { MOST_BYTES } from "./batch.js";
import type { Config } from "./config.js";

type FetchLater = (url: string, init: RequestInit & { activateAfter?: number }) => unknown;

const ANSWER_WITHIN_MS = 20_000;
const INSURED_FOR_MS = 60_000;

/** The ways to the collector. Text as text/plain asks for no preflight, which a page that goes could not wait for. */
export const createTransport = (config: Config) => {
  const url = `${(config.url || "").replace(/\/+$/, "")}/v1/events`;
  const request = (body: string): RequestInit => ({
    method: "POST",
    body,
    credentials: config.cookies ? "include" : "same-origin",
  });
  let later: AbortController[] = [];
  return {
    /** Send, and wait for the answer; undefined where there is none. */
    async _send(body: string): Promise<Response | undefined> {
      try {
        return await fetch(url, {
          ...request(body),
          // A browser refuses a larger one as long as it is to outlive the page.
          keepalive: new Blob([body]).size <= MOST_BYTES,
          signal: AbortSignal.timeout?.(ANSWER_WITHIN_MS),
        });
      } catch {
        return undefined;
      }
    },
    /** Have it sent though the page may go: no answer will be seen. False where the browser takes no more. */
    _sendLast(body: string): boolean {
      try {
        const { fetchLater } = window as { fetchLater?: FetchLater };
        if (fetchLater) {
          const abort = new AbortController();
          fetchLater(url, { ...request(body), signal: abort.signal, activateAfter: INSURED_FOR_MS });
          later.push(abort);
          return true;
        }
      } catch {
        // Its quota is used up: a beacon has one of its own.
      }
      return navigator.sendBeacon(url, body);
    },
    /** Whether something is to be sent once the page has gone. */
    _insured: () => later.length > 0,
    /** What was to be sent later has arrived by itself, or will: leave it. */
    _relax(): void {
      for (const one of later) one.abort();
      later = [];
    },
  };
};
