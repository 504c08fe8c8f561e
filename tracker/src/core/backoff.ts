/**
 * How long to wait after a failure, in milliseconds: twice as long each time, up to five minutes, and by half at random,
 * so that the visitors of a collector that was down do not all return at once. Never less than the server asks for,
 * where that is within an hour.
 *
 * @param failures How many there were before, in a row.
 * @param retryAfter The header: seconds, or a date.
 */
export const backoff = (failures: number, retryAfter: string | null, random = Math.random()): number => {
  const asked = retryAfter ? +retryAfter * 1_000 || Date.parse(retryAfter) - Date.now() || 0 : 0;
  return Math.max(Math.min(asked, 3_600_000), Math.min(300_000, 1_000 * 2 ** failures) * (0.5 + random / 2));
};
