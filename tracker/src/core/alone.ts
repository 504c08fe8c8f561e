import { attempt } from "./attempt.js";

const LEASE_MS = 30_000;

/**
 * Do some work unless another tab of the site is at it. Two at once would only send twice what the collector drops:
 * the lease, for browsers without locks (Safari before 15.4, pages without TLS), may be as simple as that.
 *
 * @param may Whether the browser's storage may be used; where not, no tab has anything of another's.
 * @param work Returns true, and never rejects.
 * @returns Undefined where another tab is at it.
 */
export const alone = async (key: string, may: boolean, work: () => Promise<true>): Promise<true | undefined> => {
  try {
    return await navigator.locks.request(key, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  } catch {
    if (attempt(() => may && localStorage[key] > Date.now())) return undefined;
    attempt(() => may && (localStorage[key] = Date.now() + LEASE_MS));
    await work();
    attempt(() => localStorage.removeItem(key));
    return true;
  }
};
