import { crossDomain } from "../core/crossDomain.js";
import type { Module } from "../core/module.js";
import { pointer } from "../low/pointer.js";
import { scroll } from "../low/scroll.js";
import { touch } from "../low/touch.js";
import { autoPage } from "../mid/autoPage.js";
import { clicks } from "../mid/clicks.js";
import { copies } from "../mid/copies.js";
import { deadClicks } from "../mid/deadClicks.js";
import { engagement } from "../mid/engagement.js";
import { errors } from "../mid/errors.js";
import { forms } from "../mid/forms.js";
import { impressions } from "../mid/impressions.js";
import { links } from "../mid/links.js";
import { rageClicks } from "../mid/rageClicks.js";
import { siteSearch } from "../mid/siteSearch.js";
import { webVitals } from "../mid/webVitals.js";
import type { TagConfig } from "./start.js";

type Feature = (options?: never) => Module;

/** What is done on a page. */
export const MID: Record<string, Feature> = {
  crossDomain,
  autoPage,
  engagement,
  siteSearch,
  impressions,
  links,
  clicks,
  forms,
  rageClicks,
  deadClicks,
  copies,
  errors,
};

/** The movements of the hand. */
export const LOW: Record<string, Feature> = { pointer, touch, scroll };

/** The features that a tag's settings leave, as they want them. */
export const choose =
  (features: Record<string, Feature>) =>
  ({ without = [], options = {}, vitals }: TagConfig): Module[] => {
    const chosen = Object.keys(features)
      .filter((name) => !without.includes(name))
      .map((name) => features[name]!(options[name] as never));
    // The build has this import load `footfall-web-vitals.js`, which lies beside the file.
    return vitals ? [...chosen, webVitals(() => import("web-vitals"))] : chosen;
  };
