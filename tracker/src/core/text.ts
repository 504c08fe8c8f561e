// What the collector cannot store: NUL, and half a surrogate pair, which `u` alone lets \p{Cs} match.
const UNSTORABLE = /[\0\p{Cs}]/gu;

/** A value as text that the collector takes, cut to so many characters. */
export const text = (value: unknown, most: number): string =>
  `${value ?? ""}`.slice(0, most).replace(UNSTORABLE, "\ufffd");

/** JSON that the collector takes, but for its depth: each text in it is cut to 65,536 characters. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "string" ? text(part, 65_536) : part));
