const LEASE_MS = 30_000;

/**
 * Do some work unless another tab of the site is at it. Two at once would only send twice what the collector drops:
 * the lease, for browsers without locks (Safari before 15.4, pages without TLS), may be as simple as that.
 *
 * @returns False where another tab is at it.
 */
export const alone = async (name: string, work: () => Promise<void>): Promise<boolean> => {
  let started = false;
  const start = async () => {
    started = true;
    await work();
  };
  const key = `${name}_lease`;
  try {
    if (navigator.locks) {
      await navigator.locks.request(key, { ifAvailable: true }, (lock) => (lock ? start() : undefined));
      return started;
    }
    if (+localStorage.getItem(key)! > Date.now()) return false;
    localStorage.setItem(key, `${Date.now() + LEASE_MS}`);
  } catch {
    // Storage is denied: then no tab has anything of another's.
  }
  if (!started) await start();
  try {
    localStorage.removeItem(key);
  } catch {}
  return true;
};
