import type { Module } from "../core/module.js";

/** Settings of `siteSearch`. */
export interface SiteSearchOptions {
  /** The parameters of an address that hold what was searched for, the first that is there counts. */
  parameters?: string[];
}

const MOST_CHARACTERS = 256;

/** What is searched for on the site, as it stands in the address of the page of results: `search`. */
export const siteSearch =
  ({ parameters = ["q", "query", "search", "s", "keyword", "keywords"] }: SiteSearchOptions = {}): Module =>
  (core) => {
    core.on("page", () => {
      const given = new URLSearchParams(location.search);
      const query = parameters.map((name) => given.get(name)?.trim()).find(Boolean);
      if (query) core.record("search", "mid", { query: query.slice(0, MOST_CHARACTERS) });
    });
  };
