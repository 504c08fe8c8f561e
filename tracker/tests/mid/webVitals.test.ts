import { expect, test } from "vitest";
import { type WebVitalsPackage, webVitals } from "../../src/mid/webVitals.js";
import { over } from "./recordingCore.js";

type Call = Parameters<WebVitalsPackage["onCLS"]>[0];

const measuring = () => {
  const calls: Call[] = [];
  const observe = (call: Call) => {
    calls.push(call);
  };
  const vitals = { onCLS: observe, onFCP: observe, onINP: observe, onLCP: observe, onTTFB: observe };
  return { calls, vitals };
};

test("vitals are measured from the first page view on, once", async () => {
  const { calls, vitals } = measuring();
  let loads = 0;
  const core = over([
    webVitals(async () => {
      loads++;
      return vitals;
    }),
  ]);
  core.page();
  await Promise.resolve();
  expect([loads, calls.length]).toEqual([1, 5]);
  calls[0]?.({ name: "CLS", value: 0.123456, rating: "needs-improvement" });
  calls[1]?.({ name: "LCP", value: 1234.5678, rating: "good" });
  expect(core.of("web_vital")).toEqual([
    { metric: "CLS", value: 0.1235, rating: "needs-improvement" },
    { metric: "LCP", value: 1235, rating: "good" },
  ]);
});

test("a package that does not load harms nobody", async () => {
  const said: unknown[] = [];
  const error = new Error("offline");
  const core = over([]);
  core.debug = (_, detail) => said.push(detail);
  webVitals(() => Promise.reject(error))(core);
  core.fire("page");
  await new Promise((resolve) => setTimeout(resolve));
  expect(said).toEqual([error]);
});
