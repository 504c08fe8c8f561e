import type { Config, Consent } from "./config.js";

/** Consent as it is acted on: `hold` waits for an answer. */
export type State = Consent | "hold";

type Signals = Navigator & { globalPrivacyControl?: boolean; doNotTrack?: string | null };

const isAnswer = /ed$/; // granted, denied

/**
 * What is known of consent: a browser's signal goes before a setting that says yes or no, and that before an answer.
 *
 * @param answer What the visitor has said; empty or `unknown` where nothing.
 * @param said The answer was given on this page, after the setting.
 */
export const settle = (config: Config, answer: string, said?: boolean): State => {
  const { globalPrivacyControl, doNotTrack } = navigator as Signals;
  if ((config.signals || ["gpc"]).some((signal) => (signal === "gpc" ? globalPrivacyControl : doNotTrack === "1")))
    return "denied";
  const set = config.consent || "unknown";
  return isAnswer.test(answer) && (said || !isAnswer.test(set)) ? (answer as Consent) : set;
};
