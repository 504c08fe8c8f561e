const MOST_CHARACTERS = 65_536;

/** JSON that the collector takes, but for its depth: each text in it is mended, and cut to 65,536 characters. */
export const toJson = (value: unknown, json = JSON.stringify(value)): string =>
  // Few are longer: a call back for each part costs ten times as much.
  (json.length > MOST_CHARACTERS
    ? JSON.stringify(value, (_, part) => (typeof part === "string" ? part.slice(0, MOST_CHARACTERS) : part))
    : json
  )
    // What the collector cannot store, NUL and half a surrogate pair, JSON escapes; as it does a backslash before a "u".
    .replace(/\\(\\|u(0000|d...))/g, (all, _, unstorable) => (unstorable ? "\ufffd" : all));
