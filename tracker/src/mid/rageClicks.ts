import type { Module } from "../core/module.js";
import { attribute } from "./attribute.js";
import { controls } from "./controls.js";
import { listen } from "./listen.js";
import { type Subject, subject, within } from "./subject.js";

const CLICKS = 4;
const WITHIN_MS = 750;
const RADIUS = 30;

const calm = `${controls}area,[role=slider],[role=spinbutton],[role=scrollbar],[role=application],.leaflet-container,.gm-style,[data-ff-no-rage]`;
const button = "button,a,summary,[role=button]";
const sign = /^[^\p{L}\d]{1,3}$/u;
const steps =
  /\b(plus|minus|add|remove|incre\w*|decre\w*|next|prev\w*|zoom\w*|step\w*|arrow\w*|quantity|carousel|slide\w*)\b/i;

/** Whether a thing is made to be clicked again and again: a stepper, a slider, a map, a game. */
const isMeantForThat = ({ _element }: Subject): boolean => {
  if (within(_element, calm)) return true;
  const pressed = within(_element, button);
  if (!pressed) return false;
  const known = ["aria-label", "title", "class", "id"].map((name) => attribute(pressed, name)).join(" ");
  return sign.test((pressed.textContent ?? "").trim()) || steps.test(known.replace(/_/g, "-"));
};

/**
 * A burst of clicks in one place, as of someone to whom nothing answers: four or more within 750 ms, in a radius of
 * 30 px. One `rage_click` a burst, with the number of its clicks. Things that are clicked repeatedly on purpose are left
 * out, as is selecting text, and what stands in a `data-ff-no-rage`.
 */
export const rageClicks = (): Module => (core) => {
  let times: number[] = [];
  let x = 0;
  let y = 0;
  let target = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let enraged = false;

  const end = () => {
    if (enraged) core.record("rage_click", "mid", { target, x, y, clicks: times.length }, times[0]);
    enraged = false;
    times = [];
  };
  listen(core, "click", (event: MouseEvent) => {
    const at = subject(event);
    if (!at || event.button) return;
    const now = Date.now();
    const far = Math.hypot(at.x - x, at.y - y) > RADIUS;
    if (far || now - (times[times.length - 1] ?? 0) > WITHIN_MS) end();
    if (!times.length) {
      ({ x, y, target } = at);
    }
    times.push(now);
    enraged ||=
      now - (times[times.length - CLICKS] || 0) <= WITHIN_MS && !isMeantForThat(at) && getSelection()?.type !== "Range";
    if (enraged) {
      clearTimeout(timer);
      timer = setTimeout(core.guard(end), WITHIN_MS);
    }
  });
  core.on("leave", end);
  core.on("hide", end);
};
