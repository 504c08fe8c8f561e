/**
 * Whether a visitor is in the share whose movements are recorded: always the same answer for the same visitor.
 *
 * @param visitor The visitor's id; one without an id is in no share but the whole.
 * @param share 0 to 1.
 */
export const isSampled = (visitor: string, share: number): boolean => {
  // FNV-1a, 32 bits, then mixed: the ids differ in few places.
  let hash = 0x811c9dc5;
  for (let place = 0; place < visitor.length; place++) {
    hash = Math.imul(hash ^ visitor.charCodeAt(place), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return share >= 1 || (visitor !== "" && ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32 < share);
};
