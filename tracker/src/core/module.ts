import type { Config } from "./config.js";

/** How much of a person is in an event: `low` a hand's movements, `mid` what is done on a page, `high` what it means. */
export type Level = "low" | "mid" | "high";

/** What an event carries beside its name and time: free JSON. Text above 65,536 characters is cut. */
export type Properties = Record<string, unknown>;

/**
 * When a module is called.
 *
 * - `page`: a page view began, after its `page_view` was recorded. `core.page()` and the first page call it; modules
 *   are set up before the first one.
 * - `leave`: the page is about to go, at `pagehide` or before a single-page application's next one: the last chance to
 *   record onto it. `hide` follows where the document goes too.
 * - `hide`: the document is no longer seen. What is recorded now is still sent.
 * - `show`: it is seen again. After a return from the back-forward cache, `page` follows.
 * - `reset`: the visitor was forgotten, and has a new id.
 */
export type Hook = "page" | "leave" | "hide" | "show" | "reset";

/** What the core offers to a module. Nothing of it throws. */
export interface Core {
  /**
   * Queue an event of the page as it is now.
   *
   * @param time When it happened, in epoch milliseconds; now where it is left out.
   */
  record(name: string, level: Level, properties?: Properties, time?: number): void;
  /** Call back at a hook. Returns what ends it. A callback that throws is reported by `debug`, and harms no other. */
  on(hook: Hook, call: () => void): () => void;
  /** Begin a new page view, at the document's address and title as they are now. */
  page(): void;
  /** The visitor's id; empty while consent forbids one. */
  readonly visitor: () => string;
  /** The visitor is the one that another of the site's domains knows by this id; the one known here is an alias of it. */
  adopt(visitor: string): void;
  /** An address with only the parameters that the site allows, as `page.url` is cleaned. */
  readonly clean: (address: string) => string;
  /** The settings that the site gave. */
  readonly config: Config;
  /** A callback for the page, made safe: what it throws is reported by `debug`. */
  guard<Given extends unknown[]>(call: (...given: Given) => void): (...given: Given) => void;
  /** Say something on the console, where the site has switched `debug` on. */
  debug(text: string, detail?: unknown): void;
}

/** A feature: set up once, by `init`, before the first page view. */
export type Module = (core: Core) => void;
