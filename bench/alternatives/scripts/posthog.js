// PostHog with what compares: autocapture, page views and leaves, heatmaps, rage and dead clicks; no session recording.
import posthog from "posthog-js";

posthog.init("key", {
  api_host: location.origin,
  advanced_disable_flags: true,
  disable_external_dependency_loading: true,
  disable_session_recording: true,
  capture_pageview: true,
  capture_pageleave: true,
  capture_heatmaps: true,
  autocapture: true,
  rageclick: true,
  disable_compression: true,
  opt_out_useragent_filter: true, // else it takes a headless browser for a bot, and sends nothing
});
