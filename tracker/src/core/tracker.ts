import type { Batch, Event, Page } from "../wire.js";
import { createCleaner } from "./addresses.js";
import { now } from "./clock.js";
import type { Config, Consent } from "./config.js";
import { type State, settle } from "./consent.js";
import { createHooks } from "./hooks.js";
import { createKeeper } from "./keeper.js";
import { watch } from "./lifecycle.js";
import type { Core, Hook, Level, Properties } from "./module.js";
import { createQueue } from "./queue.js";
import { createSender } from "./sender.js";
import { toJson } from "./text.js";
import { uuid } from "./uuid.js";

declare const __VERSION__: string;

/** A site's own events: their names, and what each carries. */
// biome-ignore lint/suspicious/noExplicitAny: an interface has no index signature, and so is no Record of unknown
export type Events = Record<string, any>;

/** What the collector has taken, or does not want: the answer's status, and how many events were in the request. */
export interface Sent {
  status: number;
  events: number;
}

/** What a page does with its tracker. Nothing of it throws. */
export interface Tracker<Own extends Events = Events> {
  /** Begin a new page view, at the document's address and title as they are now. */
  page(): void;
  /** Record an event of the site's own. */
  track<Name extends keyof Own & string>(
    name: Name,
    ...properties: Record<never, never> extends Own[Name] ? [properties?: Own[Name]] : [properties: Own[Name]]
  ): void;
  /** The visitor is this user of the site's, from now on and on later pages. */
  identify(user: string, traits?: Properties): void;
  /** The visitor or user that was known by this id is the present one. */
  alias(previous: string): void;
  /** The visitor belongs to this group, such as a company. */
  group(group: string, traits?: Properties): void;
  /** Forget visitor and user, as after a sign-out on a shared machine. */
  reset(): void;
  /** The visitor's answer. `granted` sends what was held, `denied` drops it and forgets the visitor. */
  consent(answer: Consent): void;
  /** Send what waits. Resolves once all is sent, or kept for later. */
  flush(): Promise<void>;
  /** Call back at a hook, when a request was taken (`sent`), or when one was refused for good. Returns what ends it. */
  on(hook: Hook, call: () => void): () => void;
  on(hook: "sent" | "refused", call: (detail: Sent) => void): () => void;
  /** The visitor's id; empty while consent forbids one. */
  visitor(): string;
}

const RANKS = { low: 0, mid: 1, high: 2 };
const MOST_HELD = 1_000;

