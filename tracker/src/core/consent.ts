import type { Config, Consent } from "./config.js";

/** Consent as it is acted on: `hold` waits for an answer. */
export type State = Consent | "hold";

/**
 * What is known of consent: a browser's signal goes before a setting that says yes or no, and that before an answer.
 *
 * @param answer What the visitor has said; empty or `unknown` where nothing.
 * @param said The answer was given on this page, after the setting.
 */
export const settle = (config: Config, answer: string, said: boolean): State => {
  const { globalPrivacyControl, doNotTrack } = navigator as Navigator & {
    globalPrivacyControl?: boolean;
    doNotTrack?: string | null;
  };
  const signals = config.signals || ["gpc"];
  if ((globalPrivacyControl && signals.includes("gpc")) || (doNotTrack === "1" && signals.includes("dnt")))
    return "denied";
  const set = config.consent || "unknown";
  const open = said || set === "hold" || set === "unknown";
  return open && (answer === "granted" || answer === "denied") ? answer : set;
};
