export type { Config, Consent } from "./core/config.js";
export { crossDomain } from "./core/crossDomain.js";
export type { Core, Hook, Level, Module, Properties } from "./core/module.js";
export { type Events, init, type Sent, type Tracker } from "./core/tracker.js";
export * from "./low/index.js";
export * from "./mid/index.js";
export type { Batch, Event, Library, Page, Screen } from "./wire.js";
