import type { Module } from "../core/module.js";

interface Metric {
  readonly name: string;
  readonly value: number;
  readonly rating: string;
}

type Observe = (call: (metric: Metric) => void) => void;

/** What is used of the package `web-vitals`. */
export interface WebVitalsPackage {
  onCLS: Observe;
  onFCP: Observe;
  onINP: Observe;
  onLCP: Observe;
  onTTFB: Observe;
}

/**
 * How quick the page is to its visitor: `web_vital`, by Google's package `web-vitals`, which is loaded after the first
 * page view and is no part of the tracker.
 *
 * @param load `() => import("web-vitals")`
 */
export const webVitals =
  (load: () => Promise<WebVitalsPackage>): Module =>
  (core) => {
    const note = core.guard(({ name, value, rating }: Metric) => {
      const rounded = name === "CLS" ? Math.round(value * 1e4) / 1e4 : Math.round(value);
      core.record("web_vital", "mid", { metric: name, value: rounded, rating });
    });
    const stop = core.on("page", () => {
      stop();
      load()
        .then((vitals) => {
          for (const name of ["onCLS", "onFCP", "onINP", "onLCP", "onTTFB"] as const) vitals[name](note);
        })
        .catch((error: unknown) => core.debug("web-vitals did not load", error));
    });
  };
