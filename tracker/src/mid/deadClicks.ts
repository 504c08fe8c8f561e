import type { Module } from "../core/module.js";
import { address } from "./address.js";
import { controls } from "./controls.js";
import { guard, listen } from "./listen.js";
import { subject, within } from "./subject.js";

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
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    if (timer) {
      clearTimeout(timer);
      timer = undefined;
      changes.disconnect();
    }
  };
  const changes = new Changes(alive);

  const looksClickable = (path: Element[]) =>
    within(path, clickable) || (path[0] && getComputedStyle(path[0]).cursor === "pointer");
  listen(core, answers, alive);
  if (Requests) {
    new Requests((list) => {
      // What the tracker itself sends is no answer to anybody.
      if (list.getEntries().some(({ name }) => !name.includes("/v1/events"))) alive();
    }).observe({ type: "resource" });
  }
  core.on("leave", alive);
  core.on("hide", alive);
  core.on("page", alive);
  listen(core, "click", (event: MouseEvent) => {
    alive();
    const at = subject(event);
    const modified = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!at || modified) return;
    const { pageX, pageY } = event;
    const here = location.href;
    const time = Date.now();
    const watched = { childList: true, subtree: true, attributes: true, characterData: true };
    timer = setTimeout(
      guard(core, () => {
        alive();
        // Asked only now, of few clicks: nothing has changed since.
        if (within(at.path, quiet) || !looksClickable(at.path)) return;
        const url = address(within(at.path, "a,area"));
        if (url && !/^(https?|javascript):$/.test(url.protocol)) return;
        const leads = url?.protocol !== "javascript:" && url?.href.split("#")[0] !== here.split("#")[0];
        // A link that nobody stopped is on its way, however slow the server.
        if ((url && leads && !event.defaultPrevented) || getSelection()?.type === "Range") return;
        const { target } = at;
        core.record("dead_click", "mid", { target, x: Math.round(pageX), y: Math.round(pageY) }, time);
      }),
      PATIENCE_MS,
    );
    changes.observe(document, watched);
    // A change within a shadow root does not show in the document around it.
    for (const { shadowRoot } of at.path) if (shadowRoot) changes.observe(shadowRoot, watched);
  });
};
