/** How far, in CSS pixels on each axis, the path as written may be from a sample that was left out of it. */
const TOLERANCE = 1;

// The first character of a byte's base64 is that of its upper six bits.
const alphabet = Array.from({ length: 64 }, (_, bits) => btoa(String.fromCharCode(bits << 2))[0]);

const digits = (raw: number): string => {
  let text = "";
  do {
    text += alphabet[raw > 31 ? (raw & 31) | 32 : raw];
    raw >>>= 5;
  } while (raw);
  return text;
};

/** A moment, in units of 10 ms, then a place on each axis, in CSS pixels. All are integers. */
export type Sample = number[];

/** Writes one path. */
export interface PathWriter {
  /** Take a sample that is not before the one before; the first is at 0. `fresh`: nothing is known of the way there. */
  _add(sample: Sample, fresh: boolean): void;
  /** The whole path, after which nothing can be added. */
  _end(): string;
  /** The characters written so far. */
  _length(): number;
}

/**
 * Writes a path as a short text, in the base64-VLQ of source maps; `contract/paths.json` holds cases.
 *
 * The first sample is its place on each axis. Each further one is the time since the one before, whose lowest bit marks
 * a fresh start, then on each axis what the step differs from the one foretold: the last step, at the same speed.
 * Samples that lie on a straight and even way, within a pixel, are left out.
 */
export const pathWriter = (): PathWriter => {
  let text = "";
  let last: Sample = [0, 0, 0];
  const steps = [0, 0, 0];
  let span = 1;
  // The sample that is written if the next one cannot be reached straight from `last`, and the speeds that come near
  // enough to all those between. Time is an axis like the others, of speed 1.
  let held: Sample | undefined;
  let heldFresh = false;
  const slowest: number[] = [];
  const fastest: number[] = [];

  const write = (sample: Sample, fresh: boolean) => {
    const time = sample[0]! - last[0]!;
    if (text) text += digits(2 * time + Number(fresh));
    for (let axis = 1; axis < sample.length; axis++) {
      const step = sample[axis]! - last[axis]!;
      const more = step - (fresh ? 0 : Math.round((steps[axis]! * time) / span));
      text += digits(more < 0 ? 1 - 2 * more : 2 * more);
      steps[axis] = fresh ? 0 : step;
    }
    span = time || 1;
    last = sample;
    held = undefined;
  };

  return {
    _add(sample, fresh) {
      if (!text) {
        write(sample, true);
        return;
      }
      // Two places at one time have no speed, and so no straight way: 0 / 0 is within no bounds.
      let isStraight = !fresh && !heldFresh;
      for (let axis = 0; held && axis < sample.length; axis++) {
        const speed = (sample[axis]! - last[axis]!) / (sample[0]! - last[0]!);
        isStraight &&= speed >= slowest[axis]! && speed <= fastest[axis]!;
      }
      if (held && !isStraight) write(held, heldFresh);
      for (let axis = 0; axis < sample.length; axis++) {
        const step = sample[axis]! - last[axis]!;
        const time = sample[0]! - last[0]!;
        slowest[axis] = Math.max((step - TOLERANCE) / time, held ? slowest[axis]! : -Infinity);
        fastest[axis] = Math.min((step + TOLERANCE) / time, held ? fastest[axis]! : Infinity);
      }
      held = sample;
      heldFresh = fresh;
    },
    _end() {
      if (held) write(held, heldFresh);
      return text;
    },
    _length: () => text.length,
  };
};
