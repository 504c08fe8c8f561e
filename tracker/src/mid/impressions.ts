import type { Module } from "../core/module.js";
import { guard } from "./listen.js";

const SHARE = 0.5;
const LONG_ENOUGH_MS = 1_000;

/**
 * An `impression` of each element with `data-ff-item` that was half in view (or filled half the window) for a second,
 * once a page view an item. Elements that are added later count too; those in shadow roots do not.
 */
export const impressions = (): Module => (core) => {
  const { IntersectionObserver: Seen, MutationObserver: Changes } = window;
  if (!Seen || !Changes) return;
  const done = new Set<string>();
  const waiting = new Map<Element, ReturnType<typeof setTimeout>>();

  const forget = (element: Element) => {
    clearTimeout(waiting.get(element));
    waiting.delete(element);
  };
  const note = (element: Element) => {
    forget(element);
    observer.unobserve(element);
    const item = element.getAttribute("data-ff-item");
    if (!item || done.has(item) || element.closest("[data-ff-ignore]")) return;
    done.add(item);
    const position = Number.parseInt(element.getAttribute("data-ff-position") ?? "", 10);
    core.record("impression", "mid", {
      item,
      list: element.closest("[data-ff-list]")?.getAttribute("data-ff-list") ?? undefined,
      position: position >= 0 ? position : undefined,
    });
  };
  const judge = guard(core, (entries: IntersectionObserverEntry[]) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const tall = rootBounds && intersectionRect.height >= rootBounds.height * SHARE;
      if (intersectionRatio < SHARE && !tall) forget(target);
      else if (!waiting.has(target)) waiting.set(target, setTimeout(guard(core, note), LONG_ENOUGH_MS, target));
    }
  });
  // An element taller than the window is never half in view: the steps between tell when it fills half of it.
  const observer = new Seen(judge, { threshold: [0, 0.1, 0.2, 0.3, 0.4, SHARE] });
  const look = (root: Element) => {
    if (root.matches("[data-ff-item]")) observer.observe(root);
    root.querySelectorAll("[data-ff-item]").forEach((element) => {
      observer.observe(element);
    });
  };
  const stop = () => {
    observer.disconnect();
    waiting.forEach((_, element) => {
      forget(element);
    });
  };
  const begin = () => {
    stop();
    look(document.documentElement);
  };

  new Changes(
    guard(core, (records: MutationRecord[]) => {
      for (const { type, target, addedNodes } of records) {
        if (type === "attributes") look(target as Element);
        addedNodes.forEach((node) => {
          if (node.nodeType === 1) look(node as Element);
        });
      }
    }),
  ).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ff-item"] });
  core.on("page", () => {
    done.clear();
    begin();
  });
  core.on("hide", stop);
  core.on("show", begin);
};
