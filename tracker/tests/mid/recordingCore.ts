import type { Config } from "../../src/core/config.js";
import type { Core, Hook, Level, Module, Properties } from "../../src/core/module.js";

/** An event as a module gave it to the core. */
export interface Recorded {
  name: string;
  level: Level;
  properties: Properties;
  time: number;
}

/** A core that keeps what it is given, and calls hooks when it is told to. */
export interface RecordingCore extends Core {
  readonly events: Recorded[];
  /** How often a page view was begun by a module. */
  readonly pages: () => number;
  fire(hook: Hook): void;
  /** The properties of the events of one name. */
  of(name: string): Properties[];
}

/** Set modules up over a core of their own, and begin the first page view. */
export const over = (modules: Module[], config: Partial<Config> = {}, visitor = "v-1"): RecordingCore => {
  const events: Recorded[] = [];
  const calls: [Hook, () => void][] = [];
  let pages = 0;
  const core: RecordingCore = {
    events,
    pages: () => pages,
    record: (name, level, properties = {}, time = Date.now()) => {
      // As on the wire, where what is undefined is not there.
      events.push({ name, level, properties: JSON.parse(JSON.stringify(properties)), time });
    },
    adopt: () => {},
    on: (hook, call) => {
      const entry: [Hook, () => void] = [hook, call];
      calls.push(entry);
      return () => {
        calls.splice(calls.indexOf(entry), 1);
      };
    },
    page: () => {
      pages++;
      core.fire("leave");
      core.fire("page");
    },
    visitor: () => visitor,
    clean: (address) => address.split("?")[0] ?? "",
    config: { key: "k", url: "https://collect.example", ...config },
    guard:
      (call) =>
      (...given) => {
        try {
          call(...given);
        } catch (error) {
          core.debug("error", error);
        }
      },
    debug: () => {},
    fire: (hook) => {
      for (const [name, call] of [...calls]) if (name === hook) call();
    },
    of: (name) => events.filter((event) => event.name === name).map((event) => event.properties),
  };
  for (const module of modules) module(core);
  core.fire("page");
  return core;
};

/** Put a text of HTML into the page, and give the element that a selector finds in it. */
export const show = (html: string, selector: string): HTMLElement => {
  document.body.innerHTML = html;
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`there is no ${selector} in ${html}`);
  return found;
};

/** Click on an element, as a mouse does. */
export const click = (element: Element, given: MouseEventInit = {}): MouseEvent => {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, detail: 1, ...given });
  // The DOM of the tests has no layout, and so no place in a document.
  Object.defineProperty(event, "pageX", { value: event.clientX });
  Object.defineProperty(event, "pageY", { value: event.clientY });
  element.dispatchEvent(event);
  return event;
};
