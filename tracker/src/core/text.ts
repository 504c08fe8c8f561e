// What the collector cannot store: NUL, and half a surrogate pair, which `u` alone lets \p{Cs} match.
const UNSTORABLE = /[\0\p{Cs}]/gu;
const MOST_CHARACTERS = 65_536;

/** JSON that the collector takes, but for its depth: each text in it is mended, and cut to 65,536 characters. */
export const toJson = (value: unknown): string => {
  const json = JSON.stringify(value);
  // Nearly all is well as it is, and a call back for each part costs ten times as much. JSON escapes what is not.
  return json?.length < MOST_CHARACTERS && !/\\u(0000|d)/.test(json)
    ? json
    : JSON.stringify(value, (_, part) =>
        typeof part === "string" ? part.slice(0, MOST_CHARACTERS).replace(UNSTORABLE, "\ufffd") : part,
      );
};
