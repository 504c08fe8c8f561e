// Segment's analytics.js 2 as its documentation has it.
import { AnalyticsBrowser } from "@segment/analytics-next";

window.analytics = AnalyticsBrowser.load({ writeKey: "key" });
window.analytics.page();
