/** What the collector keeps by default too: parameters that tell of campaigns and pages, and not of people. */
export const KEPT_BY_DEFAULT =
  "utm_*,gclid,gbraid,wbraid,dclid,msclkid,fbclid,ttclid,twclid,li_fat_id,page,sort,lang".split(",");

/**
 * What cleans addresses: parameters by an allow-list, no user, and a fragment only where routes stand in it.
 *
 * @param names Parameters to keep beside the usual ones; a `*` at a name's end stands for any rest. Case is ignored.
 * @param hash Keep the fragment's path, and its parameters by the same list.
 */
export const createCleaner = (names: string[] = [], hash?: boolean) => {
  const kept = [...KEPT_BY_DEFAULT, ...names].map((name) => name.toLowerCase());
  const query = (written = "") =>
    written
      .split("&")
      .filter((pair) => {
        // Never throws, unlike decodeURIComponent.
        const name = [...new URLSearchParams(pair).keys()][0]?.toLowerCase() ?? "";
        return kept.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));
      })
      .join("&");
  const joined = (sign: string, rest: string) => (rest ? sign + rest : "");
  return (address: string): string => {
    const [, path = "", search, route = "", routeSearch] = /^([^?#]*)(?:\?([^#]*))?(?:#([^?]*)(?:\?(.*))?)?/s.exec(
      address,
    )!;
    return (
      path.replace(/^([a-z][^/:]*:)?\/\/[^/]*@/i, "$1//") +
      joined("?", query(search)) +
      // A fragment like #access_token=... is a query of its own.
      (hash ? joined("#", (route.includes("=") ? query(route) : route) + joined("?", query(routeSearch))) : "")
    );
  };
};
