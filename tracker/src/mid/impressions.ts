import type { Module } from "../core/module.js";
import { attribute } from "./attribute.js";

const SHARE = 0.5;
const LONG_ENOUGH_MS = 1_000;
const LOOK_AFTER_MS = 250;

/**
 * An `impression` of each element with `data-ff-item` that was half in view (or filled half the window) for a second,
 * once a page view an item. Elements that are added later count too, from a quarter of a second after; those in shadow
 * roots do not.
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
    const item = attribute(element, "data-ff-item");
    if (!item || done.has(item) || element.closest("[data-ff-ignore]")) return;
    done.add(item);
    const position = attribute(element, "data-ff-position");
    core.record("impression", "mid", {
      item,
      list: attribute(element.closest("[data-ff-list]"), "data-ff-list"),
      position: position && Number(position),
    });
  };
  const judge = core.guard((entries: IntersectionObserverEntry[]) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const tall = rootBounds && intersectionRect.height >= rootBounds.height * SHARE;
      if (intersectionRatio < SHARE && !tall) forget(target);
      else if (!waiting.has(target)) waiting.set(target, setTimeout(core.guard(note), LONG_ENOUGH_MS, target));
    }
  });
  // An element taller than the window is never half in view: the steps between tell when it fills half of it.
  const observer = new Seen(judge, { threshold: [0, 0.1, 0.2, 0.3, 0.4, SHARE] });
  const look = () => {
    document.querySelectorAll("[data-ff-item]").forEach((element) => {
      if (!done.has(attribute(element, "data-ff-item")!)) observer.observe(element);
    });
    changes.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ff-item"] });
  };
  const stop = () => {
    observer.disconnect();
    waiting.forEach((_, element) => {
      forget(element);
    });
  };
  const begin = () => {
    stop();
    look();
  };
  // A page that is at work changes again and again: it is looked through once for many changes.
  const changes = new Changes((records) => {
    // A text brings no item, however often it changes.
    if (records.some((one) => one.attributeName || [...one.addedNodes].some((node) => node.nodeType < 2))) {
      changes.disconnect();
      setTimeout(core.guard(look), LOOK_AFTER_MS);
    }
  });

  core.on("page", () => {
    done.clear();
    begin();
  });
  core.on("hide", stop);
  core.on("show", begin);
};
