import type { Core, Properties } from "../core/module.js";
import { isSampled } from "./isSampled.js";
import { pathWriter } from "./pathWriter.js";

const EACH_MS = 50;
const REST_MS = 100;
const LONGEST_MS = 60_000;
const LONGEST_TEXT = 4_096;
const MOST_PIXELS = 1e8;

/** Settings of `pointer`, `touch` and `scroll`. */
export interface PathOptions {
  /** The share of visitors whose movements are recorded, 0 to 1; 1 by default. */
  share?: number;
  /** How many characters of paths a page view may send at most; 16,384 by default. */
  budget?: number;
}

/** What takes the places of one thing that moves. */
export interface PathRecorder {
  /** It is there, at a time in milliseconds of the page's own clock. Called for every move: it must cost next to nothing. */
  move(time: number, x: number, y?: number): void;
  /** It is gone: the next place is not on the way from here. */
  lift(): void;
}

/**
 * Records the path of one thing that moves as events, one each minute of movement or few thousand characters, and at
 * the end of a page or when it is hidden.
 *
 * @param more What an event carries beside its path.
 */
export const recordPath = (
  core: Core,
  name: string,
  { share = 1, budget = 16_384 }: PathOptions,
  more: () => Properties,
): PathRecorder => {
  const writer = pathWriter();
  let origin = 0;
  let started = 0;
  let spent = 0;
  // The clock of the page begins at 0, so that a sample there is not to be taken for one that was just seen.
  let seen = -Infinity;
  let sampled = -Infinity;
  let lastX = 0;
  let lastY: number | undefined;

  const keep = (time: number, x: number, y: number | undefined, fresh: boolean) => {
    sampled = time;
    if (spent + writer.length() > budget || !(Math.abs(x) + Math.abs(y ?? 0) < MOST_PIXELS)) return;
    if (!started) {
      if (!isSampled(core.visitor(), share)) return;
      started = Date.now();
      origin = time;
    }
    const sample = [Math.round((time - origin) / 10), Math.round(x)];
    if (y !== undefined) sample.push(Math.round(y));
    writer.add(sample, fresh);
  };
  /** Keep where it came to rest, which the samples may just have missed. */
  const rest = () => {
    if (seen > sampled) keep(seen, lastX, lastY, false);
  };
  const flush = () => {
    if (started) rest();
    const path = writer.take();
    spent += path.length;
    if (path) core.record(name, "low", { path, ...more() }, started);
    started = 0;
  };

  core.on("hide", flush);
  core.on("leave", flush);
  core.on("page", () => {
    spent = 0;
  });
  return {
    move(time, x, y) {
      const fresh = time - seen > REST_MS;
      if (fresh || time - sampled >= EACH_MS) {
        if (started && (time - origin > LONGEST_MS || writer.length() > LONGEST_TEXT)) flush();
        if (fresh && started) rest();
        keep(time, x, y, fresh);
      }
      seen = time;
      lastX = x;
      lastY = y;
    },
    lift() {
      if (started) rest();
      seen = -Infinity;
    },
  };
};

/** The document's size, in CSS pixels. */
export const documentSize = (): Properties => {
  const { scrollWidth: width, scrollHeight: height } = document.documentElement;
  return { width, height };
};
