const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** How far, in CSS pixels on each axis, the path as written may be from a sample that was left out of it. */
export const TOLERANCE = 1;

const digits = (raw: number): string => {
  let text = "";
  do {
    text += ALPHABET[raw > 31 ? (raw & 31) | 32 : raw];
    raw >>>= 5;
  } while (raw);
  return text;
};

const signed = (value: number): string => digits(value < 0 ? 1 - 2 * value : 2 * value);

/** A moment, in units of 10 ms, then a place on each axis, in CSS pixels. All are integers. */
export type Sample = number[];

/** Writes samples down as a path. */
export interface PathWriter {
  /** Take a sample that is not before the one before. `fresh`: nothing is known of the way there. */
  add(sample: Sample, fresh?: boolean): void;
  /** The path so far, and begin a new one; empty where there was no sample. */
  take(): string;
  /** The characters written so far. */
  length(): number;
}

/**
 * Writes paths as short texts, in the base64-VLQ of source maps; `contract/paths.json` holds cases.
 *
 * The first sample is its place on each axis. Each further one is the time since the one before, whose sign bit marks
 * a fresh start, then on each axis what the place differs from the one foretold: the last step, at the same speed.
 * Samples that lie on a straight and even way, within a pixel, are left out.
 */
export const pathWriter = (): PathWriter => {
  let text = "";
  let last: Sample | undefined;
  let steps: number[] = [];
  let span = 1;
  // The sample that is written if the next one cannot be reached straight from `last`, and the speeds that come near
  // enough to all those between.
  let held: Sample | undefined;
  let heldFresh = false;
  let slowest: number[] = [];
  let fastest: number[] = [];

  const write = (sample: Sample, fresh: boolean) => {
    const before = last;
    const time = before ? sample[0]! - before[0]! : 0;
    if (before) text += digits(2 * time + (fresh ? 1 : 0));
    const made: number[] = [];
    for (let axis = 1; axis < sample.length; axis++) {
      const step = sample[axis]! - (before ? before[axis]! : 0);
      const foretold = fresh || !steps.length ? 0 : Math.round((steps[axis]! * time) / span);
      text += signed(step - foretold);
      made[axis] = before && !fresh ? step : 0;
    }
    steps = made;
    span = time || 1;
    last = sample;
  };
  const letGo = () => {
    if (held) write(held, heldFresh);
    held = undefined;
    slowest = [];
    fastest = [];
  };

  return {
    add(sample, fresh = false) {
      if (held && last) {
        const time = sample[0]! - last[0]!;
        let straight = !fresh && !heldFresh && time > 0;
        for (let axis = 1; straight && axis < sample.length; axis++) {
          const speed = (sample[axis]! - last[axis]!) / time;
          straight = speed >= slowest[axis]! && speed <= fastest[axis]!;
        }
        if (!straight) letGo();
      }
      if (!last) {
        write(sample, false);
        return;
      }
      const time = sample[0]! - last[0]!;
      for (let axis = 1; axis < sample.length; axis++) {
        const step = sample[axis]! - last[axis]!;
        // Two places at one time are no speed: nothing is straight from here.
        const low = time > 0 ? (step - TOLERANCE) / time : Infinity;
        slowest[axis] = Math.max(low, slowest[axis] ?? -Infinity);
        fastest[axis] = Math.min((step + TOLERANCE) / time, fastest[axis] ?? Infinity);
      }
      held = sample;
      heldFresh = fresh;
    },
    take() {
      letGo();
      const written = text;
      text = "";
      last = undefined;
      steps = [];
      span = 1;
      return written;
    },
    length: () => text.length,
  };
};
