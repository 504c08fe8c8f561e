// What the collector cannot store: NUL, and half a surrogate pair, which `u` alone lets \p{Cs} match.
const UNSTORABLE = /[\0\p{Cs}]/gu;

/** JSON that the collector takes, but for its depth: each text in it is mended, and cut to 65,536 characters. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, part) =>
    typeof part === "string" ? part.slice(0, 65_536).replace(UNSTORABLE, "\ufffd") : part,
  );
