// Plausible as its documentation has it.
import { init, track } from "@plausible-analytics/tracker";

init({ domain: "shop.example", endpoint: "/api/event" });
window.track = track;
