/** What happens to a document, as far as a tracker minds. */
export interface Lifecycle {
  /** The document goes, for good or into the back-forward cache. */
  _leave(): void;
  /** It may be the last that is heard of it: called once the events of leaving and hiding are over. */
  _hide(first: boolean): void;
  /** It is seen again. */
  _show(): void;
  /** It came out of the back-forward cache. */
  _restore(): void;
  _online(): void;
}

/**
 * Watch a document's life. Never `unload` and `beforeunload`: they keep a page out of the back-forward cache, and phones
 * do not send them.
 */
export const watch = (calls: Lifecycle): void => {
  let hidden = document.visibilityState === "hidden";
  const hide = () => {
    const first = !hidden;
    hidden = true;
    calls._hide(first);
  };
  const show = () => {
    if (hidden) {
      hidden = false;
      calls._show();
    }
  };
  addEventListener(
    "pagehide",
    () => {
      calls._leave();
      hide();
    },
    true,
  );
  addEventListener(
    "pageshow",
    (event) => {
      if (event.persisted) {
        show();
        calls._restore();
      }
    },
    true,
  );
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hide() : show()), true);
  addEventListener("online", () => calls._online());
};
