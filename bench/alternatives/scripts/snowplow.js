// Snowplow's core without plugins: a tracker, page views, page pings and an event of one's own.
import { enableActivityTracking, newTracker, trackPageView, trackSelfDescribingEvent } from "@snowplow/browser-tracker";

newTracker("sp", location.origin, { appId: "shop" });
enableActivityTracking({ minimumVisitLength: 15, heartbeatDelay: 15 });
trackPageView();
window.track = trackSelfDescribingEvent;
