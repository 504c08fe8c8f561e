/**
 * How long to wait after a failure, in milliseconds: twice as long each time, up to five minutes, and by half at random,
 * so that the visitors of a collector that was down do not all return at once. Never less than the server asks for,
 * where that is within an hour.
 *
 * @param failures How many there were before, in a row.
 * @param seconds The header Retry-After. As a date, which no collector sends, it is not understood.
 */
export const backoff = (failures: number, seconds: string | null | undefined, random = Math.random()): number =>
  Math.max(Math.min(+seconds! * 1_000 || 0, 3_600_000), Math.min(300_000, 1_000 * 2 ** failures) * (0.5 + random / 2));
