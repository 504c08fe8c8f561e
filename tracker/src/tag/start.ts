import { now, replay } from "../core/clock.js";
import type { Config } from "../core/config.js";
import type { Module } from "../core/module.js";
import { init, type Tracker } from "../core/tracker.js";

/** The settings of a script tag: the tracker's, and what the features of the file are to do. */
export interface TagConfig extends Config {
  /** Features of this file to leave out, such as `copies`. */
  without?: string[];
  /** Load `footfall-web-vitals.js` from beside this file after the first page view, and record `web_vital`. */
  vitals?: boolean;
  /** Settings of features by their names, such as `{ pointer: { share: 0.1 } }`. */
  options?: Record<string, object>;
}

type Queued = [time: number, method: string, ...given: unknown[]];
type Ff = ((method: string, ...given: unknown[]) => unknown) & { q?: Queued[] };

/**
 * Put `ff` into the page: `ff("init", {key})`, then `ff("track", ...)` and the tracker's other methods. What the page
 * called before this file had loaded is done now, as of then. A tag with `data-key` needs no `init`; its other settings
 * are JSON in `data-settings`.
 *
 * @param features What the file has beside the core.
 */
export const start = (features?: (config: TagConfig) => Module[]): void => {
  try {
    const tag = document.currentScript as HTMLScriptElement | null;
    const page = window as Window & { ff?: Ff };
    const waiting = page.ff?.q || [];
    let tracker: Tracker | undefined;

    const begin = (config: TagConfig) => {
      tracker ||= init({ url: tag ? new URL(tag.src).origin : "", modules: features?.(config) || [], ...config });
      drain();
    };
    const drain = () => waiting.splice(0).forEach(([time, ...call]) => replay(time, () => ff(...call)));
    const ff: Ff = (method, ...given) =>
      method === "init"
        ? begin((given[0] || {}) as TagConfig)
        : tracker
          ? // biome-ignore lint/suspicious/noExplicitAny: the page names the method, and may be wrong
            (tracker as any)[method]?.(...given)
          : waiting.push([now(), method, ...given]);

    page.ff = ff;
    drain(); // what comes before `init`, back into the line
    const { key, settings = "{}" } = tag?.dataset || {};
    if (key) begin({ key, ...JSON.parse(settings) });
  } catch {}
};
