import { now, replay } from "../core/clock.js";
import type { Config } from "../core/config.js";
import type { Module } from "../core/module.js";
import { init, type Tracker } from "../core/tracker.js";

/** The settings of a script tag: the tracker's, and which features of the file are left out. */
export interface TagConfig extends Config {
  /** Features of this file to leave out, such as `copies`. */
  without?: string[];
  /** Load `footfall-web-vitals.js` from beside this file after the first page view, and record `web_vital`. */
  vitals?: boolean;
  /** Settings of features by their names, such as `{ pointer: { share: 0.1 } }`. */
  options?: Record<string, object>;
}

/** The features of a file, by the names that `without` and `options` know them by. */
export type Features = Record<string, (options?: never) => Module>;

type Queued = [time: number, method: string, ...given: unknown[]];
type Ff = ((method: string, ...given: unknown[]) => unknown) & { q?: Queued[] };

const LISTS = /^(domains|params|signals|without)$/;

/** What the tag's `data-` attributes say, as a configuration. */
export const readAttributes = (attributes: DOMStringMap): Partial<TagConfig> => {
  const found: Record<string, unknown> = {};
  for (const [name, value = ""] of Object.entries(attributes)) {
    found[name] = LISTS.test(name)
      ? value.split(/[\s,]+/).filter(Boolean)
      : value === "" || value === "true" || (value !== "false" && value);
  }
  return found;
};

/**
 * Put `ff` into the page: `ff("init", {key})`, then `ff("track", ...)` and the tracker's other methods. What the page
 * called before this file had loaded is done now, as of then. A tag with `data-key` needs no `init`.
 *
 * @param features What the file has beside the core.
 * @param vitals What it has for the setting of that name.
 */
export const start = (features: Features = {}, vitals?: () => Module): void => {
  try {
    const tag = document.currentScript as HTMLScriptElement | null;
    const page = window as Window & { ff?: Ff };
    const waiting = page.ff?.q || [];
    let tracker: Tracker | undefined;

    const begin = (config: TagConfig) => {
      const modules = Object.keys(features)
        .filter((name) => !config.without?.includes(name))
        .map((name) => features[name]!(config.options?.[name] as never));
      if (vitals && config.vitals) modules.push(vitals());
      tracker ||= init({ ...(tag && { url: new URL(tag.src).origin }), ...config, modules });
      for (const [time, ...call] of waiting.splice(0)) replay(time, () => ff(...call));
    };
    const ff: Ff = (method, ...given) => {
      if (method === "init") return begin((given[0] || {}) as TagConfig);
      if (!tracker) return waiting.push([now(), method, ...given]);
      // biome-ignore lint/suspicious/noExplicitAny: the page names the method, and may be wrong
      return (tracker as any)[method]?.(...given);
    };

    page.ff = ff;
    const config = tag && readAttributes(tag.dataset);
    const first = waiting.findIndex(([, method]) => method === "init");
    if (first >= 0) {
      const [[, , given]] = waiting.splice(first, 1) as [[number, string, TagConfig]];
      begin({ ...config, ...given });
    } else if (config?.key) begin(config as TagConfig);
  } catch {}
};
