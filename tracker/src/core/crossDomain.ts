import { attempt } from "./attempt.js";
import type { Module } from "./module.js";

const PARAMETER = "_ff";
const MOST_MS = 120_000;

/**
 * Links to the site's other `domains` carry the visitor on, in a parameter that is good for two minutes and taken out
 * of the address as the other page opens, so that an address that is passed on carries nobody.
 *
 * A visitor is taken over only where the referrer is one of the domains: else anyone could hand out a link that makes
 * its reader somebody else.
 */
export const crossDomain = (): Module => (core) => {
  const isListed = (host: string) => core.config.domains!.some((domain) => `.${host}`.endsWith(`.${domain}`));
  const follow = (event: Event) =>
    attempt(() => {
      const link = (event.composedPath() as HTMLAnchorElement[]).find((at) => at.href);
      if (link && core.visitor() && link.host !== location.host && isListed(link.hostname)) {
        const url = new URL(link.href);
        url.searchParams.set(PARAMETER, `${core.visitor()}.${Date.now().toString(36)}`);
        link.href = url.href;
      }
    });
  if (!core.config.domains) return;
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);

  const url = new URL(location.href);
  const token = url.searchParams.get(PARAMETER);
  if (token) {
    url.searchParams.delete(PARAMETER);
    history.replaceState(history.state, "", url.href);
    const [visitor, written] = token.split(".");
    // Either way: the other domain's clock is the same machine's.
    const fresh = Math.abs(Date.now() - Number.parseInt(written!, 36)) < MOST_MS;
    if (visitor && fresh && document.referrer && isListed(new URL(document.referrer).hostname)) core.adopt(visitor);
  }
};