/** Begin to track. Call it once a page; in a page that is prerendered, all waits until it is seen. */
export const init = <Own extends Events = Events>(config: Config = {} as Config): Tracker<Own> => {
  const name = config.name || "ff";
  let state: State = "hold";
  let visitor = "";
  let user = "";
  let page = ""; // as JSON
  let address = "";
  let previous = ""; // the address that was left
  let sealed = ""; // the envelope; empty where it may have changed
  let begun = false;
  let latest = 0;
  let stem = ""; // of the events' ids; another for another visitor
  let count = 1e11;
  let early: (() => void)[] | undefined = []; // what is called before the start
  let held: (() => void)[] = []; // before consent

  const debug = (said: string, detail: unknown = "") => {
    if (config.debug) console.debug("footfall:", said, detail);
  };
  const guard =
    <Given extends unknown[]>(call: (...given: Given) => void) =>
    (...given: Given): void => {
      try {
        call(...given);
      } catch (error) {
        debug("error", error);
      }
    };
  const mayKeep = () => !config.anonymous && (state === "granted" || state === "unknown");
  const mayRecord = () => state !== "denied" || config.denied === "anonymous";
  const clean = createCleaner(config.params, config.hash);
  const hooks = createHooks(guard);
  const kept = createKeeper(name, mayKeep);
  const queue = createQueue(name, mayKeep, kept, debug);
  const sender = createSender(config, name, queue, hooks._fire, debug);

  const identity = () => {
    if (state === "hold" || !mayRecord()) return "";
    return (visitor ||= kept("visitor", kept("visitor").slice(0, 128) || uuid()));
  };
  const envelope = () => {
    const who: Omit<Batch, "write_key" | "sent_at" | "events" | "page"> = {
      visitor: identity(),
      library: { name: "footfall-tracker", version: __VERSION__ },
      consent: state as Consent,
      screen: { width: screen.width, height: screen.height },
    };
    if (user && mayKeep()) who.user = user;
    return toJson(who).slice(1, -1);
  };
  /** At once, or when consent is given. */
  const consented = (act: () => void) => {
    if (state !== "hold") act();
    else if (held.length < MOST_HELD) held.push(act);
  };
  const describe = () => {
    sealed = "";
    address = clean(location.href);
    const described: Page = {
      url: address.slice(0, 8_192),
      referrer: (previous || clean(document.referrer)).slice(0, 8_192),
      title: document.title.slice(0, 2_048),
    };
    page = toJson(described);
  };

  // No two of a page's events at the same time: in the lake, what goes before what would be chance.
  const tick = () => (latest = Math.max(now(), latest + 1));

  const record = guard((named: string, level: Level, properties: Properties = {}, time: number = tick()) => {
    if (!mayRecord()) return debug("denied", named);
    if (!page) describe();
    // A random UUID that counts on: to ask for one costs more than all else of a click.
    const id = (stem ||= uuid().slice(0, 24)) + count++;
    const event: Event = { id, name: `${named}`.slice(0, 128), level, time: Math.round(time), properties };
    const one = { id, time, rank: RANKS[level], event: toJson(event), page, envelope: "" };
    debug(named, event);
    consented(() => {
      one.envelope = sealed ||= envelope();
      queue._add(one);
      sender._soon(one.event.length, one.rank);
    });
  });
  const leave = () => {
    if (begun) {
      hooks._fire("leave");
      previous = address;
    }
    begun = false;
  };
  const begin = guard(() => {
    leave();
    describe();
    begun = true;
    record("page_view", "mid", navigator.webdriver ? { webdriver: true } : {});
    hooks._fire("page");
  });
  const remember = (answer?: string, said?: boolean) => {
    sealed = "";
    if (!mayKeep()) visitor = ""; // an id that nobody could know again stays so
    // Even a denial is kept, so that it need not be said again on each page.
    state = settle(config, kept("consent", answer, !config.anonymous), said);
    user ||= kept("user");
    debug("consent", state);
  };
  const forget = () => {
    kept("visitor", "");
    kept("user", "");
    visitor = user = sealed = stem = "";
  };

  const adopt = (id: string) =>
    consented(() => {
      const before = kept("visitor");
      if (mayKeep() && id !== before) {
        sealed = "";
        visitor = kept("visitor", id.slice(0, 128));
        if (before) record("alias", "high", { previous: before });
      }
    });

  /** A call of the page's: never throws, and waits for the start. */
  const call = <Given extends unknown[]>(act: (...given: Given) => void) => {
    const safe = guard(act);
    return (...given: Given): void => {
      if (early) early.push(() => safe(...given));
      else safe(...given);
    };
  };
  const tracker: Tracker = {
    page: call(begin),
    track: call((named: string, properties?: Properties) => record(named, "high", properties)),
    identify: call((id: string, traits?: Properties) => {
      const known = `${id || ""}`.slice(0, 256);
      if (!known) return debug("denied");
      consented(() => {
        user = known;
        sealed = "";
        kept("user", known);
      });
      record("identify", "high", traits);
    }),
    alias: call((previous: string) => record("alias", "high", { previous })),
    group: call((group: string, traits?: Properties) => record("group", "high", { group, ...traits })),
    reset: call(() => {
      forget();
      hooks._fire("reset");
    }),
    consent: call((answer: Consent) => {
      remember(answer, true);
      if (state === "hold") return;
      if (state === "denied") forget();
      else held.forEach((act) => act());
      held = [];
    }),
    flush: sender._flush,
    on: hooks._on,
    visitor: identity,
  };

  const start = guard(() => {
    const calls = early!;
    early = undefined;
    remember();
    watch(
      guard(leave),
      guard((first) => {
        if (first) hooks._fire("hide");
        sender._last();
      }),
      guard(() => {
        sender._back();
        hooks._fire("show");
      }),
      () => config.page !== false && begin(),
    );
    addEventListener("online", guard(sender._again));
    const core: Core = { record, on: hooks._on, page: begin, visitor: identity, adopt, clean, config, guard, debug };
    for (const module of (config.modules || []).flat()) guard(module)(core);
    if (config.page !== false) begin();
    sender._soon(0, 2); // there may be events of an earlier visit
    calls.forEach((one) => one());
  });
  if ((document as Document & { prerendering?: boolean }).prerendering)
    document.addEventListener("prerenderingchange", start, { once: true });
  else start();
  return tracker as Tracker<Own>;
};
