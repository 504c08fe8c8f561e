/**
 * Do some work unless another tab of the site is at it. Where a browser has no locks (Safari before 15.4, pages without
 * TLS) two may be at it at once, and send what the collector drops as sent twice.
 *
 * @param work Returns true, and never rejects.
 * @returns Nothing where another tab is at it.
 */
export const alone = (key: string, work: () => Promise<true>): Promise<true | null> =>
  (navigator.locks as LockManager | undefined)
    ?.request(key, { ifAvailable: true }, (lock) => lock && work())
    // As in a sandboxed frame.
    .catch(work) ?? work();
