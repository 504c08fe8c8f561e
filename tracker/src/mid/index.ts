import type { Module } from "../core/module.js";
import { autoPage } from "./autoPage.js";
import { clicks } from "./clicks.js";
import { copies } from "./copies.js";
import { deadClicks } from "./deadClicks.js";
import { engagement } from "./engagement.js";
import { errors } from "./errors.js";
import { forms } from "./forms.js";
import { impressions } from "./impressions.js";
import { links } from "./links.js";
import { rageClicks } from "./rageClicks.js";
import { siteSearch } from "./siteSearch.js";

/** All that is done on a page, as each module does it by default; web vitals aside, which need another package. */
export const mid = (): Module[] => [
  autoPage(),
  engagement(),
  siteSearch(),
  impressions(),
  links(),
  clicks(),
  forms(),
  rageClicks(),
  deadClicks(),
  copies(),
  errors(),
];

export { autoPage } from "./autoPage.js";
export { clicks } from "./clicks.js";
export { copies } from "./copies.js";
export { deadClicks } from "./deadClicks.js";
export { type EngagementOptions, engagement } from "./engagement.js";
export { type ErrorsOptions, errors } from "./errors.js";
export { forms } from "./forms.js";
export { impressions } from "./impressions.js";
export { type LinksOptions, links } from "./links.js";
export { rageClicks } from "./rageClicks.js";
export { type SiteSearchOptions, siteSearch } from "./siteSearch.js";
export { type WebVitalsPackage, webVitals } from "./webVitals.js";
