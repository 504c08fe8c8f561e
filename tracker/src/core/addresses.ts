/** What the collector keeps by default too: parameters that tell of campaigns and pages, and not of people. */
export const KEPT_BY_DEFAULT = "utm_*|gclid|gbraid|wbraid|dclid|msclkid|fbclid|ttclid|twclid|li_fat_id|page|sort|lang";

/**
 * What cleans addresses: parameters by an allow-list, no user, and a fragment only where routes stand in it.
 *
 * @param names Parameters to keep beside the usual ones; a `*` stands for any text. Case is ignored.
 * @param hash Keep the fragment's path, and its parameters by the same list.
 */
export const createCleaner = (names: string[] = [], hash?: boolean) => {
  const written = [KEPT_BY_DEFAULT, ...names].join("|");
  const kept = RegExp(`^(${written.replace(/[^\w|*]/g, "\\$&").replace(/\*/g, ".*")})$`, "i");
  const prune = (params: URLSearchParams) => {
    for (const name of [...params.keys()]) kept.test(name) || params.delete(name);
    return `${params}`;
  };
  return (address: string): string => {
    if (!address) return "";
    const url = new URL(address, location.href);
    url.username = url.password = "";
    prune(url.searchParams);
    // A fragment like #access_token=... is a query of its own.
    url.hash = hash
      ? url.hash.slice(1).replace(/(\?|^)([^?]*)/g, (all, sign, part) => {
          if (!sign && !part.includes("=")) return all;
          const left = prune(new URLSearchParams(part));
          return left && sign + left;
        })
      : "";
    return url.href;
  };
};
