import { IDBFactory } from "fake-indexeddb";
import { vi } from "vitest";
import type { Config } from "../../src/core/config.js";
import { type Events, init, type Tracker } from "../../src/core/tracker.js";
import type { Batch, Event } from "../../src/wire.js";

/** What the collector says: a status, `[status, headers]`, or nothing, because there is no way to it. */
type Answer = number | [number, Record<string, string>] | "no way";

/** A collector and a browser around a tracker. */
export interface World {
  /** What is answered to the next requests; afterwards 200. */
  answers: Answer[];
  /** The batches of the requests that had an answer to wait for, and how each was asked. */
  readonly batches: Batch[];
  readonly requests: RequestInit[];
  /** The batches of beacons. */
  readonly beacons: Batch[];
  /** False: the browser takes no more beacons. */
  takesBeacons: boolean;
  /** A tracker of this page; `wait` is long, so that a test says when something is sent. */
  track<Own extends Events = Events>(config?: Partial<Config>): Tracker<Own>;
  /** The events that reached the collector by requests. */
  events(): Event[];
  /** Hide the document, or show it. */
  turn(state: "hidden" | "visible"): void;
  /** A moment passes, in which a database does what it was told. */
  settle(): Promise<void>;
  /** Another page load: the listeners of the one before are gone, the storage stays. */
  reload(): void;
}

/** Resolves once the tracker of the test before has done what it had begun. */
export const settled = async (): Promise<void> => {
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 5));
};

declare const setImmediate: (call: (value: unknown) => void) => void;

let listeners = new AbortController();

/**
 * Make a fresh one. Its browser has IndexedDB and localStorage, and neither fetchLater nor locks; its timers are at the
 * test's command.
 */
export const createWorld = (): World => {
  const batches: Batch[] = [];
  const requests: RequestInit[] = [];
  const beacons: Batch[] = [];
  const reload = () => {
    listeners.abort();
    listeners = new AbortController();
    vi.clearAllTimers();
  };
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  reload();
  for (const target of [window, document]) {
    const add = target.addEventListener.bind(target) as (...given: unknown[]) => void;
    vi.spyOn(target as Window, "addEventListener").mockImplementation((...[type, call, options]: unknown[]) =>
      add(type, call, {
        ...(typeof options === "object" ? options : { capture: !!options }),
        signal: listeners.signal,
      }),
    );
  }
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.spyOn(navigator, "webdriver", "get").mockReturnValue(false);
  localStorage.clear();
  const world: World = {
    answers: [],
    batches,
    requests,
    beacons,
    takesBeacons: true,
    track: (config) => init({ key: "ffk_1", url: "https://collect.example/", wait: 3_600_000, ...config }),
    events: () => batches.flatMap((batch) => batch.events),
    turn: (state) => {
      vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
      document.dispatchEvent(new Event("visibilitychange"));
    },
    settle: async () => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    reload,
  };
  // Not a stub, which would end with the test: what a tracker does afterwards must not reach a network.
  globalThis.fetch = async (url: unknown, request: RequestInit = {}) => {
    if (url !== "https://collect.example/v1/events") throw new TypeError(`no such place: ${String(url)}`);
    const answer = world.answers.shift() ?? 200;
    if (answer === "no way") throw new TypeError("Failed to fetch");
    batches.push(JSON.parse(request.body as string));
    requests.push(request);
    const [status, headers] = typeof answer === "number" ? [answer, {}] : answer;
    return new Response("{}", { status, headers });
  };
  Object.defineProperty(navigator, "sendBeacon", {
    configurable: true,
    value: (_: string, body: string) => {
      if (world.takesBeacons) beacons.push(JSON.parse(body));
      return world.takesBeacons;
    },
  });
  return world;
};
