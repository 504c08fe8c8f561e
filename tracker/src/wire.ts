// Written by `python -m footfall.events.contract` from the structs of the wire: do not edit.

/** What one request carries: who sends, and the events. `sent_at` is the client's clock as it sends. */
export interface Batch {
  write_key: string;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  sent_at: number;
  /** The browser, as the client names it. */
  visitor: string;
  events: Event[];
  /** The customer's own id of the user. */
  user?: string | null;
  library?: Library;
  consent?: "denied" | "granted" | "unknown";
  page?: Page;
  screen?: Screen;
}

/** One thing that happened. `time` is the client's clock when it happened; `properties` is free JSON; `page` replaces the batch's page where the event happened on another one. */
export interface Event {
  /** Made by the client, a UUID; copies share it. */
  id: string;
  /** What happened, such as page_view or purchase. */
  name: string;
  level: "high" | "low" | "mid";
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  time: number;
  properties?: Record<string, unknown>;
  page?: Page | null;
}

/** The page an event happened on. */
export interface Page {
  url?: string;
  referrer?: string;
  title?: string;
}

/** The client library that sent the batch. */
export interface Library {
  name?: string;
  version?: string;
}

/** The visitor's screen, in CSS pixels. */
export interface Screen {
  width?: number;
  height?: number;
}
