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

/** What is done on a page. */
export const MID = {
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
export const LOW = { pointer, touch, scroll };

/** The build has this import load `footfall-web-vitals.js`, which lies beside the file. */
export const vitals = () => webVitals(() => import("web-vitals"));
