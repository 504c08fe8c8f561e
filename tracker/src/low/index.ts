import type { Module } from "../core/module.js";
import { pointer } from "./pointer.js";
import type { PathOptions } from "./recordPath.js";
import { scroll } from "./scroll.js";
import { touch } from "./touch.js";

/** The movements of the hand: pointer, touch and scroll paths. */
export const low = (options: PathOptions = {}): Module[] => [pointer(options), touch(options), scroll(options)];

export { pointer } from "./pointer.js";
export type { PathOptions } from "./recordPath.js";
export { scroll } from "./scroll.js";
export { touch } from "./touch.js";
