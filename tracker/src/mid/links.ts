import type { Module } from "../core/module.js";
import { address } from "./address.js";
import { listen } from "./listen.js";
import { subject, within } from "./subject.js";

/** Settings of `links`. */
export interface LinksOptions {
  /** Endings of files that are downloads, without the dot, in place of the usual ones. */
  downloads?: string[];
}

const USUAL = "7z apk csv dmg doc docx epub exe gz ics mp3 mp4 msi ods odt pdf pkg ppt pptx rar txt xls xlsx zip";

/** Clicks on links that lead away or download something: `link`. The site's own `domains` are no way out. */
export const links =
  ({ downloads = USUAL.split(" ") }: LinksOptions = {}): Module =>
  (core) => {
    const own = (host: string) =>
      [location.hostname, ...(core.config.domains || [])].some((domain) => `.${host}`.endsWith(`.${domain}`));
    listen(core, "click auxclick", (event: MouseEvent) => {
      // Of the other buttons only the middle one opens a link.
      if (event.type === "auxclick" && event.button !== 1) return;
      const at = subject(event);
      const link = at && within(at._element, "a,area");
      const url = address(link);
      if (!link || !url) return;
      // What leads to no server is a download or nothing: its address may be the very content.
      const web = /^http/.test(url.protocol);
      const ending = url.pathname.toLowerCase().split(".").pop() as string;
      const download = link.hasAttribute("download") || (web && downloads.includes(ending));
      if (!download && (!web || own(url.hostname))) return;
      core.record("link", "mid", {
        kind: download ? "download" : "outbound",
        href: web && !at._masked ? core.clean(url.href) : "",
        target: at.target,
      });
    });
  };
