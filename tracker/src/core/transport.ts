import { bytes, MOST_BYTES } from "./batch.js";
import type { Config } from "./config.js";

declare const fetchLater: (url: string, init: RequestInit & { activateAfter?: number }) => unknown;

const ANSWER_WITHIN_MS = 20_000;
const INSURED_FOR_MS = 60_000;

/** The ways to the collector. Text as text/plain asks for no preflight, which a page that goes could not wait for. */
export const createTransport = (config: Config) => {
  const url = `${(config.url || "").replace(/\/+$/, "")}/v1/events`;
  const request = (body: string, signal?: AbortSignal) => ({
    method: "POST",
    body,
    credentials: (config.cookies ? "include" : "same-origin") as RequestCredentials,
    // A browser refuses a larger one as long as it is to outlive the page.
    keepalive: bytes(body) <= MOST_BYTES,
    signal,
  });
  let later: AbortController | undefined;
  return {
    /** Send, and wait for the answer. Rejects where there is none. */
    _send: (body: string) => fetch(url, request(body, AbortSignal.timeout?.(ANSWER_WITHIN_MS))),
    /** Have it sent though the page may go: no answer will be seen. False where the browser takes no more. */
    _sendLast(body: string): boolean {
      try {
        later ||= new AbortController();
        fetchLater(url, { ...request(body, later.signal), activateAfter: INSURED_FOR_MS });
        return true;
      } catch {
        // There is none, or its quota is used up: a beacon has one of its own.
        return navigator.sendBeacon(url, body);
      }
    },
    /** What was to be sent later has arrived by itself, or will: leave it. */
    _relax(): void {
      later?.abort();
      later = undefined;
    },
  };
};
