/**
 * Watch a document's life. Never `unload` and `beforeunload`: they keep a page out of the back-forward cache, and phones
 * do not send them.
 *
 * @param leave The document goes, for good or into the back-forward cache.
 * @param hide It may be the last that is heard of it: called at leaving and hiding, `first` if it was seen before.
 * @param show It is seen again.
 * @param restore It came out of the back-forward cache.
 */
export const watch = (
  leave: () => void,
  hide: (first: boolean) => void,
  show: () => void,
  restore: () => void,
): void => {
  const isHidden = () => document.visibilityState === "hidden";
  let hidden = isHidden();
  const turn = (hides: boolean) => {
    const changed = hidden !== hides;
    hidden = hides;
    if (hides) hide(changed);
    else if (changed) show();
  };
  addEventListener("pagehide", () => {
    leave();
    turn(true);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      turn(false);
      restore();
    }
  });
  document.addEventListener("visibilitychange", () => turn(isHidden()));
};
