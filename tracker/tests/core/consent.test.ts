import { describe, expect, test, vi } from "vitest";
import type { Config } from "../../src/core/config.js";
import { settle } from "../../src/core/consent.js";

const signal = (more: object) => vi.stubGlobal("navigator", more);

describe("consent", () => {
  test.each<[Config["consent"], string, boolean, string]>([
    [undefined, "", false, "unknown"],
    ["hold", "", false, "hold"],
    ["granted", "", false, "granted"],
    ["denied", "", false, "denied"],
    // An answer of an earlier page goes before a setting that does not know, and behind one that does.
    ["hold", "granted", false, "granted"],
    ["unknown", "denied", false, "denied"],
    ["denied", "granted", false, "denied"],
    ["granted", "denied", false, "granted"],
    // An answer on this page goes before all settings.
    ["granted", "denied", true, "denied"],
    ["denied", "granted", true, "granted"],
    // No answer is none.
    ["hold", "unknown", true, "hold"],
    ["hold", "nonsense", true, "hold"],
  ])("set to %s and answered %j (on this page: %s) is %s", (consent, answer, said, expected) => {
    expect(settle({ key: "k", ...(consent && { consent }) }, answer, said)).toBe(expected);
  });

  test.each<[object, Config["signals"], string]>([
    [{ globalPrivacyControl: true }, undefined, "denied"],
    [{ globalPrivacyControl: false }, undefined, "granted"],
    [{ globalPrivacyControl: true }, [], "granted"],
    [{ doNotTrack: "1" }, undefined, "granted"],
    [{ doNotTrack: "1" }, ["dnt"], "denied"],
    [{ doNotTrack: "0" }, ["dnt"], "granted"],
    [{ globalPrivacyControl: true }, ["dnt"], "granted"],
  ])("of a browser that says %j, where the site minds %j, is %s", (said, signals, expected) => {
    signal(said);
    expect(settle({ key: "k", ...(signals && { signals }) }, "granted", true)).toBe(expected);
  });
});
