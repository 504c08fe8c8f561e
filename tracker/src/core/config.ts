import type { Module } from "./module.js";

/** What the visitor has said to being measured, as it stands in a batch. */
export type Consent = "granted" | "denied" | "unknown";

/** The settings of a tracker. */
export interface Config {
  /** The tenant's write key. */
  key: string;
  /** The collector's address, such as `https://collect.example.com`; the page's own origin where it is left out. */
  url?: string;
  /** The features beside the core; a preset may stand for several. */
  modules?: (Module | Module[])[];
  /**
   * What is known of consent as the page opens; `unknown` by default, which collects and says so to the collector.
   * `hold` keeps events in memory only, and sets no id, until `consent()` is called. What was answered on an earlier
   * page goes before `unknown` and `hold`; `granted` and `denied` go before that: the site knows better.
   */
  consent?: Consent | "hold";
  /** Once consent is denied: `drop` (the default) records nothing, `anonymous` goes on without id and storage. */
  denied?: "drop" | "anonymous";
  /** The browser's signals that count as a denial: Global Privacy Control alone by default. */
  signals?: ("gpc" | "dnt")[];
  /** Keep nothing in the browser: each page load is a visitor of its own, and what is not sent by its end is lost. */
  anonymous?: boolean;
  /** Parameters of addresses to keep beside `utm_*`, the advertisers' click ids, `page`, `sort` and `lang`. */
  params?: string[];
  /** Keep the fragment of addresses: for applications whose routes stand in it. */
  hash?: boolean;
  /** The site's other domains (`shop.example` stands for `www.shop.example` too): links to them carry the visitor on. */
  domains?: string[];
  /** False leaves the first page view, and those after the back-forward cache, to the site's own `page()`. */
  page?: boolean;
  /** Send cookies along, for a collector that sets the visitor's cookie itself and allows this origin. */
  cookies?: boolean;
  /**
   * How long events of the high level wait for others before they are sent, in milliseconds; 5,000 by default. Those of
   * the mid level wait three times as long, of the low level six times.
   */
  wait?: number;
  /** Begins the names of what is kept in the browser, `ff` by default; a second tracker on a site needs another. */
  name?: string;
  /** Say on the console what is sent, and why something is not. */
  debug?: boolean;
}
