import type { Core, Properties } from "../core/module.js";
import { isSampled } from "./isSampled.js";
import { type PathWriter, pathWriter } from "./pathWriter.js";

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

/** A place on each axis, in CSS pixels. */
export type Place = [x: number, y: number] | [y: number];

/** What takes the moves of one thing. */
export interface PathRecorder<Move> {
  /** It moved, at a time in milliseconds of the page's own clock. Called for every move: it must cost next to nothing. */
  _move(time: number, move: Move): void;
  /** It is gone: the next place is not on the way from here. */
  _lift(): void;
}

/**
 * Records the path of one thing that moves as events, one each minute of movement or few thousand characters, and at
 * the end of a page or when it is hidden.
 *
 * @param placeOf Where a move led; undefined where it does not count. Asked of few moves.
 * @param more What an event carries beside its path.
 */
export const recordPath = <Move>(
  core: Core,
  name: string,
  { share = 1, budget = 16_384 }: PathOptions,
  placeOf: (move: Move) => Place | undefined,
  more: () => Properties,
): PathRecorder<Move> => {
  let writer: PathWriter | undefined;
  let origin = 0;
  let started = 0;
  let spent = 0;
  let toCome = 0;
  // The clock of the page begins at 0, so that a sample there is not to be taken for one that was just seen.
  let seen = -Infinity;
  let sampled = -Infinity;
  let latest: Move | undefined;

  const keep = (time: number, move: Move, fresh: boolean) => {
    sampled = time;
    const place = placeOf(move);
    if (!place || !place.every((at) => Math.abs(at) < MOST_PIXELS) || spent + (writer ? writer._length() : 0) > budget)
      return;
    if (!writer) {
      if (!isSampled(core.visitor(), share)) return;
      writer = pathWriter();
      started = Date.now();
      // One place of a pointer says nothing; one of a scroll says where it led.
      toCome = place.length;
      origin = time;
    }
    writer._add([(time - origin) / 10, ...place].map(Math.round), fresh);
    toCome--;
  };
  /** Keep where it came to rest, which the samples may just have missed. */
  const rest = () => {
    if (writer && seen > sampled) keep(seen, latest as Move, false);
  };
  const flush = () => {
    rest();
    const path = writer?._end();
    writer = undefined;
    if (path && toCome <= 0) {
      spent += path.length;
      core.record(name, "low", { path, ...more() }, started);
    }
  };

  core.on("hide", flush);
  core.on("leave", flush);
  core.on("page", () => {
    spent = 0;
  });
  return {
    _move(time, move) {
      const fresh = time - seen > REST_MS;
      if (fresh || time - sampled >= EACH_MS) {
        if (writer && (time - origin > LONGEST_MS || writer._length() > LONGEST_TEXT)) flush();
        if (fresh) rest();
        keep(time, move, fresh);
      }
      seen = time;
      latest = move;
    },
    _lift() {
      rest();
      seen = -Infinity;
    },
  };
};
