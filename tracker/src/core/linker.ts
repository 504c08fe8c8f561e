const PARAMETER = "_ff";
const MOST_MS = 120_000;

/** Whether a host is one of the domains, or below one. */
export const isListed = (domains: string[], host: string): boolean =>
  domains.some((domain) => `.${host}`.endsWith(`.${domain.toLowerCase()}`));

/** An address that carries the visitor to another domain of the site, for two minutes; others are left as they are. */
export const carry = (address: string, domains: string[], visitor: string, time: number): string => {
  const url = new URL(address);
  if (!visitor || url.host === location.host || !/^http/.test(url.protocol) || !isListed(domains, url.hostname))
    return address;
  url.searchParams.set(PARAMETER, `${visitor}.${time.toString(36)}`);
  return url.href;
};

/**
 * The visitor that a link from another of the domains carried here; empty where there is none. Takes it out of the
 * address, so that an address that is passed on carries nobody.
 *
 * The referrer must be listed: else anyone could hand out a link that makes its reader somebody else.
 */
export const arrived = (domains: string[], time: number): string => {
  const url = new URL(location.href);
  const token = url.searchParams.get(PARAMETER);
  if (!token) return "";
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url.href);
  const [, visitor = "", written = ""] = /^([\w-]{1,128})\.(\w+)$/.exec(token) ?? [];
  const age = time - Number.parseInt(written, 36);
  // Another clock may run ahead by a little: it is the same machine's.
  const fresh = age >= -1_000 && age <= MOST_MS;
  return fresh && document.referrer && isListed(domains, new URL(document.referrer).hostname) ? visitor : "";
};
