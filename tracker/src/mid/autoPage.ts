import type { Module } from "../core/module.js";
import { listen } from "./listen.js";

interface EntryChange extends Event {
  readonly navigationType: string | null;
}

/**
 * A page view for each page of a single-page application: wherever the path changes, or by a step forward or back the
 * query, and with `hash: true` in the tracker's settings the fragment.
 */
export const autoPage = (): Module => (core) => {
  const read = () => [location.pathname + (core.config.hash ? location.hash : ""), location.search];
  let here = read();
  const look = (replaced?: boolean) => {
    const [path, query] = here;
    here = read();
    // What is replaced within a path is a filter or a word half typed, not a page.
    if (path !== here[0] || (!replaced && query !== here[1])) core.page();
  };
  const navigation = (window as { navigation?: EventTarget }).navigation;
  if (navigation) {
    navigation.addEventListener(
      "currententrychange",
      core.guard((event) => look((event as EntryChange).navigationType === "replace")),
    );
    return;
  }
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    const after = core.guard(look);
    history[name] = function (this: History, ...given) {
      original.apply(this, given);
      after(name === "replaceState");
    };
  }
  listen(core, "popstate hashchange", () => look());
};
