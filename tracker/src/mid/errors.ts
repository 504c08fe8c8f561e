import type { Module } from "../core/module.js";
import { listen } from "./listen.js";
import { maskText } from "./maskText.js";

/** Settings of `errors`. */
export interface ErrorsOptions {
  /** How many errors of a page view are told at most; 10 by default. */
  most?: number;
}

/**
 * Errors that nobody caught, and promises that nobody awaited: `error`, each once a page view. E-mail addresses and
 * numbers of four digits and more are masked in the message.
 */
export const errors =
  ({ most = 10 }: ErrorsOptions = {}): Module =>
  (core) => {
    const told = new Set<string>();
    const note = (error: unknown, said?: string, source = "", line = 0, column = 0) => {
      const message = maskText((error as Error | undefined)?.message ?? said ?? error);
      // A warning of the browser about layout, which harms nobody: https://github.com/w3c/csswg-drafts/issues/5023
      if (/^ResizeObserver loop/.test(message)) return;
      const key = [message, source, line, column].join();
      if (told.size >= most || told.has(key)) return;
      told.add(key);
      core.record("error", "mid", { message, source: source.split(/[?#]/)[0], line, column });
    };
    listen(core, "error", ({ error, message, filename, lineno, colno }: ErrorEvent) => {
      // A picture that does not load comes by here too, without a message.
      if (message) note(error, message, filename, lineno, colno);
    });
    listen(core, "unhandledrejection", ({ reason }: PromiseRejectionEvent) => note(reason));
    core.on("page", () => told.clear());
  };
