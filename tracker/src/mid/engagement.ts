import type { Module } from "../core/module.js";
import { depth } from "./depth.js";
import { listen } from "./listen.js";

/** Settings of `engagement`, in milliseconds. */
export interface EngagementOptions {
  /** How long after the last sign of life the visitor still counts as engaged; 30,000 by default. */
  idle?: number;
  /** How much engaged time is reported at once; 15,000 by default. */
  beat?: number;
}

/**
 * Engaged time: while the page is seen and the visitor did something within the last half minute. Reported as
 * `engagement` each 15 s of it and when the page is hidden, and as `page_leave` at the end; each tells the milliseconds
 * that were not yet told.
 */
export const engagement =
  ({ idle = 30_000, beat = 15_000 }: EngagementOptions = {}): Module =>
  (core) => {
    const seenDepth = depth(core);
    let visible = false;
    let active = 0;
    let since = 0;
    let engaged = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const settle = () => {
      const now = Date.now();
      if (visible) engaged += Math.max(0, Math.min(now, active + idle) - since);
      since = now;
      return now;
    };
    const report = (name: string, always?: boolean) => {
      settle();
      if (engaged || always) core.record(name, "mid", { engaged_ms: engaged, scroll_depth: seenDepth() });
      engaged = 0;
    };
    const wait = () => {
      if (visible && !timer) timer = setTimeout(tick, Math.max(1, beat - engaged - (Date.now() - since)));
    };
    const tick = () => {
      timer = undefined;
      const now = settle();
      if (engaged >= beat) report("engagement");
      if (now < active + idle) wait();
    };
    const rest = () => {
      visible = false;
      clearTimeout(timer);
      timer = undefined;
    };
    const begin = () => {
      settle();
      visible = document.visibilityState !== "hidden";
      active = since;
      wait();
    };

    listen(core, "pointermove pointerdown keydown wheel scroll", () => {
      const now = Date.now();
      if (now > active + idle) settle();
      active = now;
      if (!timer) wait();
    });
    core.on("page", () => {
      rest();
      engaged = 0;
      begin();
    });
    core.on("show", begin);
    core.on("leave", () => {
      report("page_leave", true);
      // What is hidden next was told already, but for the millisecond between.
      rest();
    });
    core.on("hide", () => {
      report("engagement");
      rest();
    });
  };
