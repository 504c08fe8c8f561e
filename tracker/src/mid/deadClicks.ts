import type { Module } from "../core/module.js";
import { address } from "./address.js";
import { controls } from "./controls.js";
import { listen } from "./listen.js";
import { around, subject, within } from "./subject.js";

const PATIENCE_MS = 2_500;

const clickable = "a,button,summary,[onclick],[role=button],[role=link],[role=tab],[role=menuitem]";
const quiet = `${controls}[download],[target=_blank],[data-ff-no-dead]`;
const answers = "scroll focus blur submit input change toggle popstate hashchange play pause fullscreenchange";

/**
 * A click on what looks as if it did something, after which nothing happens for 2.5 s: no change of the document, no
 * navigation, scrolling, change of focus or request. It is told as `dead_click`. Left out are controls that change
 * themselves, downloads, new tabs, other applications, selecting text, and what stands in a `data-ff-no-dead`.
 */
export const deadClicks = (): Module => (core) => {
  const { MutationObserver: Changes, PerformanceObserver: Requests } = window;
  if (!Changes) return;
  /** Judges the click that is watched. */
  let judge: (() => void) | undefined;
  let due = 0; // when it does
  let waits = false; // a timer that is to come
  const alive = () => {
    judge = undefined;
  };
  const heard = new Set<Node>();
  const changes = new Changes(() => {
    // To listen anew at each click costs more than to hear its answer. A page that changes by itself is left alone.
    if (!judge) {
      changes.disconnect();
      heard.clear();
    }
    alive();
  });
  // One timer for many clicks.
  const wait = core.guard(() => {
    const left = due - Date.now();
    waits = !!judge && left > 0;
    if (waits) setTimeout(wait, left);
    else judge?.();
  });

  const looksClickable = (element: Element | undefined) =>
    within(element, clickable) || (element && getComputedStyle(element).cursor === "pointer");
  listen(core, answers, alive);
  if (Requests) {
    new Requests((list) => {
      // What the tracker itself sends is no answer to anybody.
      if (list.getEntries().some(({ name }) => !name.includes("/v1/events"))) alive();
    }).observe({ type: "resource" });
  }
  core.on("leave", alive);
  core.on("hide", alive);
  listen(core, "click", (event: MouseEvent) => {
    alive();
    changes.takeRecords(); // what changed before it
    const at = subject(event);
    const modified = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!at || modified) return;
    const here = location.href;
    const time = Date.now();
    const watched = { childList: true, subtree: true, attributes: true, characterData: true };
    judge = () => {
      alive();
      // Asked only now, of few clicks: nothing has changed since.
      if (within(at._element, quiet) || !looksClickable(at._element)) return;
      const url = address(within(at._element, "a,area"));
      if (url && !/^(https?|javascript):$/.test(url.protocol)) return;
      const leads = url && url.protocol !== "javascript:" && url.href.split("#")[0] !== here.split("#")[0];
      // A link that nobody stopped is on its way, however slow the server.
      if ((leads && !event.defaultPrevented) || getSelection()?.type === "Range") return;
      const { target, x, y } = at;
      core.record("dead_click", "mid", { target, x, y }, time);
    };
    due = time + PATIENCE_MS;
    if (!waits) wait();
    // A change within a shadow root does not show in the document around it.
    for (let from: Node | undefined = at._element; from; from = around(from)) {
      const root = (from as Element).shadowRoot || from;
      if (root.nodeType > 1 && !heard.has(root)) {
        heard.add(root);
        changes.observe(root, watched);
      }
    }
  });
};
