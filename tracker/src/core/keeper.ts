/**
 * Reads what is kept under a name, or keeps a value; an empty one forgets it.
 *
 * @param lasting Whether it may be kept beyond this page load.
 */
export type Keeper = (lasting: boolean, name: string, value?: string) => string;

const SECONDS = 400 * 86_400; // what browsers allow a cookie

/**
 * Keeps small texts over page loads: in localStorage, else in a cookie; and for this page load where neither is had.
 *
 * @param prefix Begins their names.
 */
export const createKeeper = (prefix: string): Keeper => {
  const here: Record<string, string> = {};
  return (lasting, name, value) => {
    const key = `${prefix}_${name}`;
    if (value === undefined) {
      let found: string | null | undefined;
      if (lasting) {
        try {
          found = localStorage.getItem(key);
        } catch {}
        try {
          found ||= RegExp(`(?:^|; )${key}=([^;]*)`).exec(document.cookie)?.[1];
        } catch {}
      }
      return found || here[name] || "";
    }
    here[name] = value;
    // What is forgotten is removed from wherever it may be; what is new goes where there is room.
    if (!value || lasting) {
      try {
        if (value) localStorage.setItem(key, value);
        else localStorage.removeItem(key);
        if (value) return value;
      } catch {}
      try {
        if (value || RegExp(`${key}=`).test(document.cookie))
          document.cookie = `${key}=${value};path=/;max-age=${value && SECONDS};samesite=lax`;
      } catch {}
    }
    return value;
  };
};
