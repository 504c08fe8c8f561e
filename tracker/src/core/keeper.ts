import { attempt } from "./attempt.js";

/**
 * Reads what is kept under a name, or keeps a value; an empty one forgets it.
 *
 * @param may Whether the browser's storage may be used.
 */
export type Keeper = (may: boolean, name: string, value?: string) => string;

/**
 * Keeps small texts over page loads: in localStorage, else in a cookie for the 400 days that browsers allow.
 *
 * @param prefix Begins their names.
 */
export const createKeeper =
  (prefix: string): Keeper =>
  (may, name, value) => {
    const key = `${prefix}_${name}`;
    const cookie = () => RegExp(`${key}=([^;]+)`).exec(document.cookie)?.[1];
    if (value === undefined) return (may && (attempt(() => localStorage[key] as string) || attempt(cookie))) || "";
    if (!value) attempt(() => localStorage.removeItem(key));
    // A cookie only where localStorage is denied or full; or where there is one, to be forgotten.
    if (value ? may && !attempt(() => (localStorage[key] = value)) : attempt(cookie))
      attempt(() => (document.cookie = `${key}=${value};path=/;max-age=${value && 34_560_000};samesite=lax`));
    return value;
  };
